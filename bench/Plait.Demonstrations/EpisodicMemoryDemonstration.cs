using Plait.Optimization;
using Plait.Optimization.GradientModulation;
using Plait.Tasks;
using Plait.Tasks.Answers;
using static TorchSharp.torch.nn;

namespace Plait.Demonstrations;

/// <summary>Tasks that come one after the other, with a few remembered rows of each: GEM and A-GEM.</summary>
/// <remarks>
/// The permuted images of Lopez-Paz and Ranzato 2017, section 4, in small: each task is to name an article whose pixels are in an
/// order of the task's own. One network, no part of which belongs to a task, sees the rows of each once.
/// </remarks>
internal sealed class EpisodicMemoryDemonstration : Demonstration
{
    private const int Width = 100; // of both hidden layers, as in the paper

    /// <inheritdoc/>
    public override string Name => "gem";

    /// <inheritdoc/>
    public override string Claim =>
        "With remembered rows of earlier tasks as constraints on its gradient, a network forgets little and still learns new tasks.";

    /// <summary>How many tasks come.</summary>
    public int Tasks { get; init; } = 10;

    /// <summary>Rows of each task.</summary>
    public int Rows { get; init; } = 1000;

    /// <summary>How many of them are remembered.</summary>
    public int Remembered { get; init; } = 100;

    /// <summary>Rows of a batch.</summary>
    public int BatchRows { get; init; } = 10;

    /// <summary>Rows that the accuracy on a task is measured on.</summary>
    public int TestRows { get; init; } = 1000;

    /// <inheritdoc/>
    public override IReadOnlyList<Observation> Run(int seed)
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(seed);
        var (train, _, test) = Articles.Load();
        test = test.Slice(0, TestRows);
        Tensor[] orders = [.. Enumerable.Range(0, Tasks).Select(_ => torch.randperm(Articles.Pixels))];
        Articles[] rows =
        [
            .. orders.Select(order =>
                InOrder(train.Choose(torch.randperm(train.Classes.size(0)).narrow(0, 0, Rows)), order)
            ),
        ];
        Articles[] tests = [.. orders.Select(order => InOrder(test, order))];
        var results = new List<Observation>();
        foreach (var (setting, rate, aggregator) in Methods())
        {
            torch.manual_seed(seed);
            var accuracy = Learn(rows, tests, rate, aggregator);
            var last = accuracy[^1];
            results.Add(new(setting, "accuracy at the end", last.Average()));
            results.Add(
                new(setting, "accuracy when just learned", accuracy.Select((row, task) => row[task]).Average())
            );
            results.Add(
                new(
                    setting,
                    "backward transfer",
                    Enumerable.Range(0, Tasks - 1).Average(task => last[task] - accuracy[task][task])
                )
            );
            results.Add(new(setting, "accuracy of the first task at the end", last[0]));
        }

        return results;
    }

    private static Articles InOrder(Articles articles, Tensor order) =>
        articles with
        {
            Images = articles.Images.index_select(1, order),
        };

    private static IEnumerable<(string Setting, double Rate, GradientAggregator? Aggregator)> Methods()
    {
        const double Rate = 0.05;
        yield return ("no memory", Rate, null);
        yield return ("no memory, a fifth of the rate", Rate / 5, null);
        yield return ("mean", Rate, new Mean());
        yield return ("a-gem", Rate, new AGem());
        yield return ("gem", Rate, new Gem());
        yield return ("gem:margin=0.5", Rate, new Gem(margin: 0.5));
    }

    /// <summary>The accuracy on every task after each: the paper's matrix R.</summary>
    private double[][] Learn(Articles[] rows, Articles[] tests, double rate, GradientAggregator? aggregator)
    {
        var set = new TaskSet(
            rows.Select((_, task) => LearningTask.Classification($"order {task}", Articles.ClassCount))
        );
        using var network = Sequential(
            Linear(Articles.Pixels, Width),
            ReLU(),
            Linear(Width, Width),
            ReLU(),
            Linear(Width, Articles.ClassCount)
        );
        using var optimizer = torch.optim.SGD(network.parameters(), rate);
        aggregator?.Begin(set);
        var accuracy = new double[rows.Length][];
        for (var task = 0; task < rows.Length; task++)
        {
            int[] earlier = aggregator is null ? [] : [.. Enumerable.Range(0, task)];
            for (var row = 0; row + BatchRows <= Rows; row += BatchRows)
            {
                using var scope = torch.NewDisposeScope();
                var losses = new TaskLosses(
                    set.Select([.. earlier, task]),
                    [
                        .. earlier.Select(known => rows[known].Slice(0, Remembered).Loss(network)),
                        rows[task].Slice(row, BatchRows).Loss(network), // the last, which GEM takes for the one to learn
                    ]
                );
                losses.Backward(network.parameters(), aggregator ?? new Sum());
                optimizer.step();
            }

            accuracy[task] = [.. tests.Select(test => test.Accuracy(network))];
        }

        return accuracy;
    }
}
