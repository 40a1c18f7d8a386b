using Plait.Data;
using Plait.Tasks;

namespace Plait.Benchmarks.Vision.Reading;

/// <summary>Images with maps of their own size as targets, one file for each.</summary>
internal sealed class DenseRows : StoredData
{
    private readonly string[] names;
    private readonly MapFile image;
    private readonly MapFile[] targets;
    private readonly string model;
    private readonly Lazy<(long Height, long Width)> size;

    /// <param name="tasks">The tasks.</param>
    /// <param name="names">The rows.</param>
    /// <param name="image">The images, [3, height, width].</param>
    /// <param name="targets">One a task.</param>
    /// <param name="model">The image from which all others take their size.</param>
    public DenseRows(
        TaskSet tasks,
        IEnumerable<string> names,
        MapFile image,
        IEnumerable<MapFile> targets,
        string model
    )
        : base(RowStreams.Shared(tasks))
    {
        this.names = [.. names];
        this.image = image;
        this.targets = [.. targets];
        this.model = model;
        size = new(() =>
        {
            using var tensor = image.Read(model);
            return (tensor.size(-2), tensor.size(-1));
        });
    }

    public override InputSpec InputSpecOf(int task) => new ImageInput(3, size.Value.Height, size.Value.Width);

    public override long RowsOf(int task) => names.Length;

    public override BatchInput ReadInput(int task, long row)
    {
        using var read = Read(image, row);
        return read.unsqueeze(0);
    }

    public override Tensor ReadTarget(int task, long row) => Read(targets[task], row);

    private Tensor Read(MapFile file, long row)
    {
        var path = file.PathOf(names[row]);
        var map = file.Read(path);
        if (map.size(-2) == size.Value.Height && map.size(-1) == size.Value.Width)
        {
            return map;
        }

        var found = $"{map.size(-2)} x {map.size(-1)}";
        map.Dispose();
        throw new InvalidDataException(
            $"'{path}' is {found} pixels; expected {size.Value.Height} x {size.Value.Width}, as '{model}' is."
        );
    }
}
