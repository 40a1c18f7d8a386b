using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Tasks.Losses;
using Plait.Tasks.Metrics;

namespace Plait.Tests.Tasks.Metrics;

public sealed class GatheringTests
{
    [Fact]
    public void Metrics_of_one_task_that_read_the_same_gather_it_once()
    {
        using var scope = torch.NewDisposeScope();
        var counter = new Counter();
        var tasks = new TaskSet(
            Task("a", new Read("once", 1, counter), new Read("twice", 1, counter), new Read("other kind", 2, counter)),
            Task("b", new Read("other task", 1, counter))
        );
        var accumulator = new TaskMetricsAccumulator(tasks);
        var target = TaskTarget.Of(torch.ones(4));

        accumulator.Add(0, torch.ones(4, 1), target);
        accumulator.Add(0, torch.ones(4, 1), target);

        Assert.Equal(4, counter.Batches);
        Assert.Equal([2, 2, 2], accumulator.Compute().Of(0).ToArray());
        Assert.Equal([0], accumulator.Compute().Of(1).ToArray());
    }

    [Fact]
    public void Together_metrics_say_what_each_says_alone()
    {
        using var scope = torch.NewDisposeScope();
        var generator = new torch.Generator(3);
        var normals = LearningTask.SurfaceNormals("normals", NormalAngle.Kinds);
        var depth = LearningTask.Depth(
            "depth",
            metrics: [.. DepthError.Kinds, new DepthError(DepthErrorKind.Absolute, medianScaling: true)]
        );
        var tasks = new TaskSet(
            LearningTask.Segmentation("classes", 3),
            depth,
            normals,
            LearningTask.Edges("edges", metrics: [.. Metric.ForEdges, new EdgeFOfOtherName()]),
            LearningTask.Saliency("saliency")
        );
        Tensor[] outputs =
        [
            torch.randn(4, 3, 6, 7, generator: generator),
            torch.rand(4, 1, 6, 7, generator: generator),
            torch.randn(4, 3, 6, 7, generator: generator),
            torch.randn(4, 1, 6, 7, generator: generator),
            torch.randn(4, 1, 6, 7, generator: generator),
        ];
        TaskTarget[] targets =
        [
            TaskTarget.Of(torch.randint(0, 3, [4, 6, 7], generator: generator)),
            TaskTarget.Of(torch.rand(4, 1, 6, 7, generator: generator)),
            TaskTarget.Of(torch.randn(4, 3, 6, 7, generator: generator)),
            TaskTarget.Of(torch.randint(0, 2, [4, 1, 6, 7], ScalarType.Float32, generator: generator)),
            TaskTarget.Of(torch.randint(0, 2, [4, 6, 7], ScalarType.Float32, generator: generator)),
        ];
        var together = new TaskMetricsAccumulator(tasks);
        for (var task = 0; task < tasks.Count; task++)
        {
            together.Add(task, outputs[task], targets[task]);
        }

        var values = together.Compute();
        for (var task = 0; task < tasks.Count; task++)
        {
            for (var metric = 0; metric < tasks[task].Metrics.Count; metric++)
            {
                var alone = tasks[task].Metrics[metric].Start(tasks[task].Answer);
                alone.Add(outputs[task], targets[task]);
                Assert.Equal(alone.Compute(), values[task, metric]);
                Assert.True(double.IsFinite(values[task, metric]));
            }
        }
    }

    private static LearningTask Task(string name, params Metric[] metrics) =>
        new(name, new Numeric(1), new SquaredError(), metrics);

    /// <summary>Edges at a tolerance of their own, which must not be read off the usual ones.</summary>
    private sealed class EdgeFOfOtherName : Metric
    {
        public override string Name => "loose ods f";

        public override bool HigherIsBetter => true;

        public override MetricAccumulator Start(Answer answer) => new EdgeF(tolerance: 0.3).Start(answer);
    }

    private sealed class Counter
    {
        public int Batches { get; set; }
    }

    private sealed class Read(string name, int kind, Counter counter) : Metric
    {
        public override string Name => name;

        public override bool HigherIsBetter => true;

        public override MetricAccumulator Start(Answer answer) =>
            new Reading<Counting>(new(kind, counter), source => source.Batches);
    }

    private sealed class Counting(int kind, Counter counter) : Gathering
    {
        public override object Kind => kind;

        public int Batches { get; private set; }

        public override void Add(Tensor output, TaskTarget target)
        {
            Batches++;
            counter.Batches++;
        }
    }
}
