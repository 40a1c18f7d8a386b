using Plait.Numerics;
using Plait.Tasks;

namespace Plait.Data.Augmentation;

/// <summary>Changes the images of another source's batches at random, and their targets along with them.</summary>
/// <remarks>
/// What happens to a row depends on the seed, the batch's place in the stream (and so on the epoch) and the row's place in the batch
/// alone, so a run can resume anywhere. Where tasks share their images, all their targets of a row follow the one view of its image. Of
/// rows of several parts, the one part that is an image changes, and the others stay as they are.
/// </remarks>
public sealed class Augmented : MultiTaskDataLoader
{
    private readonly MultiTaskDataLoader source;
    private readonly ImageAugmentation augmentation;
    private readonly TargetGeometry[] geometry;
    private readonly long seed;

    /// <summary>Decorates a source.</summary>
    /// <param name="source">Gives the batches, on the CPU, whose rows are images [rows, channels, height, width], or have one part that is, from 0 to 1 where colours change; disposed with this one.</param>
    /// <param name="augmentation">What may happen.</param>
    /// <param name="geometry">For each task of the set, how its targets follow.</param>
    /// <param name="seed">What chance is drawn from.</param>
    /// <exception cref="ArgumentException">There is not one geometry a task, targets cannot follow the augmentation, a number of it means nothing, or the source tells that rows have no image.</exception>
    public Augmented(
        MultiTaskDataLoader source,
        ImageAugmentation augmentation,
        IReadOnlyList<TargetGeometry> geometry,
        long seed
    )
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(augmentation);
        ArgumentNullException.ThrowIfNull(geometry);
        augmentation.Validate();
        if (geometry.Count != source.Tasks.Count)
        {
            throw new ArgumentException(
                $"{source.Tasks.Count} tasks need as many kinds of geometry; got {geometry.Count}.",
                nameof(geometry)
            );
        }

        for (var task = 0; task < geometry.Count; task++)
        {
            if (Hindrance(augmentation, geometry[task]) is { } hindrance)
            {
                throw new ArgumentException(
                    $"The targets of task '{source.Tasks[task].Name}' {hindrance}",
                    nameof(geometry)
                );
            }

            if (source.InputSpecOf(task) is { } rows)
            {
                ImagePart.Require(rows, source.Tasks[task].Name);
            }
        }

        this.source = source;
        this.augmentation = augmentation;
        this.geometry = [.. geometry];
        this.seed = seed;
    }

    /// <inheritdoc/>
    public override RowStreams Streams => source.Streams;

    /// <inheritdoc/>
    public override InputSpec? InputSpecOf(int task) => source.InputSpecOf(task);

    /// <inheritdoc/>
    public override long RowsOf(int task) => source.RowsOf(task);

    /// <inheritdoc/>
    public override int BatchesOf(int task) => source.BatchesOf(task);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">
    /// The input is no image, a target is not of the shape that its geometry has, or colours are to change in images that are not from 0 to 1.
    /// </exception>
    public override MultiTaskBatch Read(TaskSelection tasks, ReadOnlySpan<long> places)
    {
        using var batch = source.Read(tasks, places);
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var at = places.ToArray();
        var views = new ImageView[Streams.Count][];
        return Gather(tasks, Look, task => Follow(batch, task, views[Streams.Of(task)]));

        BatchInput Look(int task)
        {
            var rows = batch.BatchInputOf(task);
            var image = ImagePart.Of(rows);
            (var seen, views[Streams.Of(task)]) = this.Look(image.Values, at[task], Streams.Of(task));
            return new(
                rows.Parts.Select(part =>
                    part.Map(tensor =>
                        ReferenceEquals(tensor, image.Values) ? seen : tensor.alias().MoveToOuterDisposeScope()
                    )
                )
            );
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            source.Dispose();
        }

        base.Dispose(disposing);
    }

    private (Tensor Input, ImageView[] Views) Look(Tensor input, long place, int stream)
    {
        using var scope = torch.NewDisposeScope();
        RequireColours(input);
        var views = new ImageView[input.size(0)];
        var seen = new Tensor[views.Length];
        for (var row = 0; row < views.Length; row++)
        {
            var chance = Seeds.Generator(seed, place, stream, row);
            views[row] = ImageView.Draw(augmentation, input.size(2), input.size(3), chance);
            seen[row] = views[row].Mixed(input[row]);
            if (augmentation.Colours is { } colours)
            {
                seen[row] = colours.Apply(seen[row], chance);
            }
        }

        return (torch.stack(seen).MoveToOuterDisposeScope().MoveToOuterDisposeScope(), views);
    }

    private void RequireColours(Tensor input)
    {
        if (augmentation.Colours is null)
        {
            return;
        }

        var (least, most) = (input.min().ToSingle(), input.max().ToSingle());
        if (least < 0 || most > 1)
        {
            throw new ArgumentException(
                $"Colours can only be changed in images from 0 to 1; these go from {least:0.##} to {most:0.##}, as standardised ones do. Leave the colours as they are."
            );
        }
    }

    private TaskTarget Follow(MultiTaskBatch batch, int task, ImageView[] views)
    {
        var target = batch.TargetOf(task);
        var image = ImagePart.Of(batch.BatchInputOf(task)).Values.shape;
        Require(task, target.Values.shape, image);
        using var scope = torch.NewDisposeScope();
        var followed = TargetViews.Follow(geometry[task], target, views, image[2], image[3]);
        return followed.Map(tensor => tensor.MoveToOuterDisposeScope().MoveToOuterDisposeScope());
    }

    /// <summary>Why targets cannot follow; null where they can.</summary>
    private static string? Hindrance(ImageAugmentation augmentation, TargetGeometry geometry) =>
        geometry switch
        {
            TargetGeometry.MirrorOnly when !augmentation.IsMirrorOnly =>
                "belong to the scale of the image and cannot follow an enlargement or a rotation; mirror the images only (flip).",
            TargetGeometry.Normals when augmentation.Rotation > 0 =>
                "are normals of which it is not known whether they count up or down, and cannot follow a rotation; leave it out (degrees=0), or scale and mirror (scale-and-flip).",
            _ => null,
        };

    private void Require(int task, long[] target, long[] image)
    {
        var (fits, expected) = geometry[task] switch
        {
            TargetGeometry.None => (true, ""),
            TargetGeometry.Box => (target is [_, 4], "[rows, 4]"),
            TargetGeometry.Normals or TargetGeometry.NormalsUp or TargetGeometry.NormalsDown => (
                target is [_, 3, var height, var width] && height == image[2] && width == image[3],
                $"[rows, 3, {image[2]}, {image[3]}]"
            ),
            _ => (
                target.Length >= 3 && target[^2] == image[2] && target[^1] == image[3],
                $"[rows, ..., {image[2]}, {image[3]}]"
            ),
        };
        if (!fits)
        {
            throw new ArgumentException(
                $"Task '{Tasks[task].Name}' has targets of shape [{string.Join(", ", target)}]; {geometry[task]} of these images are {expected}."
            );
        }
    }
}
