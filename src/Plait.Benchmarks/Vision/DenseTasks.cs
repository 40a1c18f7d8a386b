using Plait.Tasks;
using Plait.Tasks.Losses;
using Plait.Tasks.Metrics;

namespace Plait.Benchmarks.Vision;

/// <summary>The dense tasks that the data sets of vision have in common.</summary>
internal static class DenseTasks
{
    public const string Segmentation = "segmentation";
    public const string Parts = "parts";
    public const string Depth = "depth";
    public const string Normals = "normals";
    public const string Edges = "edges";
    public const string Saliency = "saliency";
    public const string Keypoints = "keypoints";

    public static LearningTask Classes(string name, int classes) =>
        new(name, OutputShape.Dense(classes), new CrossEntropy(), [new Accuracy()]);

    public static LearningTask Distances() =>
        new(Depth, OutputShape.Dense(1), new AbsoluteError(), [new MeanAbsoluteError()]);

    public static LearningTask Directions() =>
        new(Normals, OutputShape.Dense(3), new AbsoluteError(), [new MeanAbsoluteError()]);

    public static LearningTask Marks(string name) =>
        new(name, OutputShape.Dense(1), new BinaryCrossEntropy(), [new AreaUnderRoc()]);

    /// <summary>A map of strengths from 0 to 1.</summary>
    public static LearningTask Strengths(string name) =>
        new(name, OutputShape.Dense(1), new AbsoluteError(), [new MeanAbsoluteError()]);
}
