using Plait.Tasks;

namespace Plait.Data;

/// <summary>Tokens of a text, or other numbers of a list of names: Int64 [rows, longest], with lengths where they differ.</summary>
/// <param name="Vocabulary">How many different tokens there are; a token is a number from 0 to below this.</param>
/// <param name="Longest">Tokens of the longest row.</param>
public sealed record TokenInput(long Vocabulary, long Longest) : InputSpec
{
    /// <inheritdoc/>
    public override string Text => $"tokens of a vocabulary of {Vocabulary}, up to {Longest} a row";

    /// <inheritdoc/>
    public override long Numbers => Longest;

    /// <inheritdoc/>
    public override InputSpec? With(InputSpec other) =>
        other is TokenInput tokens
            ? new TokenInput(Math.Max(Vocabulary, tokens.Vocabulary), Math.Max(Longest, tokens.Longest))
            : null;

    /// <inheritdoc/>
    public override string? FaultOf(BatchInput input) =>
        FaultOfOne(input)
        ?? (
            input.Values.dim() == 2 && input.Values.dtype == ScalarType.Int64 && input.Values.size(1) <= Longest
                ? null
                : Another(
                    $"{input.Values.dtype} of shape {TargetShapes.Text(input.Values.shape.AsSpan(1))}{Padding(input)}"
                )
        );

    /// <inheritdoc/>
    public override void Require(BatchInput input)
    {
        base.Require(input);
        using var scope = torch.NewDisposeScope();
        if (input.Values.numel() > 0 && input.Values.lt(0).logical_or(input.Values.ge(Vocabulary)).any().item<bool>())
        {
            throw new ArgumentException(
                $"Tokens are numbers from 0 to {Vocabulary - 1} here; these go from {input.Values.min().item<long>()} to {input.Values.max().item<long>()}."
            );
        }
    }
}

/// <summary>Vectors one after the other, such as readings of sensors: [rows, longest, width], with lengths where they differ.</summary>
/// <param name="Width">Numbers a step.</param>
/// <param name="Longest">Steps of the longest row.</param>
public sealed record SequenceInput(long Width, long Longest) : InputSpec
{
    /// <inheritdoc/>
    public override string Text => $"sequences of vectors of {Width} numbers, up to {Longest} a row";

    /// <inheritdoc/>
    public override long Numbers => Width * Longest;

    /// <inheritdoc/>
    public override InputSpec? With(InputSpec other) =>
        other is SequenceInput { Width: var width } sequence && width == Width
            ? this with
            {
                Longest = Math.Max(Longest, sequence.Longest),
            }
            : null;

    /// <inheritdoc/>
    public override string? FaultOf(BatchInput input) => FaultOfSteps(input, Width, Longest);
}

/// <summary>Sound: [rows, longest, channels], with lengths where they differ.</summary>
/// <param name="Rate">Samples a second.</param>
/// <param name="Channels">1, or 2 for stereo.</param>
/// <param name="Longest">Samples of the longest row.</param>
public sealed record AudioInput(long Rate, long Channels, long Longest) : InputSpec
{
    /// <inheritdoc/>
    public override string Text => $"sound of {Channels} x {Rate} samples a second, up to {Longest} a row";

    /// <inheritdoc/>
    public override long Numbers => Channels * Longest;

    /// <inheritdoc/>
    public override InputSpec? With(InputSpec other) =>
        other is AudioInput sound && (sound.Rate, sound.Channels) == (Rate, Channels)
            ? this with
            {
                Longest = Math.Max(Longest, sound.Longest),
            }
            : null;

    /// <inheritdoc/>
    public override string? FaultOf(BatchInput input) => FaultOfSteps(input, Channels, Longest);
}

/// <summary>Sets of vectors, whose order means nothing: [rows, largest, width], with how many there are where it differs.</summary>
/// <param name="Width">Numbers a member.</param>
/// <param name="Largest">Members of the largest set.</param>
public sealed record SetInput(long Width, long Largest) : InputSpec
{
    /// <inheritdoc/>
    public override string Text => $"sets of vectors of {Width} numbers, up to {Largest} a row";

    /// <inheritdoc/>
    public override long Numbers => Width * Largest;

    /// <inheritdoc/>
    public override InputSpec? With(InputSpec other) =>
        other is SetInput { Width: var width } set && width == Width
            ? this with
            {
                Largest = Math.Max(Largest, set.Largest),
            }
            : null;

    /// <inheritdoc/>
    public override string? FaultOf(BatchInput input) => FaultOfSteps(input, Width, Largest);
}
