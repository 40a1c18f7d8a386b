namespace Plait.Tasks;

/// <summary>The targets of one task in one batch, with a mark for those that are missing, and a weight for each where they do not count alike.</summary>
/// <remarks>
/// Missing targets never reach a loss: <see cref="Values"/> holds a harmless number in their place and <see cref="Present"/> is
/// zero there. The marks are made once, where the data enters, so that no step pays for looking for them again. A target of weight 0
/// is missing: a task whose rows of a batch all weigh 0 has no target there, and a step that meets no other rows leaves the task out.
/// </remarks>
public sealed partial class TaskTarget
{
    private long? presentCount;
    private double? weightSum;

    private TaskTarget(
        Tensor values,
        Tensor? present,
        long? presentCount,
        Tensor? weights = null,
        double? weightSum = null
    )
    {
        Values = values;
        Present = present;
        Weights = weights;
        this.presentCount = presentCount;
        this.weightSum = weightSum;
    }

    /// <summary>The targets: class numbers (Int64) for classification, floats for the rest. Finite everywhere.</summary>
    public Tensor Values { get; }

    /// <summary>One where a target is present and zero where it is missing, float, of the shape of <see cref="Values"/>; null when none is missing.</summary>
    public Tensor? Present { get; }

    /// <summary>How many targets are present.</summary>
    public long PresentCount => presentCount ??= Present is null ? Values.numel() : Count(Present);

    /// <summary>Wraps targets whose missing places are already known.</summary>
    /// <param name="values">Targets, finite everywhere; where one is missing, 0 or any other target that could be.</param>
    /// <param name="present">Marks as <see cref="Present"/> wants them, or null when nothing is missing.</param>
    /// <param name="presentCount">The number of marks, when the caller knows it.</param>
    /// <exception cref="ArgumentException">The marks are not of the targets' shape, not floats, or other numbers than 0 and 1.</exception>
    public static TaskTarget Of(Tensor values, Tensor? present = null, long? presentCount = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (
            present is not null
            && (!present.is_floating_point() || !present.shape.AsSpan().SequenceEqual(values.shape))
        )
        {
            throw new ArgumentException(
                $"Marks are floats of the targets' shape {TargetShapes.Text(values.shape)}; got {present.dtype} {TargetShapes.Text(present.shape)}. FromRaw makes them from any mask.",
                nameof(present)
            );
        }

        if (present is not null)
        {
            RequireMarks(present);
            present = present.dtype == ScalarType.Float32 ? present : present.to(ScalarType.Float32);
        }

        return new(values, present, presentCount);
    }

    /// <summary>As <see cref="Of"/>, of marks that are known to be marks.</summary>
    internal static TaskTarget Known(Tensor values, Tensor? present) => new(values, present, null);

    /// <summary>The targets of several batches as one, padded to as many steps as the longest has where they differ; new tensors.</summary>
    internal static TaskTarget Join(IReadOnlyList<TaskTarget> targets)
    {
        var steps = targets.Max(target => target.StepCount);
        targets = [.. targets.Select(target => target.Padded(steps))];
        var marked = targets.Any(target => target.Present is not null);
        var weighted = targets.Any(target => target.Weights is not null);
        return new TaskTarget(
            torch.cat([.. targets.Select(target => target.Values)]),
            marked ? torch.cat([.. targets.Select(target => target.Present ?? Ones(target))]) : null,
            targets.Sum(target => target.PresentCount),
            weighted ? torch.cat([.. targets.Select(target => target.Factors ?? Ones(target))]) : null,
            targets.Sum(target => target.WeightSum)
        );
    }

