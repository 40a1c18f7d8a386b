using Plait.Optimization;
using Plait.Optimization.GradientModulation;
using Plait.Tasks;
using Plait.Tasks.Answers;
using static TorchSharp.torch.nn;

namespace Plait.Demonstrations;

/// <summary>A main task of few rows and an auxiliary one of many, which helps or harms: cosine gating.</summary>
/// <remarks>
/// The main task is to name the article at the top left, from few of them. The auxiliary task that helps is to name the one at the bottom
/// right; the one that harms is to call further articles at the top left by the next class's name. One network, no part of which
/// belongs to a task, answers both.
/// </remarks>
internal sealed class GatedAuxiliaryDemonstration : Demonstration
{
    private const int Width = 100;
    private const double LearningRate = 0.05;

    private static readonly (string Name, Func<GradientAggregator> Create)[] Methods =
    [
        ("sum", () => new Sum()),
        ("cosine-gating", () => new CosineGating()),
        ("cosine-gating:weighted=true", () => new CosineGating(weighted: true)),
    ];

    /// <inheritdoc/>
    public override string Name => "cosine-gating";

    /// <inheritdoc/>
    public override string Claim =>
        "An auxiliary task that is followed only where it points the main task's way helps if it can and does no harm if it cannot.";

    /// <summary>Rows of the main task.</summary>
    public int MainRows { get; init; } = 200;

    /// <summary>Rows of the auxiliary task.</summary>
    public int AuxiliaryRows { get; init; } = 5000;

    /// <summary>Rows of a batch of the auxiliary task; the main task's gradient is that of all its rows.</summary>
    public int BatchRows { get; init; } = 200;

    /// <summary>Rows of a batch of either task where both gradients are to be rough.</summary>
    public int FewRows { get; init; } = 25;

    /// <summary>How many steps are taken.</summary>
    public int Steps { get; init; } = 2000;

    /// <inheritdoc/>
    public override IReadOnlyList<Observation> Run(int seed)
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(seed);
        var (articles, others, test) = Articles.Load();
        articles = articles.Choose(torch.randperm(articles.Classes.size(0)));
        var main = articles.Slice(0, MainRows);
        var helpful = others.Slice(0, AuxiliaryRows);
        var more = articles.Slice(MainRows, AuxiliaryRows);
        var harmful = more with { Classes = more.Classes.add(1).remainder(Articles.ClassCount) };
        var results = new List<Observation>();
        Measure("no auxiliary", [main], new Sum());
        foreach (var (method, create) in Methods)
        {
            Measure($"{method}, helpful", [main, helpful], create());
            Measure($"{method}, harmful", [main, harmful], create());
            Measure($"{method}, harmful, rough gradients", [main, harmful], create(), FewRows);
        }

        return results;

        void Measure(string setting, Articles[] rows, GradientAggregator aggregator, int? batchRows = null)
        {
            torch.manual_seed(seed);
            var (accuracy, against) = Learn(rows, test, aggregator, batchRows);
            results.Add(new(setting, "accuracy of the main task", accuracy));
            results.Add(new(setting, "share of steps with the auxiliary against it", against));
        }
    }

    /// <summary>The accuracy that a network comes to, and the share of steps in which the gradients had a negative inner product.</summary>
    private (double Accuracy, double Against) Learn(
        Articles[] rows,
        Articles test,
        GradientAggregator aggregator,
        int? batchRows
    )
    {
        var set = new TaskSet(
            rows.Select((_, task) => LearningTask.Classification($"task {task}", Articles.ClassCount))
        );
        using var network = Sequential(Linear(Articles.Pixels, Width), ReLU(), Linear(Width, Articles.ClassCount));
        using var optimizer = torch.optim.SGD(network.parameters(), LearningRate);
        var against = 0;
        var watched = new Watched(
            aggregator,
            gradients => against += gradients.Gramian()[0, gradients.Count - 1] < 0 ? 1 : 0
        );
        watched.Begin(set);
        for (var step = 0; step < Steps; step++)
        {
            using var scope = torch.NewDisposeScope();
            var batches = rows.Select(
                (some, task) => task == 0 && batchRows is null ? some : some.Draw(batchRows ?? BatchRows)
            );
            TaskLosses
                .Of(set, [.. batches.Select(batch => batch.Loss(network))])
                .Backward(network.parameters(), watched);
            optimizer.step();
        }

        return (test.Accuracy(network), (double)against / Steps);
    }
}
