using Plait.Numerics;
using Plait.Optimization.Scheduling;
using Plait.Training;

namespace Plait.Demonstrations;

/// <summary>Tasks that form a chain of small changes, learned one after the other by one predictor, in several orders.</summary>
internal sealed class CurriculumDemonstration : Demonstration
{
    private const double Pull = 1; // what a squared step of the predictor costs when the order is sought
    private const double LearningRate = 0.5;

    /// <inheritdoc/>
    public override string Name => "curriculum";

    /// <inheritdoc/>
    public override string Claim =>
        "Tasks are learned better one after the other when the next one is the easiest from where the last one ended, than in any order.";

    /// <summary>How many tasks.</summary>
    public int Tasks { get; init; } = 10;

    /// <summary>Training rows of each task.</summary>
    public int Rows { get; init; } = 80;

    /// <summary>Steps that each task is trained for, each over all of its rows.</summary>
    public int Steps { get; init; } = 20;

    /// <summary>Random orders that are averaged.</summary>
    public int RandomOrders { get; init; } = 10;

    /// <inheritdoc/>
    public override IReadOnlyList<Observation> Run(int seed)
    {
        using var chain = new TaskChain(seed, Tasks, Rows);
        var found = chain.FindOrder(Pull);
        int[] back = [.. found.Reverse()];
        var random = Enumerable.Range(0, RandomOrders).Select(number => RandomOrder(seed, number)).ToList();
        return
        [
            .. Averaged("each from nothing", [.. found.Select(task => Learn([task]))]),
            .. Averaged("random orders", [.. random.Select(Learn)]),
            .. Averaged("found order, backwards", [Learn(back)]),
            .. Averaged("found order", [Learn(found)]),
            .. Averaged("planted order", [Learn(chain.Planted)]),
            new("random orders", "neighbours next to each other", random.Average(chain.Neighbours)),
            new("found order", "neighbours next to each other", chain.Neighbours(found)),
        ];

        (double Turn, double End) Learn(int[] order)
        {
            using var scope = torch.NewDisposeScope();
            string[] names = [.. order.Select(task => chain.Train.Tasks[task].Name)];
            using var train = chain.Train.SelectTasks(names);
            using var test = chain.Test.SelectTasks(names);
            var network = new OnePredictor(train.Tasks, chain.Inputs);
            using var batches = train.Batches(Rows);
            using var unseen = test.Batches(TaskChain.TestRows);
            var turns = new List<double>();
            var end = double.NaN;
            var recipe = new Recipe
            {
                Schedule = new Curriculum(names),
                Optimizer = new SgdOptimizer(LearningRate, momentum: 0),
                Epochs = Steps * order.Length,
                Seed = seed,
            };
            new Trainer(network, recipe).Fit(
                batches,
                progress: new EndOfEpoch(epoch =>
                {
                    if ((epoch.Epoch + 1) % Steps == 0)
                    {
                        var metrics = Evaluator.Evaluate(network, unseen).Metrics;
                        turns.Add(1 - metrics[names[turns.Count], "accuracy"]);
                        end = 1 - names.Average(name => metrics[name, "accuracy"]);
                    }
                })
            );
            return (turns.Average(), end);
        }
    }

    private static IEnumerable<Observation> Averaged(string setting, List<(double Turn, double End)> errors) =>
        [
            new(setting, "test error after the task's turn", errors.Average(error => error.Turn)),
            new(setting, "test error of all tasks at the end", errors.Average(error => error.End)),
        ];

    private int[] RandomOrder(int seed, int number)
    {
        int[] order = [.. Enumerable.Range(0, Tasks)];
        Seeds.Generator(seed, number).Shuffle(order);
        return order;
    }
}
