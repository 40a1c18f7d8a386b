using Plait.Tasks;
using Plait.Tasks.Losses;
using Plait.Tasks.Metrics;

namespace Plait.Benchmarks.Vision;

/// <summary>The dense tasks that the data sets of vision have in common, by the names that all of them use.</summary>
internal static class DenseTasks
{
    public static LearningTask Segmentation(int classes) => LearningTask.Segmentation("segmentation", classes);

    public static LearningTask Parts(int classes) => LearningTask.Segmentation("parts", classes);

    public static LearningTask Depth() => LearningTask.Depth("depth");

    public static LearningTask Normals() => LearningTask.SurfaceNormals("normals");

    public static LearningTask Edges() => LearningTask.Edges("edges");

    public static LearningTask Saliency() => LearningTask.Saliency("saliency");

    /// <summary>A map of strengths from 0 to 1, judged by the absolute error.</summary>
    public static LearningTask Strengths(string name) =>
        new(name, OutputShape.Dense(1), new AbsoluteError(), [new MeanAbsoluteError()]);
}
