using Plait.Torch;

namespace Plait.Data;

/// <summary>The rows that some tasks look at: one tensor, or several named parts, each with an entry a row along the first axis.</summary>
/// <remarks>
/// Rows of different lengths are padded behind their end, and <see cref="Mask"/> says what is there: whoever reads them leaves the padding
/// out, so that a row means the same however far the others reach. A tensor converts to an input by itself.
/// </remarks>
public sealed class BatchInput : IDisposable
{
    private readonly InputPart[] parts;

    /// <summary>Takes one tensor.</summary>
    /// <param name="values">[rows, ...].</param>
    /// <param name="lengths">Where rows are padded, [rows, longest, ...]: how many entries each has, Int64 [rows]; null where all are full.</param>
    /// <exception cref="ArgumentException">Values and lengths do not fit.</exception>
    public BatchInput(Tensor values, Tensor? lengths = null)
        : this([new InputPart("", values ?? throw new ArgumentNullException(nameof(values)), lengths)], isKnown: false)
    { }

    /// <summary>Takes several parts.</summary>
    /// <param name="parts">One or more, of different names and as many rows.</param>
    /// <exception cref="ArgumentException">There is none, two have one name, or their rows do not fit.</exception>
    public BatchInput(params IEnumerable<InputPart> parts)
        : this([.. parts], isKnown: false) { }

    private BatchInput(InputPart[] parts, bool isKnown)
    {
        this.parts = parts;
        if (isKnown)
        {
            return;
        }

        if (parts.Length == 0 || parts.DistinctBy(part => part.Name).Count() < parts.Length)
        {
            throw new ArgumentException(
                $"An input has one part or more, of different names; got {(parts.Length == 0 ? "none" : string.Join(", ", parts.Select(part => part.Name)))}."
            );
        }

        // One tensor alone is looked at by those who need rows: networks of formulas have inputs without any.
        if (parts.Length > 1 || parts[0].Lengths is not null || parts[0].Present is not null)
        {
            var rows = parts[0].Values.dim() == 0 ? 0 : parts[0].Values.size(0);
            if (parts.Select(part => part.Fault(rows)).FirstOrDefault(fault => fault is not null) is { } found)
            {
                throw new ArgumentException(found);
            }
        }
    }

    /// <summary>The parts; one without a name where the input is one tensor.</summary>
    public IReadOnlyList<InputPart> Parts => parts;

    /// <summary>How many rows there are.</summary>
    public long Rows => parts[0].Values.size(0);

    /// <summary>The rows of an input of one tensor, [rows, ...].</summary>
    /// <exception cref="InvalidOperationException">It has several parts: ask for one by its name.</exception>
    public Tensor Values => Only.Values;

    /// <summary>The lengths of the rows of an input of one tensor, Int64 [rows]; null where all are full.</summary>
    /// <exception cref="InvalidOperationException">It has several parts.</exception>
    public Tensor? Lengths => Only.Lengths;

    /// <summary>Where an input of one tensor is no padding, bool [rows, longest]; null where it is nowhere. A new tensor.</summary>
    /// <exception cref="InvalidOperationException">It has several parts.</exception>
    public Tensor? Mask
    {
        get
        {
            if (Lengths is not { } lengths)
            {
                return null;
            }

            using var places = torch.arange(Values.size(1), device: lengths.device);
            using var ends = lengths.unsqueeze(1);
            return places.lt(ends);
        }
    }

    /// <summary>The rows of a part, [rows, ...].</summary>
    /// <exception cref="ArgumentException">There is no such part.</exception>
    public Tensor this[string part] => Named(part).Values;

    /// <summary>A part as an input of one tensor.</summary>
    /// <exception cref="ArgumentException">There is no such part.</exception>
    public BatchInput Part(string part) => new([Named(part) with { Name = "", Present = null }], isKnown: true);

    /// <summary>The part that answers of steps stand beside: the first whose rows are of different lengths, or the first.</summary>
    internal BatchInput Sequence => Part((Array.Find(parts, part => part.Lengths is not null) ?? parts[0]).Name);

