using TorchSharp.Modules;

namespace Plait.Torch;

/// <summary>
/// All trainable parameters of a network as views of one contiguous tensor, and their gradients as views of another: shared
/// parameters first, then those of each task.
/// </summary>
/// <remarks>
/// A task's gradient is then a vector already, zeroing is one call, and so is an optimizer step. The network's modules notice
/// nothing: each parameter keeps its shape and its place in the module.
/// </remarks>
public sealed class FlatParameters : IDisposable
{
    private readonly Parameter[] parameters;
    private readonly Tensor[] gradientViews;
    private readonly (long Start, long Length)[] ofTask;
    private readonly (int First, int Count)[] placesOfTask;
    private Tensor? rowMemory;
    private Tensor? rowsInUse; // a view of that memory; whoever disposes it gives the memory back

    private FlatParameters(
        IReadOnlyList<Parameter> shared,
        IReadOnlyList<IReadOnlyList<Parameter>> byTask,
        Func<Parameter, double> scaleOf
    )
    {
        parameters = [.. shared, .. byTask.SelectMany(own => own)];
        if (parameters.Length == 0)
        {
            throw new ArgumentException("The network has no trainable parameter.");
        }

        var offsets = new long[parameters.Length];
        long total = 0;
        for (var i = 0; i < parameters.Length; i++)
        {
            RequireSameKind(parameters[0], parameters[i]);
            offsets[i] = total;
            total += parameters[i].numel();
        }

        SharedCount = shared.Count;
        SharedLength = shared.Sum(parameter => parameter.numel());
        ofTask = new (long, long)[byTask.Count];
        placesOfTask = new (int, int)[byTask.Count];
        var (start, first) = (SharedLength, SharedCount);
        for (var task = 0; task < byTask.Count; task++)
        {
            var length = byTask[task].Sum(parameter => parameter.numel());
            ofTask[task] = (start, length);
            placesOfTask[task] = (first, byTask[task].Count);
            start += length;
            first += byTask[task].Count;
        }

        using var noGrad = torch.no_grad();
        Values = torch.zeros(total, parameters[0].dtype, parameters[0].device).DetachFromDisposeScope();
        Gradients = torch.zeros_like(Values).DetachFromDisposeScope();
        SharedGradients = Gradients.narrow(0, 0, SharedLength).DetachFromDisposeScope();
        Segments = SegmentsOf(scaleOf);
        gradientViews = new Tensor[parameters.Length];
        for (var i = 0; i < parameters.Length; i++)
        {
            using var numbers = Values.narrow(0, offsets[i], parameters[i].numel());
            using var view = numbers.view(parameters[i].shape);
            view.copy_(parameters[i]);
            ParameterData.Move(parameters[i], view);
            using var run = Gradients.narrow(0, offsets[i], parameters[i].numel());
            gradientViews[i] = run.view(parameters[i].shape).DetachFromDisposeScope();
        }

        Attach();
    }

    /// <summary>Every parameter's value, [parameters].</summary>
    public Tensor Values { get; }

    /// <summary>Every parameter's gradient, [parameters].</summary>
    public Tensor Gradients { get; }

    /// <summary>The gradients of the shared parameters, a view of the first part of <see cref="Gradients"/>.</summary>
    public Tensor SharedGradients { get; }

    /// <summary>How many numbers the shared parameters are; they come first.</summary>
    public long SharedLength { get; }

    /// <summary>How many of <see cref="Parameters"/> are shared; they come first.</summary>
    public int SharedCount { get; }

    /// <summary>Runs of numbers that take the same learning rate.</summary>
    public IReadOnlyList<FlatSegment> Segments { get; private set; }

    /// <summary>The parameters, in the order of the storage.</summary>
    public IReadOnlyList<Parameter> Parameters => parameters;

    /// <summary>How many tasks have private parameters here, or could have.</summary>
    internal int TaskCount => ofTask.Length;

