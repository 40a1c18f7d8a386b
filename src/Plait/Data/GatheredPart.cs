namespace Plait.Data;

/// <summary>Rows of one part, read one after the other and put together: rows of one shape are copied to their place at once.</summary>
/// <param name="count">How many rows there will be.</param>
internal sealed class GatheredPart(long count)
{
    private readonly List<InputPart> padded = []; // rows of different lengths, which wait for the longest
    private readonly List<Tensor> marks = [];
    private string name = "";
    private Tensor? whole;
    private long next;

    /// <summary>Takes the next row over from the current dispose scope, of which the tensors of the whole go to the one around it.</summary>
    /// <param name="row">One row, [1, ...].</param>
    /// <exception cref="InvalidDataException">It is another part than those before, or has a length where they have none.</exception>
    public void Add(InputPart row)
    {
        if (next + padded.Count > 0 && (row.Name != name || row.Lengths is null != (padded.Count == 0)))
        {
            throw new InvalidDataException(
                $"Each row has the same parts in the same order, of which all have lengths or none has; after part '{name}' of other rows comes part '{row.Name}'{(row.Lengths is null ? "" : " with a length")}."
            );
        }

        name = row.Name;
        if (row.Lengths is not null)
        {
            padded.Add(row.Map(tensor => tensor.MoveToOuterDisposeScope()));
            return;
        }

        whole ??= torch.empty([count, .. row.Values.shape.AsSpan(1)], row.Values.dtype).MoveToOuterDisposeScope();
        using var place = whole.narrow(0, next++, 1);
        place.copy_(row.Values);
        if (row.Present is { } present)
        {
            marks.Add(present.MoveToOuterDisposeScope());
        }
    }

    /// <summary>All rows.</summary>
    public InputPart Whole() =>
        padded.Count > 0
            ? InputPart.Join(padded)
            : new InputPart(name, whole!, Present: marks.Count > 0 ? torch.cat(marks) : null);
}