    /// <summary>Whether each row has a part, bool [rows]; null when all do.</summary>
    /// <exception cref="ArgumentException">There is no such part.</exception>
    public Tensor? Present(string part) => Named(part).Present;

    /// <summary>Some rows one after the other: views.</summary>
    /// <param name="start">The first, from 0.</param>
    /// <param name="length">How many.</param>
    public BatchInput Narrow(long start, long length) => Map(tensor => tensor.narrow(0, start, length));

    /// <summary>Some rows in the order given: copies.</summary>
    /// <param name="rows">Row numbers from 0, Int64.</param>
    public BatchInput Select(Tensor rows) => Map(tensor => tensor.index_select(0, rows));

    /// <summary>The same rows on a device, numbers with a fraction in a precision; this input when it is so already.</summary>
    /// <param name="device">Where.</param>
    /// <param name="floats">The type of floats; null leaves it.</param>
    public BatchInput To(Device device, ScalarType? floats = null)
    {
        ArgumentNullException.ThrowIfNull(device);
        var isThere = Devices.AreSame(parts[0].Values.device, device);
        return isThere && Tensors.All(IsIn) ? this : Map(Change);

        bool IsIn(Tensor tensor) => floats is null || tensor.dtype == floats || !tensor.is_floating_point();

        Tensor Change(Tensor tensor)
        {
            var moved = isThere ? tensor : Devices.Move(tensor, device);
            return IsIn(moved) ? moved : moved.to(floats!.Value);
        }
    }

    /// <summary>The rows of several inputs of the same parts as one, padded to the longest of them; new tensors.</summary>
    /// <param name="inputs">One or more.</param>
    /// <exception cref="ArgumentException">They do not have the same parts in the same order, or some have lengths and others none.</exception>
    public static BatchInput Join(IReadOnlyList<BatchInput> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (
            inputs.FirstOrDefault(input => !input.parts.Select(Named).SequenceEqual(inputs[0].parts.Select(Named))) is
            { } other
        )
        {
            throw new ArgumentException(
                $"Rows can be put together where they have the same parts in the same order, of which all have lengths or none has; these have {inputs[0].PartNames}, and {other.PartNames}."
            );
        }

        return new(
            [.. inputs[0].parts.Select((_, part) => InputPart.Join([.. inputs.Select(input => input.parts[part])]))],
            isKnown: true
        );

        static (string Name, bool HasLengths) Named(InputPart part) => (part.Name, part.Lengths is not null);
    }

    /// <summary>Takes one tensor.</summary>
    public static implicit operator BatchInput(Tensor values) => new(values);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in Tensors)
        {
            tensor.Dispose();
        }
    }

    /// <summary>All tensors of all parts.</summary>
    internal IEnumerable<Tensor> Tensors => parts.SelectMany(part => part.Tensors);

    /// <summary>The names of the parts, as errors write them.</summary>
    internal string PartNames =>
        parts is [{ Name.Length: 0 }]
            ? "one tensor without a name"
            : string.Join(", ", parts.Select(part => part.Name));

    /// <summary>The same parts of other tensors.</summary>
    internal BatchInput Map(Func<Tensor, Tensor> change) =>
        new(Array.ConvertAll(parts, part => part.Map(change)), isKnown: true);

    /// <summary>Without the padding that no row needs; takes this input over.</summary>
    internal BatchInput Trimmed() =>
        Array.TrueForAll(parts, part => part.Lengths is null)
            ? this
            : new(Array.ConvertAll(parts, part => part.Trimmed()), isKnown: true);

    private InputPart Only =>
        parts.Length == 1
            ? parts[0]
            : throw new InvalidOperationException(
                $"This input has parts ({PartNames}); ask for one of them by its name."
            );

    private InputPart Named(string name) =>
        Array.Find(parts, part => part.Name == name)
        ?? throw new ArgumentException($"There is no part '{name}' in this input; it has {PartNames}.");
}
