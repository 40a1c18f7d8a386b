using Plait.Tasks;

namespace Plait.Data;

/// <summary>One tensor of an input, with a name where there are several.</summary>
/// <param name="Name">Such as "image"; empty where it is the only one.</param>
/// <param name="Values">[rows, ...]; padded behind the end of each row, [rows, longest, ...], where rows are of different lengths.</param>
/// <param name="Lengths">How many entries of the second axis each row has, Int64 [rows]; null where all are full.</param>
/// <param name="Present">Whether each row has this part, bool [rows]; null where all have it.</param>
public sealed record InputPart(string Name, Tensor Values, Tensor? Lengths = null, Tensor? Present = null)
{
    /// <summary>All tensors of it.</summary>
    internal IEnumerable<Tensor> Tensors
    {
        get
        {
            yield return Values;
            if (Lengths is not null)
            {
                yield return Lengths;
            }

            if (Present is not null)
            {
                yield return Present;
            }
        }
    }

    /// <summary>The same part with other rows.</summary>
    internal InputPart Map(Func<Tensor, Tensor> change) =>
        new(Name, change(Values), Lengths is null ? null : change(Lengths), Present is null ? null : change(Present));

    /// <summary>Without the padding that no row needs; takes these values over.</summary>
    internal InputPart Trimmed()
    {
        if (Lengths is null || Lengths.size(0) == 0)
        {
            return this;
        }

        using var most = Lengths.max();
        var longest = Math.Max(1, most.item<long>());
        if (longest >= Values.size(1))
        {
            return this;
        }

        using var wide = Values;
        return this with { Values = wide.narrow(1, 0, longest) };
    }

    /// <summary>The rows of several batches as one, padded to the longest of them; new tensors.</summary>
    internal static InputPart Join(IReadOnlyList<InputPart> parts)
    {
        var first = parts[0];
        var longest = first.Lengths is null ? 0 : Math.Max(1, parts.Max(part => part.Values.size(1)));
        return new(
            first.Name,
            torch.cat([.. parts.Select(part => first.Lengths is null ? part.Values : Padded(part.Values, longest))]),
            first.Lengths is null ? null : torch.cat([.. parts.Select(part => part.Lengths!)]),
            parts.All(part => part.Present is null) ? null : torch.cat([.. parts.Select(Marks)])
        );
    }

    /// <summary>Whether the tensors belong together.</summary>
    internal string? Fault(long rows)
    {
        var name = Name.Length == 0 ? "An input" : $"The part '{Name}' of an input";
        return Values.dim() == 0 || Values.size(0) != rows
                ? $"{name} has shape {TargetShapes.Text(Values.shape)}, where {rows} rows along the first axis are needed."
            : Lengths is not null && (Values.dim() < 2 || Lengths.dtype != ScalarType.Int64 || !IsColumn(Lengths, rows))
                ? $"{name} has lengths {Lengths.dtype} {TargetShapes.Text(Lengths.shape)} and values {TargetShapes.Text(Values.shape)}; lengths are Int64 [{rows}], of values [{rows}, longest, ...]."
            : Present is not null && (Present.dtype != ScalarType.Bool || !IsColumn(Present, rows))
                ? $"{name} has marks {Present.dtype} {TargetShapes.Text(Present.shape)}; whether a row has the part is bool [{rows}]."
            : null;
    }

    private static bool IsColumn(Tensor tensor, long rows) => tensor.dim() == 1 && tensor.size(0) == rows;

    private static Tensor Padded(Tensor values, long longest) =>
        values.size(1) == longest
            ? values
            : torch.cat(
                [
                    values,
                    torch.zeros(
                        [values.size(0), longest - values.size(1), .. values.shape.AsSpan(2)],
                        values.dtype,
                        values.device
                    ),
                ],
                1
            );

    private static Tensor Marks(InputPart part) =>
        part.Present ?? torch.ones([part.Values.size(0)], ScalarType.Bool, part.Values.device);
}