    /// <summary>The run of numbers that are the private parameters of the task at this place of the set.</summary>
    public (long Start, long Length) RangeOf(int task) => ofTask[task];

    /// <summary>The places in <see cref="Parameters"/> of the private parameters of the task at this place of the set.</summary>
    internal (int First, int Count) PlacesOf(int task) => placesOfTask[task];

    /// <summary>How many times the learning rate the number at this place takes.</summary>
    internal double ScaleAt(long place) =>
        Segments.First(segment => place < segment.Start + segment.Length).LearningRateScale;

    /// <summary>The run of numbers that some parameters are, which stand one after the other in <see cref="Parameters"/>.</summary>
    public (long Start, long Length) RunOf(int first, int count) =>
        (
            parameters.Take(first).Sum(parameter => parameter.numel()),
            parameters.Skip(first).Take(count).Sum(parameter => parameter.numel())
        );

    /// <summary>Moves parameters into flat storage.</summary>
    /// <param name="shared">Parameters of several tasks.</param>
    /// <param name="byTask">The private parameters of each task; none when null.</param>
    /// <param name="scaleOf">How many times the learning rate a parameter takes; 1 when null.</param>
    /// <exception cref="ArgumentException">There is no parameter, or one is of another type or device than the rest.</exception>
    public static FlatParameters Of(
        IReadOnlyList<Parameter> shared,
        IReadOnlyList<IReadOnlyList<Parameter>>? byTask = null,
        Func<Parameter, double>? scaleOf = null
    )
    {
        ArgumentNullException.ThrowIfNull(shared);
        return new(shared, byTask ?? [], scaleOf ?? (_ => 1));
    }

    /// <summary>Says anew how many times the learning rate a parameter takes: by whoever steps, before the optimizers are made.</summary>
    internal void Rescale(Func<Parameter, double> scaleOf) => Segments = SegmentsOf(scaleOf);

    /// <summary>Whether the module was moved to another type or device since: its parameters are other objects then.</summary>
    public bool IsStale => Array.Exists(parameters, parameter => parameter.IsInvalid);

    /// <summary>Points every parameter's gradient at its place in <see cref="Gradients"/>.</summary>
    /// <remarks>
    /// Somebody else's loop may take a gradient away, or put another in its place, and to look costs as much as to set: so
    /// every step sets.
    /// </remarks>
    public void Attach()
    {
        for (var i = 0; i < parameters.Length; i++)
        {
            parameters[i].grad = gradientViews[i];
        }
    }

    /// <summary>Takes the gradient of the parameter at this place away, until it is attached again or a backward pass gives it one of its own.</summary>
    internal void Detach(int place) => parameters[place].grad = null;

    /// <summary>Points the gradient of the parameter at this place at <see cref="Gradients"/>, whose numbers there stay as they are.</summary>
    internal void Reattach(int place) => parameters[place].grad = gradientViews[place];

    /// <summary>Copies to <see cref="Gradients"/> what a parameter has been given as its gradient since it was detached, and attaches it.</summary>
    /// <returns>Whether it has been given one; where not, nothing changes.</returns>
    internal bool TakeIn(int place)
    {
        using var given = parameters[place].grad;
        if (given is null)
        {
            return false;
        }

        gradientViews[place].copy_(given);
        Reattach(place);
        return true;
    }

    /// <summary>Points the shared parameters' gradients at a row of numbers; <see cref="Attach"/> comes in the end.</summary>
    /// <remarks>
    /// A pass adds to what is there, as it always does. To take over the gradients that it makes and copy them costs as much in the end:
    /// those stay in memory then, while ones that are added are made in the same place each time, still in the cache.
    /// </remarks>
    /// <param name="row">[shared parameters].</param>
    /// <param name="onZero">Whether to set it to zero first.</param>
    internal void AttachShared(Tensor row, bool onZero)
    {
        using var scope = torch.NewDisposeScope();
        if (onZero)
        {
            row.zero_();
        }

        var start = 0L;
        for (var i = 0; i < SharedCount; i++)
        {
            parameters[i].grad = row.narrow(0, start, parameters[i].numel()).view(parameters[i].shape);
            start += parameters[i].numel();
        }
    }

