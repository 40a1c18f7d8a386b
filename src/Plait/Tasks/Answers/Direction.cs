using Plait.Tasks.Losses;
using Plait.Tasks.Metrics;
using static TorchSharp.torch.nn;

namespace Plait.Tasks.Answers;

/// <summary>The direction of a vector, such as a surface's normal. Targets have length 1, outputs any; NaN is missing.</summary>
/// <param name="dimensions">Numbers of a vector.</param>
/// <param name="layout">Where answers stand.</param>
public sealed class Direction(int dimensions = 3, Layout layout = Layout.Row) : Answer(dimensions, layout)
{
    /// <inheritdoc/>
    public override string Kind => "direction";

    /// <inheritdoc/>
    public override OutputMeaning Meaning => OutputMeaning.Directions;

    /// <inheritdoc/>
    public override bool IsNumeric => true;

    /// <inheritdoc/>
    public override AnswerColours Colours => AnswerColours.Directions;

    /// <inheritdoc/>
    public override IReadOnlyList<Metric> DefaultMetrics =>
        Layout == Layout.Pixel && Channels == 3 ? Metric.ForNormals : [new MeanAbsoluteError()];

    /// <inheritdoc/>
    public override TaskLoss DefaultLoss(IReadOnlyList<float>? classWeights = null)
    {
        RequireOnePerClass(classWeights);
        return new CosineDistance();
    }

    /// <inheritdoc/>
    public override Tensor Decide(Tensor output) => functional.normalize(output, dim: 1);

    /// <inheritdoc/>
    public override void RequireShapes(Tensor output, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(target);
        TargetShapes.RequireVectors(output, target);
    }

    /// <inheritdoc/>
    /// <remarks>The mean direction.</remarks>
    public override Tensor Guess(TaskTarget training, IReadOnlyList<float>? classWeights = null) =>
        Numeric.MeanOf(training, Channels);

    /// <inheritdoc/>
    public override bool HasLikelihood => true;

    /// <inheritdoc/>
    public override OutputLikelihood LikelihoodOf(Tensor output, TaskTarget target) =>
        NormalLikelihood.Around(output, target);
}
