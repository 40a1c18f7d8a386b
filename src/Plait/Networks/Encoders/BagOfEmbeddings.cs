using Plait.Catalogue;
using Plait.Data;
using Plait.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Networks.Encoders;

/// <summary>A vector for each token, their mean over the tokens of a row, and fully connected layers on it.</summary>
/// <remarks>
/// Iyyer, Manjunatha, Boyd-Graber and Daumé 2015, <i>Deep Unordered Composition Rivals Syntactic Methods for Text Classification</i>,
/// section 3 (deep averaging network). Padding has no part in the mean, so a row's features do not depend on the other rows of its batch;
/// those of a row without a token are the layers' answer to zeros.
/// </remarks>
[Method(
    "bag-of-embeddings",
    Survey = "2.2",
    Paper = "Iyyer, Manjunatha, Boyd-Graber and Daumé 2015, Deep Unordered Composition Rivals Syntactic Methods for Text Classification",
    Summary = "Encoder of tokens: the mean of their embeddings, and fully connected layers."
)]
[Reads(typeof(TokenInput))]
public sealed class BagOfEmbeddings : Encoder
{
    private readonly TokenInput input;
    private readonly int width;
    private readonly int[] widths;
    private readonly Embedding embedding;

    /// <summary>Builds embeddings and layers.</summary>
    /// <param name="input">The tokens.</param>
    /// <param name="width">Numbers of a token's vector; above 0.</param>
    /// <param name="widths">The width of each layer on the mean; none when null.</param>
    public BagOfEmbeddings(TokenInput input, int width = 64, int[]? widths = null)
        : base(nameof(BagOfEmbeddings), [width], Layers(input, width, widths ?? []))
    {
        this.input = input;
        this.width = width;
        this.widths = widths ?? [];
        embedding = Embedding(input.Vocabulary, width);
        register_module(nameof(embedding), embedding);
    }

    /// <inheritdoc/>
    public override InputSpec Input => input;

    /// <inheritdoc/>
    /// <returns>[rows, width].</returns>
    public override Tensor Enter(BatchInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var vectors = embedding.call(input.Values); // [rows, longest, width]
        return new Features(vectors.transpose(1, 2), input.Mask).Pooled();
    }

    /// <inheritdoc/>
    protected override Encoder Another() => new BagOfEmbeddings(input, width, widths);

    private static IEnumerable<(Module<Tensor, Tensor>, long[])> Layers(TokenInput input, int width, int[] widths)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        MemoryRoom.Require((double)input.Vocabulary * width, $"Embeddings of {input.Vocabulary} tokens");
        var below = width;
        foreach (var above in widths)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(above, nameof(widths));
            MemoryRoom.Require((below + 1.0) * above, $"Layers of widths {string.Join('-', widths)}");
            yield return (Sequential(Linear(below, above), ReLU()), [above]);
            below = above;
        }
    }
}