    /// <summary>The Euclidean norm of all gradients together.</summary>
    internal double GradientNorm => NormOf(Gradients);

    /// <summary>The Euclidean norm of the gradients of some parameters together.</summary>
    /// <param name="chosen">One flag a parameter.</param>
    internal double GradientNormOf(ReadOnlySpan<bool> chosen)
    {
        var (squares, start) = (0.0, 0L);
        for (var i = 0; i < chosen.Length; i++)
        {
            var length = parameters[i].numel();
            if (chosen[i])
            {
                using var run = Gradients.narrow(0, start, length);
                squares += Math.Pow(NormOf(run), 2);
            }

            start += length;
        }

        return Math.Sqrt(squares);
    }

    /// <summary>Sets every gradient to zero.</summary>
    public void ZeroGradients() => Gradients.zero_().Dispose(); // unlike other in-place calls it returns a new object

    /// <summary>A matrix of one row for each of some gradients by the shared parameters, whatever it holds.</summary>
    /// <remarks>
    /// Its memory is used again once it is disposed: rows can take gigabytes, and what the system hands out anew it clears page by
    /// page, which took a fifth of the time of a step of ResNet18 with 40 tasks.
    /// </remarks>
    /// <param name="count">How many rows.</param>
    internal Tensor TakeRows(int count)
    {
        if (rowsInUse is { IsInvalid: false })
        {
            return torch.empty([count, SharedLength], Values.dtype, Values.device);
        }

        if (rowMemory is null || rowMemory.size(0) < count)
        {
            ReleaseRows();
            rowMemory = torch.empty([count, SharedLength], Values.dtype, Values.device).DetachFromDisposeScope();
        }

        return rowsInUse = rowMemory.narrow(0, 0, count);
    }

    /// <summary>Gives the memory of rows back to the system, for when no more are to come soon.</summary>
    internal void ReleaseRows()
    {
        rowMemory?.Dispose();
        rowMemory = null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ReleaseRows();
        foreach (var view in gradientViews)
        {
            view.Dispose();
        }

        SharedGradients.Dispose();
        Gradients.Dispose();
        Values.Dispose();
    }

    private static double NormOf(Tensor gradients)
    {
        using var norm = torch.linalg.vector_norm(gradients);
        return norm.item<float>();
    }

    private static void RequireSameKind(Parameter first, Parameter other)
    {
        if (first.dtype != other.dtype || !Devices.AreSame(first.device, other.device))
        {
            throw new ArgumentException(
                $"Parameters of {first.dtype} on {first.device} and of {other.dtype} on {other.device} cannot share one storage; move the network to one type and device."
            );
        }
    }

    private List<FlatSegment> SegmentsOf(Func<Parameter, double> scaleOf)
    {
        var (segments, start) = (new List<FlatSegment>(), 0L);
        foreach (var parameter in parameters)
        {
            Extend(segments, start, parameter.numel(), scaleOf(parameter));
            start += parameter.numel();
        }

        return segments;
    }

    private static void Extend(List<FlatSegment> segments, long start, long length, double scale)
    {
        if (segments.Count > 0 && segments[^1].LearningRateScale == scale)
        {
            segments[^1] = segments[^1] with { Length = segments[^1].Length + length };
        }
        else
        {
            segments.Add(new FlatSegment(start, length, scale));
        }
    }
}

/// <summary>A run of numbers in flat storage that takes one learning rate.</summary>
/// <param name="Start">The first number.</param>
/// <param name="Length">How many.</param>
/// <param name="LearningRateScale">Times the recipe's learning rate.</param>
public readonly record struct FlatSegment(long Start, long Length, double LearningRateScale);
