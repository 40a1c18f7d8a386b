using Plait.Benchmarks.Scenes.Rendering;
using Plait.Tasks;
using Plait.Tasks.Answers;

namespace Plait.Benchmarks.Scenes;

/// <summary>The tasks on scenes, in the order of their targets.</summary>
internal static class SceneTasks
{
    /// <summary>Metres in one unit of depth: depths are learned as about 0.1 to 5.</summary>
    public const double DepthUnit = 10;

    // Five of six pixels are background; alike, they would be the networks' answer everywhere for many epochs.
    private static readonly float[] PartWeights =
    [
        .. Enum.GetValues<Part>().Select(part => part == Part.Background ? 0.25f : 1),
    ];

    private const double LineWeight = 0.85; // about one pixel in six is an edge
    private const double BoundaryWeight = 0.95; // about one in twenty is a boundary

    /// <summary>Segmentation, parts, depth, normals, edges, saliency, boundaries.</summary>
    public static TaskSet Create() =>
        new(
            LearningTask.Segmentation("segmentation", Enum.GetValues<SemanticClass>().Length),
            LearningTask.Segmentation("parts", Enum.GetValues<Part>().Length, PartWeights),
            LearningTask.Depth("depth"),
            LearningTask.SurfaceNormals("normals"),
            LearningTask.Edges("edges", LineWeight),
            LearningTask.Saliency("saliency"),
            LearningTask.Edges("boundaries", BoundaryWeight)
        );
}
