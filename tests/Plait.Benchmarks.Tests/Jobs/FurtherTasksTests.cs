using Plait.Benchmarks.Tests.Vision;
using Plait.Data;
using Plait.Jobs;
using Plait.Networks;
using Plait.Training;

namespace Plait.Benchmarks.Tests.Jobs;

/// <summary>A kept network of one task gains another, and then a third, of rows that not all tasks have.</summary>
[Collection("torch")]
public sealed class FurtherTasksTests : IDisposable
{
    private readonly SmallScenes scenes = new();
    private readonly DataFolder folder = new();

    public void Dispose()
    {
        scenes.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void Tasks_that_were_there_are_tested_and_answer_bit_for_bit_as_before()
    {
        using var runner = new JobRunner();
        var (first, second, third) = (In("first"), In("second"), In("third"));
        var depth = runner.Run(Job("depth"), first).Result;
        var segmentation = runner.Run(Further(first, "segmentation"), second).Result;
        var normals = runner.Run(Further(second, "normals"), third).Result;

        Assert.Equal(["depth", "segmentation", "normals"], normals.Metrics.Keys);
        Assert.Equal(depth.Metrics["depth"], segmentation.Metrics["depth"]);
        Assert.Equal(segmentation.Metrics["depth"], normals.Metrics["depth"]);
        Assert.Equal(segmentation.Metrics["segmentation"], normals.Metrics["segmentation"]);
        Assert.Equal(depth.Losses["depth"], normals.Losses["depth"]);
        Assert.Equal(["segmentation"], segmentation.TrainingLosses.Keys);
        using var data = Job("depth").Data.Load(5);
        using var before = SavedNetwork.Load(first, data);
        using var after = SavedNetwork.Load(third, data);
        Assert.Equal(["segmentation", "depth", "normals"], after.Network.Tasks.Select(task => task.Name));
        Assert.Equal(["depth", "segmentation", "normals"], after.Job.TasksByStage!.Select(stage => stage.Single()));
        Assert.Equal(Answers(before.Network, data, 0), Answers(after.Network, data, 1));
        Assert.True(segmentation.Parameters > 0);
        Assert.NotEqual(segmentation.Parameters, Size(after.Network));
    }

    [Fact]
    public void A_training_of_further_tasks_that_was_stopped_goes_on_to_the_same_end()
    {
        using var runner = new JobRunner();
        var (first, stopped) = (In("first"), In("stopped"));
        runner.Run(Job("depth"), first);
        var job = Further(first, "normals");
        var whole = runner.Run(job, In("whole")).Result;
        using var stop = new CancellationTokenSource();

        Assert.Throws<OperationCanceledException>(() => runner.Run(job, stopped, _ => new Stopping(stop), stop.Token));
        var resumed = runner.Run(job, stopped).Result;

        Assert.Equal(whole.Metrics, resumed.Metrics);
        Assert.Equal(whole.TrainingLosses["normals"], resumed.TrainingLosses["normals"]);
    }

    [Fact]
    public void What_cannot_take_a_task_or_has_it_is_refused_before_any_training()
    {
        using var runner = new JobRunner();
        var (frozen, shared) = (In("frozen"), In("shared"));
        runner.Run(Job("depth"), frozen);
        var job = Job("depth");
        runner.Run(job with { Run = job.Run with { Network = "hps" } }, shared);
        var wrong = Further(shared, "normals");
        using var data = job.Data.Load(5);

        Assert.Contains(
            "rcm can",
            Assert
                .Throws<NotSupportedException>(() =>
                    (wrong with { Run = wrong.Run with { Network = "hps" } }).Check(data)
                )
                .Message
        );
        Assert.Contains("HardSharing", Assert.Throws<ArgumentException>(() => wrong.Check(data)).Message);
        Assert.Contains(
            "'depth' already",
            Assert.Throws<ArgumentException>(() => Further(frozen, "depth").Check(data)).Message
        );
        Assert.ThrowsAny<IOException>(() => Further(In("absent"), "normals").Check(data));
        Assert.Contains("random", Assert.Single(job.Check(data)));
        Assert.Empty(Further(frozen, "normals").Check(data));
    }

    private string In(string name) => Directory.CreateDirectory(folder.File(name)).FullName;

    private TrainingJob Job(string task)
    {
        var job = scenes.In(scenes.Job, rowByRow: false);
        return job with
        {
            Tasks = [task],
            KeepsNetwork = true,
            Run = job.Run with { Network = "rcm", Encoder = "tiny-resnet:width=4,stages=1,blocks=1", Epochs = 2 },
        };
    }

    private TrainingJob Further(string kept, string task) => Job(task) with { GoesOnFrom = kept };

    private static float[] Answers(MultiTaskNetwork network, IDataParts data, int task)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var rows = ((TensorData)data.Test).Input;
        return
        [
            .. network
                .Forward(MultiTaskBatch.Unlabelled(network.Tasks.All, rows), network.Tasks.Select(task))[task]
                .data<float>(),
        ];
    }

    private static long Size(MultiTaskNetwork network) =>
        network.parameters().Where(parameter => parameter.requires_grad).Sum(parameter => parameter.numel());

    /// <summary>Stops once an epoch is done.</summary>
    private sealed class Stopping(CancellationTokenSource stop) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Finished is not null)
            {
                stop.Cancel();
            }
        }
    }
}
