namespace Plait.Tasks.Metrics;

/// <summary>What metrics are read off, gathered batch by batch: counts, sums or values. Not safe for two threads at once.</summary>
internal abstract class Gathering
{
    /// <summary>Equal for gatherings that hold the same after the same batches.</summary>
    public virtual object Kind => GetType();

    /// <summary>Takes in one batch; targets that are missing do not count, and others count by their weights.</summary>
    public abstract void Add(Tensor output, TaskTarget target);
}

/// <summary>A metric that is read off a gathering, its own or that of another metric of the same task.</summary>
internal abstract class Reading : MetricAccumulator
{
    /// <summary>What is read.</summary>
    public abstract Gathering Source { get; }

    /// <summary>Reads the gathering of another metric from now on, where it is of the same kind.</summary>
    /// <returns>Whether it is.</returns>
    public abstract bool ReadFrom(Gathering other);
}

/// <summary>A number that a gathering holds.</summary>
internal sealed class Reading<T>(T gathering, Func<T, double> read) : Reading
    where T : Gathering
{
    private T source = gathering;

    /// <inheritdoc/>
    public override Gathering Source => source;

    /// <inheritdoc/>
    public override bool ReadFrom(Gathering other)
    {
        if (!other.Kind.Equals(source.Kind))
        {
            return false;
        }

        source = (T)other;
        return true;
    }

    /// <inheritdoc/>
    public override void Add(Tensor output, TaskTarget target)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(target);
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        source.Add(output, target);
    }

    /// <inheritdoc/>
    public override double Compute() => read(source);
}
