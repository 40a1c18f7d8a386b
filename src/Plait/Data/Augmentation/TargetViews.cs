using System.Runtime.InteropServices;
using Plait.Tasks;

namespace Plait.Data.Augmentation;

/// <summary>The targets of a batch as its images' views show them.</summary>
internal static class TargetViews
{
    /// <summary>Lets targets follow.</summary>
    /// <param name="geometry">How.</param>
    /// <param name="target">As the source gave them.</param>
    /// <param name="views">One a row.</param>
    /// <param name="height">Of the images.</param>
    /// <param name="width">Of the images.</param>
    /// <returns>Targets that share no memory with those given.</returns>
    public static TaskTarget Follow(
        TargetGeometry geometry,
        TaskTarget target,
        ImageView[] views,
        long height,
        long width
    )
    {
        if (geometry == TargetGeometry.None)
        {
            return target.MapAll(tensor => tensor.clone());
        }

        var seen = Look(geometry, target, views, height, width);
        return target.Weights is not { } weights ? seen
            : geometry == TargetGeometry.Box ? seen.Weigh(weights)
            : seen.Weigh(Rows(views, row => views[row].Nearest(weights[row]))); // what left the view has no mark, and so no weight
    }

    private static TaskTarget Look(
        TargetGeometry geometry,
        TaskTarget target,
        ImageView[] views,
        long height,
        long width
    ) =>
        geometry switch
        {
            TargetGeometry.Normals or TargetGeometry.NormalsUp => Normals(target, views, isDown: false),
            TargetGeometry.NormalsDown => Normals(target, views, isDown: true),
            TargetGeometry.Box => Boxes(target, views, height, width),
            TargetGeometry.Depth => Nearest(target, views, view => 1 / view.Scale),
            TargetGeometry.InverseDepth => Nearest(target, views, view => view.Scale),
            _ => Nearest(target, views, null),
        };

    private static TaskTarget Nearest(TaskTarget target, ImageView[] views, Func<ImageView, double>? factor) =>
        TaskTarget.Known(
            Rows(
                views,
                row =>
                    factor is null
                        ? views[row].Nearest(target.Values[row])
                        : views[row].Nearest(target.Values[row]).mul(factor(views[row]))
            ),
            target.Present is { } marks ? Rows(views, row => views[row].Nearest(marks[row]))
                : Array.Exists(views, view => view.Turned is not null)
                    ? Rows(views, row => views[row].Nearest(torch.ones_like(target.Values[row], ScalarType.Float32)))
                : null
        );

    private static TaskTarget Normals(TaskTarget target, ImageView[] views, bool isDown)
    {
        var seen = views
            .Select((view, row) => view.Normals(target.Values[row], target.Present?[row], isDown))
            .ToArray();
        var marks = Array.Exists(seen, row => row.Marks is not null)
            ? torch.stack([.. seen.Select(row => row.Marks ?? torch.ones_like(row.Values, ScalarType.Float32))])
            : null;
        return TaskTarget.Known(torch.stack([.. seen.Select(row => row.Values)]), marks);
    }

    private static TaskTarget Boxes(TaskTarget target, ImageView[] views, long height, long width)
    {
        var values = target.Values.to(ScalarType.Float32).clone();
        var marks = target.Present?.clone() ?? torch.ones_like(values);
        var boxes = MemoryMarshal.Cast<byte, float>(values.bytes);
        var present = MemoryMarshal.Cast<byte, float>(marks.bytes);
        for (var row = 0; row < views.Length; row++)
        {
            var box = boxes.Slice(4 * row, 4);
            if (present[4 * row] > 0 && !views[row].TryBox(box, height, width))
            {
                box.Clear();
                present.Slice(4 * row, 4).Clear();
            }
        }

        return TaskTarget.Known(values, target.Present is null && !present.Contains(0) ? null : marks);
    }

    private static Tensor Rows(ImageView[] views, Func<int, Tensor> row) =>
        torch.stack([.. Enumerable.Range(0, views.Length).Select(row)]);
}
