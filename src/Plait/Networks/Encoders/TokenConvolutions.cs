using Plait.Catalogue;
using Plait.Data;
using Plait.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Networks.Encoders;

/// <summary>A vector for each token, and convolutions along the tokens: features for each token, which know of those around it.</summary>
/// <remarks>
/// Collobert and Weston 2008, <i>A Unified Architecture for Natural Language Processing: Deep Neural Networks with Multitask Learning</i>, sections 3.1 and 3.3, with ReLU
/// between the layers as in Kim 2014, <i>Convolutional Neural Networks for Sentence Classification</i>. Before each convolution the padding
/// is set to 0, as is what lies outside of the longest row, so a row's features do not depend on the other rows of its batch.
/// </remarks>
[Method(
    "token-convolutions",
    Survey = "2.2",
    Paper = "Collobert and Weston 2008, A Unified Architecture for Natural Language Processing: Deep Neural Networks with Multitask Learning",
    Summary = "Encoder of tokens that ends in a sequence: embeddings and convolutions along them."
)]
[Reads(typeof(TokenInput))]
public sealed class TokenConvolutions : Encoder
{
    private readonly TokenInput input;
    private readonly int width;
    private readonly int window;
    private readonly double dropout;
    private readonly Embedding embedding;
    private readonly ModuleList<Conv1d> convolutions;
    private readonly Dropout thinning;

    /// <summary>Builds embeddings and convolutions.</summary>
    /// <param name="input">The tokens.</param>
    /// <param name="width">Numbers of a token's vector and of its features; above 0.</param>
    /// <param name="layers">How many convolutions; 1 or more.</param>
    /// <param name="window">How many tokens a convolution sees: an odd number.</param>
    /// <param name="dropout">The share of what each convolution reads that is dropped in training, from 0 to below 1.</param>
    /// <exception cref="ArgumentException">A number is out of its range.</exception>
    public TokenConvolutions(TokenInput input, int width = 64, int layers = 2, int window = 3, double dropout = 0)
        : base(nameof(TokenConvolutions), new SequenceFeatures(width))
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(layers);
        ArgumentOutOfRangeException.ThrowIfNegative(dropout);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(dropout, 1);
        if (window < 1 || window % 2 == 0)
        {
            throw new ArgumentException(
                $"A window has a token in its middle, so it is an odd number such as 3; got {window}.",
                nameof(window)
            );
        }

        MemoryRoom.Require((double)input.Vocabulary * width, $"Embeddings of {input.Vocabulary} tokens");
        MemoryRoom.Require((double)layers * width * width * window, $"{layers} convolutions of width {width}");
        this.input = input;
        this.width = width;
        this.window = window;
        this.dropout = dropout;
        embedding = Embedding(input.Vocabulary, width);
        convolutions = new ModuleList<Conv1d>([
            .. Enumerable.Range(0, layers).Select(_ => Conv1d(width, width, window, padding: window / 2)),
        ]);
        thinning = Dropout(dropout);
        register_module(nameof(embedding), embedding);
        register_module(nameof(convolutions), convolutions);
        register_module(nameof(thinning), thinning);
    }

    /// <inheritdoc/>
    public override InputSpec Input => input;

    /// <inheritdoc/>
    /// <returns>[rows, width, longest], 0 in the padding.</returns>
    public override Tensor Enter(BatchInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var features = embedding.call(input.Values).transpose(1, 2);
        var counted = input.Mask?.to(features.dtype).unsqueeze(1); // [rows, 1, longest]
        features = WithoutPadding(features);
        foreach (var convolution in convolutions)
        {
            features = WithoutPadding(convolution.call(thinning.call(features)).relu());
        }

        return features;

        Tensor WithoutPadding(Tensor values) => counted is null ? values : values.mul(counted);
    }

    /// <inheritdoc/>
    protected override Encoder Another() => new TokenConvolutions(input, width, convolutions.Count, window, dropout);
}
