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
    public long PresentCount => presentCount ??= Present is null ? Values.numel() : (long)Present.sum().item<float>();

    /// <summary>Wraps targets whose missing places are already known.</summary>
    /// <param name="values">Targets, finite everywhere.</param>
    /// <param name="present">Marks as <see cref="Present"/> wants them, or null when nothing is missing.</param>
    /// <param name="presentCount">The number of marks, when the caller knows it.</param>
    public static TaskTarget Of(Tensor values, Tensor? present = null, long? presentCount = null) =>
        new(values, present, presentCount);

    /// <summary>Finds the missing places of raw targets: NaN in floats, a negative class number in integers.</summary>
    /// <param name="raw">Raw targets, [rows] or [rows, ...]; left as it is.</param>
    /// <param name="mask">Further marks, 1 or true where a target is present: of the targets' shape, or one a row.</param>
    /// <exception cref="ArgumentException">The mask fits neither the targets nor their rows, or a float target is infinite.</exception>
    public static TaskTarget FindMissing(Tensor raw, Tensor? mask = null)
    {
        ArgumentNullException.ThrowIfNull(raw);
        using var scope = torch.NewDisposeScope();
        var floats = raw.is_floating_point();
        var here = floats ? raw.isnan().logical_not() : raw.ge(0);
        if (mask is not null)
        {
            here = here.logical_and(Expand(mask.to(ScalarType.Bool), raw));
        }

        if (here.all().item<bool>())
        {
            return new TaskTarget(
                RequireFinite(floats ? raw.alias() : raw.to(ScalarType.Int64)).MoveToOuterDisposeScope(),
                null,
                raw.numel()
            );
        }

        var values = floats
            ? torch.where(here, raw, torch.zeros_like(raw))
            : torch.where(here, raw, torch.zeros_like(raw)).to(ScalarType.Int64);
        var present = here.to(ScalarType.Float32);
        return new TaskTarget(
            RequireFinite(values).MoveToOuterDisposeScope(),
            present.MoveToOuterDisposeScope(),
            (long)here.sum().item<long>()
        );
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
        if (mask.shape.SequenceEqual(raw.shape))
        {
            return mask;
        }

        if (mask.dim() == 1 && mask.shape[0] == raw.shape[0])
        {
            var ones = Enumerable.Repeat(1L, (int)raw.dim() - 1).Prepend(mask.shape[0]).ToArray();
            return mask.view(ones).expand(raw.shape);
        }

        throw new ArgumentException(
            $"A mask of shape [{string.Join(", ", mask.shape)}] fits neither targets of shape [{string.Join(", ", raw.shape)}] nor their rows; give one mark a target or one a row."
        );
    }
}
