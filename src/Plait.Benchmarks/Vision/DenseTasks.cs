using Plait.Tasks;
using Plait.Tasks.Answers;
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

    /// <summary>Outlines, judged within the tolerance that is usual for the data set.</summary>
    /// <param name="tolerance">As <see cref="EdgeF"/> takes it.</param>
    public static LearningTask Edges(double tolerance) =>
        LearningTask.Edges(
            "edges",
            metrics: [new EdgeF(EdgeThreshold.DataSet, tolerance), new EdgeF(EdgeThreshold.Image, tolerance)]
        );

    public static LearningTask Saliency() => LearningTask.Saliency("saliency");

    /// <summary>A map of strengths from 0 to 1, judged by the absolute error.</summary>
    public static LearningTask Strengths(string name) =>
        new(name, new Numeric(layout: Layout.Pixel), new AbsoluteError(), [new MeanAbsoluteError()]);
}
