using Plait.Data;
using Plait.Numerics;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Tasks.Metrics;

namespace Plait.Demonstrations;

/// <summary>Drawn tasks of yes and no, each separated by a direction a little off that of the one before it, and a little noisier.</summary>
internal sealed class TaskChain : IDisposable
{
    /// <summary>Test rows of each task.</summary>
    public const int TestRows = 1000;

    private const double Turn = 0.6; // radians between neighbours
    private const double NoiseOfEach = 0.06; // each task's labels are noisier by so much

    private readonly int[] places; // the place in the chain of each task

    /// <summary>Draws the tasks, in an order that says nothing of the chain.</summary>
    public TaskChain(int seed, int tasks, int rows)
    {
        using var scope = torch.NewDisposeScope();
        using var chance = new torch.Generator((ulong)seed);
        places = [.. Enumerable.Range(0, tasks)];
        Seeds.Generator(seed, tasks).Shuffle(places);
        var direction = Unit(torch.randn([Inputs], generator: chance));
        var directions = new List<Tensor> { direction };
        while (directions.Count < tasks)
        {
            var other = torch.randn([Inputs], generator: chance);
            direction =
                (direction * Math.Cos(Turn)) + (Unit(other - (direction * other.dot(direction))) * Math.Sin(Turn));
            directions.Add(direction);
        }

        var set = new TaskSet(
            places.Select((_, task) => LearningTask.Binary($"task-{task}", metrics: [new Accuracy()]))
        );
        Train = Draw(rows);
        Test = Draw(TestRows);

        TensorData Draw(int count)
        {
            var inputs = places.Select(_ => torch.randn([count, Inputs], generator: chance)).ToArray();
            var labels = places.Select(
                (place, task) =>
                    inputs[task].mv(directions[place])
                    + (torch.randn([count], generator: chance) * NoiseOfEach * (place + 1))
            );
            return TensorData.PerTask(
                set,
                inputs,
                [.. labels.Select(label => TaskTarget.Of(label.gt(0).to(ScalarType.Float32)))]
            );
        }
    }

    /// <summary>Numbers a row.</summary>
    public int Inputs { get; } = 40;

    /// <summary>What is learned from.</summary>
    public TensorData Train { get; }

    /// <summary>What is judged by.</summary>
    public TensorData Test { get; }

    /// <summary>The tasks along the chain, the least noisy first.</summary>
    public int[] Planted => [.. Enumerable.Range(0, places.Length).OrderBy(task => places[task])];

    /// <summary>How many tasks of an order follow one that they are next to in the chain.</summary>
    public double Neighbours(int[] order) =>
        order.Zip(order.Skip(1)).Count(pair => Math.Abs(places[pair.First] - places[pair.Second]) == 1);

    /// <summary>
    /// Orders the tasks by their training rows: next is the one that a linear predictor fits with the least error and the least way
    /// from the last predictor.
    /// </summary>
    /// <param name="pull">How much a squared distance counts beside the mean squared error.</param>
    public int[] FindOrder(double pull)
    {
        using var scope = torch.NewDisposeScope();
        var last = torch.zeros([Inputs]);
        var order = new List<int>();
        while (order.Count < places.Length)
        {
            var left = Enumerable.Range(0, places.Length).Except(order);
            var (task, predictor, _) = left.Select(task => Fit(task, last, pull)).MinBy(fit => fit.Cost);
            order.Add(task);
            last = predictor;
        }

        return [.. order];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Train.Dispose();
        Test.Dispose();
    }

    private (int Task, Tensor Predictor, double Cost) Fit(int task, Tensor start, double pull)
    {
        var input = Train.InputOf(task);
        var signs = (Train.TargetOf(task).Values * 2) - 1;
        var system = (input.t().mm(input) / input.size(0)) + (torch.eye(Inputs) * pull);
        var step = torch.linalg.solve(system, input.t().mv(signs - input.mv(start)) / input.size(0));
        var predictor = start + step;
        var cost = (signs - input.mv(predictor)).square().mean() + (step.square().sum() * pull);
        return (task, predictor, cost.ToDouble());
    }

    private static Tensor Unit(Tensor vector) => vector / vector.norm();
}
