using Plait.Tasks;
using Plait.Tasks.Losses;
using Plait.Tasks.Metrics;

namespace Plait.Benchmarks.Scenes;

/// <summary>The tasks on scenes, in the order of their targets.</summary>
internal static class SceneTasks
{
    /// <summary>Metres in one unit of depth: depths are learned as about 0.1 to 5.</summary>
    public const double DepthUnit = 10;

    /// <summary>Segmentation, parts, depth, normals, edges, saliency, boundaries.</summary>
    public static TaskSet Create() =>
        new(
            Classes("segmentation", Enum.GetValues<SemanticClass>().Length),
            Classes("parts", Enum.GetValues<Part>().Length),
            new LearningTask("depth", OutputShape.Dense(1), new AbsoluteError(), [new MeanAbsoluteError()]),
            new LearningTask("normals", OutputShape.Dense(3), new AbsoluteError(), [new MeanAbsoluteError()]),
            Mask("edges"),
            Mask("saliency"),
            Mask("boundaries")
        );

    private static LearningTask Classes(string name, int classes) =>
        new(name, OutputShape.Dense(classes), new CrossEntropy(), [new BalancedAccuracy()]);

    private static LearningTask Mask(string name) =>
        new(name, OutputShape.Dense(1), new BinaryCrossEntropy(), [new F1(F1Average.Positive)]);
}
