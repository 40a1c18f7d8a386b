using Plait.Tasks;

namespace Plait.Optimization;

/// <summary>Task gradients that somebody has computed already.</summary>
/// <param name="tasks">The tasks.</param>
/// <param name="rows">[tasks, parameters]; disposed with this instance.</param>
/// <param name="losses">The losses; null where they are not known.</param>
/// <param name="another">Gives the rows of an independent batch; null where these are exact.</param>
internal sealed class GivenGradients(TaskSelection tasks, Tensor rows, TaskLosses? losses, Func<int, Tensor>? another)
    : TaskGradients(tasks)
{
    private readonly double[] ones = [.. Enumerable.Repeat(1.0, tasks.Count)];
    private readonly double[] lossNumbers = losses is null ? [] : losses.Numbers.ToArray();
    private readonly Func<TaskLosses> losses = () =>
        losses ?? throw new InvalidOperationException("This needs the tasks' losses, and only gradients were given.");
    private readonly Func<int, Tensor> another = another ?? NoOtherBatches;

    /// <summary>How many times its gradient a task's private parameters are to take: what <see cref="ScalePrivate"/> was told.</summary>
    public double[] PrivateFactors { get; } = [.. Enumerable.Repeat(1.0, tasks.Count)];

    /// <inheritdoc/>
    public override TaskLosses Losses => losses();

    /// <inheritdoc/>
    public override bool AreExact { get; } = another is null;

    /// <inheritdoc/>
    internal override bool IsCut => false;

    /// <inheritdoc/>
    internal override GraphGradients Graph =>
        throw new NotSupportedException(
            "These gradients were given, and this method learns with the network that they come from: train a network with it."
        );

    /// <inheritdoc/>
    public override Tensor Rows => rows;

    /// <inheritdoc/>
    public override ReadOnlySpan<double> Weights => ones;

    /// <inheritdoc/>
    private protected override double Rounding => Torch.Numbers.Rounding(rows.dtype);

    /// <inheritdoc/>
    private protected override ReadOnlySpan<double> LossNumbers => lossNumbers;

    /// <inheritdoc/>
    public override Tensor RowsOfAnotherBatch(int number = 0) => another(number);

    /// <inheritdoc/>
    public override Tensor RowsAt(GradientLocation location) =>
        location == GradientLocation.Parameters ? rows : throw HaveOnePlace(location);

    /// <inheritdoc/>
    public override Tensor Backpropagate(Tensor upstream) =>
        throw new InvalidOperationException("These gradients were given, and belong to no network to go back through.");

    /// <inheritdoc/>
    public override void ScalePrivate(ReadOnlySpan<double> factors)
    {
        for (var i = 0; i < PrivateFactors.Length; i++)
        {
            PrivateFactors[i] *= factors[i];
        }
    }

    /// <inheritdoc/>
    public override void Apply(GradientAggregator aggregator, StepContext? step = null) =>
        throw new InvalidOperationException(
            "These gradients were given and belong to no network: call Aggregate of the method itself."
        );

    /// <inheritdoc/>
    internal override Tensor?[][] AtRepresentation() => throw HaveOnePlace(GradientLocation.Representation);

    /// <inheritdoc/>
    private protected override double[] InnerProductsAt(GradientLocation location) =>
        InnerProducts.Of(RowsAt(location));

    /// <inheritdoc/>
    private protected override Tensor Add(ReadOnlySpan<double> factors) => Sum(rows, factors);

    /// <inheritdoc/>
    private protected override void Dispose(bool disposing) => rows.Dispose();

    private static InvalidOperationException HaveOnePlace(GradientLocation location) =>
        new($"These gradients were given and have one place alone: they cannot be taken at '{location}'.");
}
