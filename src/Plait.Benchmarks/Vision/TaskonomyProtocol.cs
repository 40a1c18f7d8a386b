using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Tasks.Losses;
using Plait.Tasks.Metrics;

namespace Plait.Benchmarks.Vision;

/// <summary>The targets that Taskonomy's images are given; numbers compare within one protocol only.</summary>
public enum TaskonomyProtocol
{
    /// <summary>Targets in their own units: metres, unit vectors, strengths from 0 to 1.</summary>
    Units,

    /// <summary>Task set 1 of Standley et al. 2020, as their public loader standardises it: classes, depth, normals, texture edges, keypoints.</summary>
    Standley1,

    /// <summary>Task set 2 of Standley et al. 2020, as their public loader standardises it: normals, the image itself, curvature, reshading, occlusion edges.</summary>
    Standley2,
}

/// <summary>A task of Taskonomy and where its targets come from.</summary>
/// <param name="Domain">The folder of its files.</param>
/// <param name="Task">The task.</param>
/// <param name="Mean">Is subtracted, one a channel, in the units of the file.</param>
/// <param name="Deviation">Is divided by afterwards.</param>
/// <param name="IsMasked">Whether pixels farther away than the protocol looks are missing.</param>
internal sealed record TaskonomyTarget(
    string Domain,
    LearningTask Task,
    float[]? Mean = null,
    float[]? Deviation = null,
    bool IsMasked = false
)
{
    /// <summary>The targets of a protocol, in the order of its tasks.</summary>
    /// <remarks>
    /// The numbers of Standley et al. 2020, <i>Which Tasks Should Be Learned Together in Multi-task Learning?</i>, are those of their
    /// public code (tstandley/taskgrouping, taskonomy_loader.py): 16-bit images as they are, 8-bit ones from 0 to 1.
    /// </remarks>
    public static IReadOnlyList<TaskonomyTarget> Of(TaskonomyProtocol protocol, int classes) =>
        protocol switch
        {
            TaskonomyProtocol.Standley1 =>
            [
                new("segment_semantic", DenseTasks.Segmentation(classes)),
                new("depth_zbuffer", Distances("depth"), [1500], [1000], IsMasked: true),
                new("normal", Distances("normals", 3), [0.5f, 0.5f, 0.5f], [0.5f, 0.5f, 0.5f], IsMasked: true),
                new("edge_texture", Distances("edges"), [718], [1070]),
                new("keypoints2d", Distances("keypoints"), [50], [100]),
            ],
            TaskonomyProtocol.Standley2 =>
            [
                new("normal", Distances("normals", 3), [0.5f, 0.5f, 0.5f], [0.5f, 0.5f, 0.5f], IsMasked: true),
                new("rgb", Distances("image", 3), [0, 0, 0], [1, 1, 1]),
                new(
                    "principal_curvature",
                    Distances("curvature", 2),
                    [0.5175f, 0.4987f],
                    [0.1373f, 0.0359f],
                    IsMasked: true
                ),
                new("reshading", Distances("reshading"), [0.4962f], [0.2846f], IsMasked: true),
                new("edge_occlusion", Distances("occlusion-edges"), [56.0248f], [239.1265f], IsMasked: true),
            ],
            _ =>
            [
                new("segment_semantic", DenseTasks.Segmentation(classes)),
                new("depth_zbuffer", DenseTasks.Depth()),
                new("normal", DenseTasks.Normals()),
                new("edge_texture", DenseTasks.Strengths("edges")),
                new("keypoints2d", DenseTasks.Strengths("keypoints")),
            ],
        };

    /// <summary>A map of numbers without bounds, judged by the absolute error.</summary>
    private static LearningTask Distances(string name, int channels = 1) =>
        new(name, new Numeric(channels, Layout.Pixel), new AbsoluteError(), [new MeanAbsoluteError()]);
}
