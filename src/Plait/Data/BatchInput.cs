namespace Plait.Data;

/// <summary>The rows that some tasks of a batch look at, along the first axis.</summary>
public sealed class BatchInput
{
    /// <summary>Takes one tensor.</summary>
    /// <param name="values">[rows, ...].</param>
    public BatchInput(Tensor values)
    {
        ArgumentNullException.ThrowIfNull(values);
        Values = values;
    }

    /// <summary>The rows, [rows, ...].</summary>
    public Tensor Values { get; }

    /// <summary>Takes one tensor.</summary>
    public static implicit operator BatchInput(Tensor values) => new(values);
}