    /// <summary>Finds the missing places of raw targets: NaN in floats, a negative class number in integers.</summary>
    /// <param name="raw">Raw targets, [rows] or [rows, ...]; left as it is.</param>
    /// <param name="mask">
    /// Further marks, 1 or true where a target is present: of the targets' shape, one a row, or one a pixel for all channels.
    /// </param>
    /// <param name="ignoreIndex">A further class number that means "missing", such as 255; for integers only.</param>
    /// <returns>Finite targets; they share the memory of <paramref name="raw"/> where nothing had to be replaced.</returns>
    /// <exception cref="ArgumentException">The mask does not fit the targets, or a float target is infinite.</exception>
    public static TaskTarget FromRaw(Tensor raw, Tensor? mask = null, long? ignoreIndex = null)
    {
        ArgumentNullException.ThrowIfNull(raw);
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var floats = raw.is_floating_point();
        var targets = floats ? raw : raw.to(ScalarType.Int64);
        var here = floats ? targets.isnan().logical_not() : targets.ge(0);
        if (ignoreIndex is { } ignored && !floats)
        {
            here = here.logical_and(targets.ne(ignored));
        }

        if (mask is not null)
        {
            here = here.logical_and(Expand(mask.to(raw.device).to(ScalarType.Bool), raw, "mask", "mark"));
        }

        var count = here.sum().item<long>();
        if (count == raw.numel())
        {
            return new TaskTarget(RequireFinite(targets.alias()).MoveToOuterDisposeScope(), null, count);
        }

        var values = RequireFinite(torch.where(here, targets, torch.zeros_like(targets)));
        var present = here.to(ScalarType.Float32);
        return new TaskTarget(values.MoveToOuterDisposeScope(), present.MoveToOuterDisposeScope(), count);
    }

    /// <summary>The size of the last axis beside the rows'; 0 where there is none.</summary>
    private long StepCount => Values.dim() < 2 ? 0 : Values.size(-1);

    /// <summary>The same targets with missing ones behind the last step of each row.</summary>
    private TaskTarget Padded(long steps)
    {
        var missing = steps - StepCount;
        return missing == 0 ? this : WithMarks().Map(Wider, PresentCount, WeightSum);

        Tensor Wider(Tensor tensor)
        {
            using var padding = torch.zeros([.. tensor.shape[..^1], missing], tensor.dtype, tensor.device);
            return torch.cat([tensor, padding], -1);
        }
    }

    private static Tensor Ones(TaskTarget target) =>
        torch.ones(target.Values.shape, ScalarType.Float32, target.Values.device);

    private static long Count(Tensor present)
    {
        using var sum = present.sum(ScalarType.Int64);
        return sum.item<long>();
    }

    private static void RequireMarks(Tensor present)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        if (TargetFaults.First(present, present.mul(present.sub(1)).ne(0)) is { } other)
        {
            throw new ArgumentException(
                $"Marks are 1 where a target is present and 0 where it is missing; got {other}. Weights come by Weighted, and FromRaw makes marks from any mask.",
                nameof(present)
            );
        }
    }

    private static Tensor RequireFinite(Tensor values)
    {
        if (values.is_floating_point() && !values.isfinite().all().item<bool>())
        {
            throw new ArgumentException(
                "A target is infinite; mark a missing target by NaN and keep all others finite."
            );
        }

        return values;
    }

    /// <summary>Numbers for rows, pixels or targets as numbers for targets; a view.</summary>
    private static Tensor Expand(Tensor numbers, Tensor targets, string what, string one)
    {
        var (given, wanted) = (numbers.shape, targets.shape);
        if (given.AsSpan().SequenceEqual(wanted))
        {
            return numbers;
        }

        if (given.Length == 1 && wanted.Length > 0 && given[0] == wanted[0])
        {
            return numbers.view([given[0], .. Enumerable.Repeat(1L, wanted.Length - 1)]).expand(wanted);
        }

        if (
            given.Length > 1
            && given.Length == wanted.Length - 1
            && given[0] == wanted[0]
            && given.AsSpan(1).SequenceEqual(wanted.AsSpan(2))
        )
        {
            return numbers.unsqueeze(1).expand(wanted);
        }

        throw new ArgumentException(
            $"A {what} of shape {TargetShapes.Text(given)} fits neither targets of shape {TargetShapes.Text(wanted)} nor their rows nor their pixels; give one {one} a target, a row or a pixel."
        );
    }
}
