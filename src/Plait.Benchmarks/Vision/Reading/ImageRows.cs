using Plait.Data;
using Plait.Tasks;

namespace Plait.Benchmarks.Vision.Reading;

/// <summary>Images of one size whose targets are known before any is read: their classes, or attributes.</summary>
internal sealed class ImageRows : StoredData
{
    private readonly string[][] paths; // a stream
    private readonly ImageKind kind;
    private readonly Func<int, long, Tensor> target;

    /// <param name="streams">The tasks, and which of them look at the same files.</param>
    /// <param name="paths">The files of each stream.</param>
    /// <param name="kind">How an image is read.</param>
    /// <param name="target">The target of a task and row.</param>
    public ImageRows(
        RowStreams streams,
        IEnumerable<IEnumerable<string>> paths,
        ImageKind kind,
        Func<int, long, Tensor> target
    )
        : base(streams)
    {
        this.paths = [.. paths.Select(stream => stream.ToArray())];
        this.kind = kind;
        this.target = target;
    }

    public override InputSpec InputSpecOf(int task) => kind.Shape;

    /// <summary>Images of which each belongs to one task and has one class.</summary>
    public static ImageRows Classes(TaskSet tasks, IReadOnlyList<(string Path, long Class)[]> rows, ImageKind kind) =>
        new(
            RowStreams.PerTask(tasks),
            rows.Select(own => own.Select(row => row.Path)),
            kind,
            (task, row) => torch.tensor(rows[task][row].Class)
        );

    public override long RowsOf(int task) => Stream(task).Length;

    public override BatchInput ReadInput(int task, long row)
    {
        using var scope = torch.NewDisposeScope();
        var pixels = torch.empty([1, .. kind.Shape], ScalarType.Byte);
        pixels.bytes = kind.Cache.Get(Stream(task)[row], kind.Read);
        return pixels.to(ScalarType.Float32).div_(byte.MaxValue).MoveToOuterDisposeScope();
    }

    public override Tensor ReadTarget(int task, long row) => target(task, row);

    private string[] Stream(int task) => paths[Streams.Of(task)];
}

/// <summary>How the images of a set are read.</summary>
/// <param name="Shape">Of each, [channels, height, width].</param>
/// <param name="Read">From a file to bytes of that shape.</param>
/// <param name="Cache">Keeps what was read.</param>
internal sealed record ImageKind(long[] Shape, Func<string, Tensor> Read, PixelCache Cache)
{
    private const long CacheBytes = 4L << 30;

    /// <summary>Colour images brought to a square.</summary>
    /// <param name="side">Of the square, in pixels.</param>
    /// <param name="fit">How.</param>
    public static ImageKind Colour(long side, Func<Tensor, long, Tensor> fit) =>
        new(
            [3, side, side],
            path =>
            {
                using var image = ImageFile.ReadColour(path);
                return fit(image, side);
            },
            new PixelCache(CacheBytes)
        );
}
