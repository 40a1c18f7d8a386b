using Plait.Tabular.Models;
using Plait.Training;

namespace Plait.Tabular.Tests.Models;

[Collection("torch")]
public sealed class TabularTrainingTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Three_targets_are_learned_from_one_table(long seed)
    {
        var job = ThreeTargets.Job(folder.Write("data.csv", ThreeTargets.Csv(800)), seed: seed);

        using var model = ThreeTargets.Train(job with { Run = job.Run with { Epochs = 20 } });

        // The mean has R² 0; the larger class of `up` and `kind` has an accuracy of about 0.5 and 0.4.
        var test = model.Test!.Targets;
        Assert.InRange(test[0].Metrics["r2"]!.Value, 0.95, 1);
        Assert.InRange(test[0].Metrics["mae"]!.Value, 0, 80);
        Assert.InRange(test[1].Metrics["auc"]!.Value, 0.98, 1);
        Assert.InRange(test[2].Metrics["balanced accuracy"]!.Value, 0.85, 1);
        Assert.Equal(120, model.Test.Rows);
        Assert.InRange(test[0].Rows, 90, 119);
    }

    [Fact]
    public void Same_job_gives_the_same_bits_and_another_seed_others()
    {
        var table = folder.Write("data.csv", ThreeTargets.Csv(200));
        byte[][] networks =
        [
            .. new[] { 3L, 3L, 4L }.Select(
                (seed, i) =>
                {
                    ThreeTargets.Train(ThreeTargets.Job(table, folder.File($"model{i}"), seed)).Dispose();
                    return Network(folder.File($"model{i}"));
                }
            ),
        ];

        Assert.Equal(networks[0], networks[1]);
        Assert.NotEqual(networks[0], networks[2]);
    }

    [Fact]
    public void Resumed_training_gives_the_same_bits_as_an_unbroken_one()
    {
        var table = folder.Write("data.csv", ThreeTargets.Csv(200));
        ThreeTargets.Train(ThreeTargets.Job(table, folder.File("unbroken"))).Dispose();
        var job = ThreeTargets.Job(table, folder.File("resumed"));
        var checkpoints = new CheckpointFolder(folder.File("checkpoints"));
        foreach (var epoch in new[] { 2, 5 })
        {
            using var stop = new CancellationTokenSource();
            using var broken = TabularTraining.Prepare(job);
            Assert.ThrowsAny<OperationCanceledException>(() =>
                broken.Run(checkpoints, new StopAt(epoch, stop), stop.Token)
            );
            Assert.False(Directory.Exists(folder.File("resumed")));
        }

        using var training = TabularTraining.Prepare(job);
        var (model, history) = ThreeTargets.Run(training, checkpoints);
        model.Dispose();

        Assert.Equal(Network(folder.File("unbroken")), Network(folder.File("resumed")));
        Assert.Equal(8, history.History.Count);
    }

    [Fact]
    public void Model_that_could_not_be_saved_is_saved_from_the_checkpoint()
    {
        var table = folder.Write("data.csv", ThreeTargets.Csv(200));
        var job = ThreeTargets.Job(table, folder.File("model"));
        var checkpoints = new CheckpointFolder(folder.File("checkpoints"));
        using (var training = TabularTraining.Prepare(job))
        {
            folder.Write("model", "a file in the way");
            Assert.Throws<IOException>(() => ThreeTargets.Run(training, checkpoints));
        }

        File.Delete(folder.File("model"));
        using var again = TabularTraining.Prepare(job);
        ThreeTargets.Run(again, checkpoints).Model.Dispose();

        ThreeTargets.Train(job with { ModelFolder = folder.File("unbroken") }).Dispose();
        Assert.Equal(Network(folder.File("unbroken")), Network(folder.File("model")));
    }

    [Fact]
    public void Table_that_has_changed_is_not_resumed()
    {
        var table = folder.Write("data.csv", ThreeTargets.Csv(200));
        var job = ThreeTargets.Job(table) with { TableChecksum = TabularJob.ChecksumOf(table) };
        TabularTraining.Prepare(job).Dispose();
        folder.Write("data.csv", ThreeTargets.Csv(201));

        var error = Assert.Throws<InvalidDataException>(() => TabularTraining.Prepare(job));

        Assert.StartsWith($"{table}: the file has changed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Folder_in_use_is_refused_before_the_training()
    {
        var table = folder.Write("data.csv", ThreeTargets.Csv(50));

        Assert.Throws<IOException>(() => TabularTraining.Prepare(ThreeTargets.Job(table, folder.Path)));
    }

    [Fact]
    public void Without_test_or_validation_rows_all_rows_teach()
    {
        var job = ThreeTargets.Job(folder.Write("data.csv", ThreeTargets.Csv(100))) with
        {
            ValidationShare = 0,
            TestShare = 0,
        };
        using var training = TabularTraining.Prepare(job);
        var (model, history) = ThreeTargets.Run(training);
        using var trained = model;

        Assert.Equal(100, training.Split.Training.Length);
        Assert.Null(model.Test);
        Assert.Equal(8, history.History.Count);
        Assert.Throws<InvalidOperationException>(() => ThreeTargets.Run(training));
    }

    [Fact]
    public void Target_that_no_test_row_has_is_warned_of_and_its_metrics_are_undefined()
    {
        var rows = Enumerable.Range(0, 100).Select(i => $"{i},{i % 2},{(i < 4 ? $"{i}" : "")}\n");
        var job = ThreeTargets.Job(folder.Write("data.csv", "x,y,rare\n" + string.Concat(rows))) with
        {
            Targets = Tables.Targets("y:binary", "rare:regression"),
        };
        var seed = Enumerable
            .Range(0, 50)
            .First(seed =>
            {
                var data = TabularData.Read(job.Table, TableSchema.Infer(job.Table, job.Targets));
                var split = TabularSplit.Of(data, seed: seed);
                return split.Training.Count(row => row < 4) >= 2 && split.Test.All(row => row >= 4);
            });

        using var training = TabularTraining.Prepare(job with { Run = job.Run with { Seed = seed, Epochs = 1 } });
        using var model = ThreeTargets.Run(training).Model;

        Assert.Contains(
            "Target 'rare' is missing in all 15 test rows, so it does not help to judge the result.",
            training.Warnings
        );
        Assert.Equal(0, model.Test!.Targets[1].Rows);
        Assert.All(model.Test.Targets[1].Metrics.Values, value => Assert.Null(value));
    }

    [Fact]
    public void Job_comes_back_from_its_JSON()
    {
        var job = ThreeTargets.Job("data.csv", "model") with
        {
            Options = new TableOptions
            {
                Ignore = ["b"],
                Delimiter = ';',
                GroupBy = "colour",
            },
            TableChecksum = "00ff",
            Threads = 2,
        };

        var back = TabularJob.FromJson(job.ToJson());

        Assert.Equal(job.ToJson(), back.ToJson());
        Assert.Equal(job.Targets, back.Targets);
        Assert.Equal(';', back.Options.Delimiter);
        Assert.Throws<FormatException>(() => TabularJob.FromJson("{}"));
        Assert.Throws<FormatException>(() => TabularJob.FromJson("null"));
    }

    public void Dispose() => folder.Dispose();

    private static byte[] Network(string model) => File.ReadAllBytes(Path.Combine(model, "network.safetensors"));

    /// <summary>Presses Ctrl-C in the middle of an epoch.</summary>
    private sealed class StopAt(int epoch, CancellationTokenSource stop) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Finished?.Epoch == epoch)
            {
                stop.Cancel();
            }
        }
    }
}
