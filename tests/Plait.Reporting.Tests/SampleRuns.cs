using Plait.Benchmarks.Comparison;
using Plait.Jobs.Runs;
using Plait.Numerics;
using Plait.Tasks;
using Plait.Tasks.Answers;

namespace Plait.Reporting.Tests;

/// <summary>Fills a store with runs as a comparison and a training leave them; the numbers are made up, their shapes are not.</summary>
internal static class SampleRuns
{
    public const int Epochs = 30;

    /// <summary>The epoch that the training of a table kept, from 0.</summary>
    public const int Kept = 24;

    public static readonly string[] Recipes =
    [
        "single-task",
        "hps",
        "hps + uncertainty",
        "hps + dwa",
        "hps + pcgrad",
        "hps + mgda",
        "cross-stitch",
        "mmoe + pcgrad",
    ];

    public static readonly string[] Tox21 =
    [
        "NR-AR",
        "NR-AR-LBD",
        "NR-AhR",
        "NR-Aromatase",
        "NR-ER",
        "NR-ER-LBD",
        "NR-PPAR-gamma",
        "SR-ARE",
        "SR-ATAD5",
        "SR-HSE",
        "SR-MMP",
        "SR-p53",
    ];

    /// <summary>A comparison of the recipes on the tasks, with one training for each recipe and seed.</summary>
    public static RunRecord Comparison(
        RunStore store,
        IReadOnlyList<string> recipes,
        IReadOnlyList<string> taskNames,
        int seeds,
        string benchmark = "tox21"
    )
    {
        var tasks = new TaskSet(taskNames.Select(name => LearningTask.Binary(name)));
        var comparison = store.Create(
            RunKind.Comparison,
            "comparison",
            benchmark,
            """{"benchmark":"tox21","split":"scaffold","epochs":30}"""
        );
        var builder = new ComparisonBuilder(benchmark, tasks, recipes[0]);
        for (var recipe = 0; recipe < recipes.Count; recipe++)
        {
            for (var seed = 0; seed < seeds; seed++)
            {
                var random = Seeds.Generator(17, recipe, seed);
                var run = store.Create(
                    RunKind.Training,
                    recipes[recipe],
                    benchmark,
                    $$"""{"seed":{{seed}}}""",
                    comparison.Id
                );
                store.AddMeasurements(run.Id, Curves(random, taskNames, recipe));
                store.AddDiagnostics(run.Id, Diagnostics(random, taskNames, recipe));
                var seconds = recipe == 0 ? 18 + random.NextDouble() : 2 + (recipe * 0.7) + random.NextDouble();
                var parameters = recipe == 0 ? 3_400_000 : 310_000 + (recipe * 52_345);
                store.Update(run.Id, RunStatus.Finished, seconds, parameters);
                builder.Add(
                    new(recipes[recipe], recipe == 0 ? "single-task" : "hps", "equal", recipe == 4 ? "pcgrad" : "sum"),
                    new(seed, Metrics(random, tasks, recipe), parameters, seconds)
                );
            }
        }

        store.SetResult(comparison.Id, builder.Build().ToJson());
        store.Update(comparison.Id, RunStatus.Finished, 96.4);
        return store.Find(comparison.Id);
    }

    /// <summary>One training on a table with three targets.</summary>
    public static RunRecord Training(RunStore store)
    {
        string[] tasks = ["price", "churn", "segment"];
        var random = Seeds.Generator(3);
        var run = store.Create(
            RunKind.Train,
            "houses",
            "houses.csv",
            """{"network":"hps","weighting":"uncertainty","aggregator":"pcgrad","optimizer":{"name":"adam","rate":0.001},"seed":7,"targets":["price:regression","churn:binary","segment:classification"]}"""
        );
        store.AddMeasurements(run.Id, Curves(random, tasks, 2));
        store.AddMeasurements(
            run.Id,
            tasks.Select(
                (task, index) =>
                    new Measurement(Kept, DataSplit.Test, task, index == 0 ? "mse" : "auc", 0.31 + index * 0.2)
            )
        );
        store.AddDiagnostics(run.Id, Diagnostics(random, tasks, 2));
        store.SetResult(
            run.Id,
            $$"""{"rows":{"training":700,"validation":150,"test":150},"bestEpoch":{{Kept + 1}},"epochs":{{Epochs + 1}},"warnings":["Column 'id' is no input."]}"""
        );
        store.Update(run.Id, RunStatus.Finished, 12.3, 48_213);
        return store.Find(run.Id);
    }

    private static IEnumerable<Measurement> Curves(Random random, IReadOnlyList<string> tasks, int recipe)
    {
        for (var epoch = 0; epoch <= Epochs; epoch++)
        {
            for (var task = 0; task < tasks.Count; task++)
            {
                var fall = Math.Exp(-epoch / (4.0 + recipe));
                var noise = (random.NextDouble() - 0.5) * 0.01;
                var floor = 0.2 + (task * 0.02) - (recipe * 0.004);
                var overfit = epoch * 0.001 * (8 - recipe) * 0.5;
                yield return new(
                    epoch,
                    DataSplit.Train,
                    tasks[task],
                    Measurement.Loss,
                    floor + (0.45 * fall) - (overfit * 0.3) + noise
                );
                yield return new(
                    epoch,
                    DataSplit.Validation,
                    tasks[task],
                    Measurement.Loss,
                    floor + 0.05 + (0.4 * fall) + overfit + noise
                );
                yield return new(epoch, DataSplit.Validation, tasks[task], "auc", 0.8 - (0.3 * fall) + noise);
            }
        }
    }

    private static IEnumerable<Diagnostic> Diagnostics(Random random, IReadOnlyList<string> tasks, int recipe)
    {
        for (var step = 0; step < 600 && recipe > 0; step += 20)
        {
            if (recipe == 2)
            {
                yield return new(step, Diagnostic.ConflictRate, "", null, 0.5 * Math.Exp(-step / 600.0));
                yield return new(step, Diagnostic.Condition, "", null, 40 + step);
                yield return new(step, Diagnostic.Compliance, "", null, 0.4 + (step / 2000.0));
            }

            for (var task = 0; task < tasks.Count; task++)
            {
                if (recipe == 2)
                {
                    yield return new(step, Diagnostic.Norm, tasks[task], null, (task + 1) * Math.Exp(-step / 400.0));
                    yield return new(step, Diagnostic.UpdateWeight, tasks[task], null, 1 + (step / 600.0));
                }

                var drift = recipe is 2 or 3 ? Math.Sin(task + (step / 300.0)) * step / 1500 : 0;
                yield return new(step, Diagnostic.Weight, tasks[task], null, 1 + drift);
                for (var other = task + 1; other < tasks.Count && recipe is 2 or 4 or 5 or 7; other++)
                {
                    var cosine = (0.4 * Math.Cos((task - other) * 0.6)) + ((random.NextDouble() - 0.5) * 0.2);
                    yield return new(
                        step,
                        Diagnostic.Cosine,
                        tasks[task],
                        tasks[other],
                        cosine * Math.Exp(-step / 900.0)
                    );
                }
            }
        }
    }

    private static TaskMetrics Metrics(Random random, TaskSet tasks, int recipe) =>
        new(
            tasks,
            [
                .. tasks.Select(
                    (_, task) => (double[])[0.69 + 0.012 * task + 0.008 * recipe + (random.NextDouble() - 0.5) * 0.04]
                ),
            ]
        );
}
