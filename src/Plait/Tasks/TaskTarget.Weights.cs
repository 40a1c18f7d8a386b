namespace Plait.Tasks;

/// <content>What each target counts.</content>
public sealed partial class TaskTarget
{
    /// <summary>
    /// How much each target counts, float, of the shape of <see cref="Values"/>, above 0 where one is present and 0 where it is missing;
    /// null when all that are present count 1.
    /// </summary>
    public Tensor? Weights { get; }

    /// <summary>The sum of the weights of the present targets, over which a loss is a mean; <see cref="PresentCount"/> when all count 1.</summary>
    public double WeightSum => weightSum ??= Weights is null ? PresentCount : Sum(Weights);

    /// <summary>What the cost of each target is multiplied by: <see cref="Weights"/>, or <see cref="Present"/> when all count alike; null when that is 1 everywhere.</summary>
    public Tensor? Factors => Weights ?? Present;

    /// <summary><see cref="WeightSum"/>, or 1 where that is 0: what a sum of costs is divided by.</summary>
    internal double Divisor => WeightSum == 0 ? 1 : WeightSum;

    /// <summary>The tensors that this holds.</summary>
    internal IEnumerable<Tensor> Tensors => new[] { Values, Present, Weights }.OfType<Tensor>();

    /// <summary>The same targets with weights: losses and metrics count a target of weight 2 as if it were there twice, one of weight 0 as if it were missing.</summary>
    /// <param name="weights">
    /// Finite numbers, 0 or more: one a row, one a target, or one a pixel for all channels. They are multiplied by those that the
    /// targets have already, so that weights of rows and of a task's rows go together.
    /// </param>
    /// <returns>Targets that share the tensor of <see cref="Values"/>.</returns>
    /// <exception cref="ArgumentException">The weights do not fit the targets, one is negative or not finite, or all present targets weigh 0.</exception>
    public TaskTarget Weighted(Tensor weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        var weighted = Weigh(weights);
        return PresentCount > 0 && weighted.PresentCount == 0
            ? throw new ArgumentException(
                "All targets that are present weigh 0, so nothing is left to learn from; give some of them a weight above 0.",
                nameof(weights)
            )
            : weighted;
    }

    /// <summary>As <see cref="Weighted"/>, but all may weigh 0: for a part of the rows.</summary>
    internal TaskTarget Weigh(Tensor weights)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        using var own = weights.detach().to(ScalarType.Float32, copy: true).to(Values.device);
        RequireWeights(own);
        var each = Expand(own, Values, "weight", "weight");
        each = Factors is { } factors ? each.mul(factors) : each.alias();
        var here = each.gt(0);
        var count = here.sum(ScalarType.Int64).item<long>();
        var present = count == Values.numel() ? null : here.to(ScalarType.Float32);
        var alike = each.eq(1).logical_or(here.logical_not()).all().item<bool>();
        return new TaskTarget(
            Values,
            present?.MoveToOuterDisposeScope(),
            count,
            alike ? null : each.MoveToOuterDisposeScope(),
            alike ? count : null
        );
    }

    /// <summary>Other values in the same places, with the marks and weights of these.</summary>
    /// <param name="values">Of the same shape, finite everywhere.</param>
    /// <exception cref="ArgumentException">They are of another shape.</exception>
    public TaskTarget WithValues(Tensor values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return values.shape.AsSpan().SequenceEqual(Values.shape)
            ? new(values, Present, presentCount, Weights, weightSum)
            : throw new ArgumentException(
                $"Values of shape {TargetShapes.Text(values.shape)} cannot take the place of {TargetShapes.Text(Values.shape)}; give as many.",
                nameof(values)
            );
    }

    /// <summary>Does the same to values, marks and weights.</summary>
    /// <param name="change">What.</param>
    /// <param name="presentCount">How many targets are present then; counted when needed where it is not known.</param>
    /// <param name="weightSum">What they weigh then; summed when needed where it is not known.</param>
    internal TaskTarget Map(Func<Tensor, Tensor> change, long? presentCount = null, double? weightSum = null) =>
        new(
            change(Values),
            Present is null ? null : change(Present),
            presentCount,
            Weights is null ? null : change(Weights),
            weightSum
        );

    /// <summary>The same with marks, even where none is missing.</summary>
    internal TaskTarget WithMarks() =>
        Present is null ? new(Values, Ones(this), presentCount, Weights, weightSum) : this;

    /// <summary>The same without marks where none is missing.</summary>
    internal TaskTarget WithoutIdleMarks() =>
        Present is not null && PresentCount == Values.numel()
            ? new(Values, null, presentCount, Weights, weightSum)
            : this;

    /// <summary>As <see cref="Map"/> where no target comes or goes.</summary>
    internal TaskTarget MapAll(Func<Tensor, Tensor> change) => Map(change, PresentCount, weightSum);

    private static void RequireWeights(Tensor weights)
    {
        if (TargetFaults.First(weights, weights.ge(0).logical_and(weights.isfinite()).logical_not()) is { } fault)
        {
            throw new ArgumentException(
                $"A weight is a finite number, 0 or more; got {fault}. A weight of 0 leaves a target out.",
                nameof(weights)
            );
        }
    }

    private static double Sum(Tensor weights)
    {
        using var sum = weights.sum(ScalarType.Float64);
        return sum.item<double>();
    }
}
