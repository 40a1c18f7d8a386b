namespace Plait.Tasks;

/// <summary>The targets of one task in one batch, with a mark for those that are missing.</summary>
/// <remarks>
/// Missing targets never reach a loss: <see cref="Values"/> holds a harmless number in their place and <see cref="Present"/> is
/// zero there. The marks are made once, where the data enters, so that no step pays for looking for them again.
/// </remarks>
public sealed class TaskTarget
{
    private long? presentCount;

    private TaskTarget(Tensor values, Tensor? present, long? presentCount)
    {
        Values = values;
        Present = present;
        this.presentCount = presentCount;
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
    /// <exception cref="ArgumentException">The marks are not of the targets' shape, or not floats.</exception>
    public static TaskTarget Of(Tensor values, Tensor? present = null, long? presentCount = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (
            present is not null
            && (!present.is_floating_point() || !present.shape.AsSpan().SequenceEqual(values.shape))
        )
        {
            throw new ArgumentException(
                $"Marks are floats of the targets' shape {TargetShapes.Text(values.shape)}; got {present.dtype} {TargetShapes.Text(present.shape)}. FindMissing makes them from any mask.",
                nameof(present)
            );
        }

        return new(values, present, presentCount);
    }

    /// <summary>The targets of several batches as one; new tensors.</summary>
    internal static TaskTarget Join(IReadOnlyList<TaskTarget> targets)
    {
        var marked = targets.Any(target => target.Present is not null);
        return new TaskTarget(
            torch.cat([.. targets.Select(target => target.Values)]),
            marked ? torch.cat([.. targets.Select(Marks)]) : null,
            targets.Sum(target => target.PresentCount)
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
    public static TaskTarget FindMissing(Tensor raw, Tensor? mask = null, long? ignoreIndex = null)
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
            here = here.logical_and(Expand(mask.to(raw.device).to(ScalarType.Bool), raw));
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

    private static Tensor Marks(TaskTarget target) =>
        target.Present ?? torch.ones(target.Values.shape, ScalarType.Float32, target.Values.device);

    private static long Count(Tensor present)
    {
        using var sum = present.sum(ScalarType.Int64);
        return sum.item<long>();
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

    private static Tensor Expand(Tensor mask, Tensor raw)
    {
        var (marks, targets) = (mask.shape, raw.shape);
        if (marks.AsSpan().SequenceEqual(targets))
        {
            return mask;
        }

        if (marks.Length == 1 && marks[0] == targets[0])
        {
            return mask.view([marks[0], .. Enumerable.Repeat(1L, targets.Length - 1)]).expand(targets);
        }

        if (
            marks.Length > 2
            && marks.Length == targets.Length - 1
            && marks[0] == targets[0]
            && marks.AsSpan(1).SequenceEqual(targets.AsSpan(2))
        )
        {
            return mask.unsqueeze(1).expand(targets);
        }

        throw new ArgumentException(
            $"A mask of shape {TargetShapes.Text(marks)} fits neither targets of shape {TargetShapes.Text(targets)} nor their rows nor their pixels; give one mark a target, a row or a pixel.",
            nameof(mask)
        );
    }
}
