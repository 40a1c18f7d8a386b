using Plait.Tasks;

namespace Plait.Data;

/// <summary>What one row of input is, as data sets say it and encoders ask for it.</summary>
/// <remarks>A list of sizes converts to one by itself: one size is a vector, three are an image.</remarks>
public abstract record InputSpec
{
    /// <summary>It in words, such as "vectors of 6 numbers".</summary>
    public abstract string Text { get; }

    /// <summary>The sizes of a row that is one tensor of one shape; null where rows are of different lengths or have several parts.</summary>
    public virtual IReadOnlyList<long>? Shape => null;

    /// <summary>How many numbers the longest row has: what its size in memory goes by.</summary>
    public abstract long Numbers { get; }

    /// <summary>The description of rows of which some are this and some are another; null where no one description fits both.</summary>
    public virtual InputSpec? With(InputSpec other) => Equals(other) ? this : null;

    /// <summary>The sizes of a row, for whoever reads rows of one shape alone.</summary>
    /// <param name="reader">Who reads them, as the message begins, such as "Linear models".</param>
    /// <exception cref="NotSupportedException">Rows are of different lengths or have several parts.</exception>
    public IReadOnlyList<long> RequireShape(string reader) =>
        Shape ?? throw new NotSupportedException($"{reader} read rows of one shape; these are {Text}.");

    /// <summary>What each part is, by its name; the whole without a name where there are no parts.</summary>
    internal virtual IEnumerable<(string Name, InputSpec Spec)> Named => [("", this)];

    /// <summary>What of it a constructor of an encoder may ask for, beside this description.</summary>
    internal virtual object[] Arguments =>
        Shape is { } shape ? [shape.Aggregate(1L, (product, size) => product * size), shape.ToArray(), this] : [this];

    /// <summary>Why rows are something else; null where they are this.</summary>
    /// <remarks>Looks at shapes and types and at no number: see <see cref="Require"/>.</remarks>
    public abstract string? FaultOf(BatchInput input);

    /// <summary>Refuses rows that are something else, once, where data is made.</summary>
    /// <exception cref="ArgumentException">The rows are something else; the message says what is wrong.</exception>
    public virtual void Require(BatchInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (FaultOf(input) is { } fault)
        {
            throw new ArgumentException(fault);
        }
    }

    /// <summary>The description of rows of one shape.</summary>
    /// <param name="shape">Sizes above 0: [width], [channels, height, width], or others.</param>
    public static InputSpec OfShape(IReadOnlyList<long> shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return shape.Count switch
        {
            1 => new VectorInput(shape[0]),
            3 => new ImageInput(shape[0], shape[1], shape[2]),
            _ => new ArrayInput(shape),
        };
    }

    /// <summary>The description that some rows suggest: whole numbers of different lengths are tokens, the rest is as its shape.</summary>
    /// <param name="input">The rows.</param>
    /// <exception cref="ArgumentException">Rows of different lengths are neither tokens nor vectors.</exception>
    public static InputSpec Of(BatchInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Parts is [{ Name.Length: 0 } only]
            ? Of(only)
            : new PartsInput(input.Parts.ToDictionary(part => part.Name, Of));
    }

    /// <summary>The description of the rows of all tasks of some data.</summary>
    /// <exception cref="NotSupportedException">No one description fits the rows of all tasks.</exception>
    internal static InputSpec OfAll(IDataSet data)
    {
        var all = data.InputSpecOf(0);
        foreach (var task in data.Streams.FirstTasks.Skip(1))
        {
            var own = data.InputSpecOf(task);
            all =
                all.With(own)
                ?? throw new NotSupportedException(
                    $"Task '{data.Tasks[0].Name}' looks at {all.Text} and task '{data.Tasks[task].Name}' at {own.Text}, which no one encoder reads: bring them to one kind, train the tasks apart, or build a network with an encoder for each."
                );
        }

        return all;
    }

    /// <summary>The description of rows of one shape.</summary>
    public static implicit operator InputSpec(long[] shape) => OfShape(shape);

    /// <inheritdoc/>
    public sealed override string ToString() => Text;

    /// <summary>Why rows are not one tensor of a shape.</summary>
    private protected string? FaultOfShape(BatchInput input, IReadOnlyList<long> shape) =>
        FaultOfOne(input)
        ?? (
            input.Lengths is null && input.Values.shape.Skip(1).SequenceEqual(shape)
                ? null
                : Another($"rows of shape {TargetShapes.Text(input.Values.shape.AsSpan(1))}{Padding(input)}")
        );

    /// <summary>Why rows are not up to so many vectors of a width.</summary>
    private protected string? FaultOfSteps(BatchInput input, long width, long longest) =>
        FaultOfOne(input)
        ?? (
            input.Values.dim() == 3 && input.Values.size(1) <= longest && input.Values.size(2) == width
                ? null
                : Another($"rows of shape {TargetShapes.Text(input.Values.shape.AsSpan(1))}{Padding(input)}")
        );

    /// <summary>Why rows are not one tensor.</summary>
    private protected string? FaultOfOne(BatchInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Parts.Count == 1 ? null : Another($"rows of parts: {input.PartNames}");
    }

    /// <summary>That rows are something else.</summary>
    private protected string Another(string given) => $"{Text} are expected; these are {given}.";

    private protected static string Padding(BatchInput input) => input.Lengths is null ? "" : ", of different lengths";

    private static InputSpec Of(InputPart part)
    {
        if (part.Lengths is null)
        {
            return OfShape(part.Values.shape[1..]);
        }

        if (part.Values.dim() > 2)
        {
            return new SequenceInput(part.Values.size(2), part.Values.size(1));
        }

        if (part.Values.dtype != ScalarType.Int64)
        {
            throw new ArgumentException(
                $"Rows of different lengths are tokens, Int64 [rows, longest], or vectors, [rows, longest, width]; got {part.Values.dtype} {TargetShapes.Text(part.Values.shape)}. Make one number a step a vector of one by unsqueeze(2)."
            );
        }

        return new TokenInput(VocabularyOf(part.Values), part.Values.size(1));
    }

    private static long VocabularyOf(Tensor tokens)
    {
        if (tokens.numel() == 0)
        {
            return 1;
        }

        using var most = tokens.max();
        return most.item<long>() + 1;
    }
}
