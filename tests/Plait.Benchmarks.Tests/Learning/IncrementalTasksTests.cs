using Plait.Data;
using Plait.Jobs;
using Plait.Networks;
using Plait.Networks.Encoders;
using Plait.Networks.SharedTrunk;
using Plait.Networks.SingleTasking;
using Plait.Optimization.Scheduling;
using Plait.Tasks;
using Plait.Training;

namespace Plait.Benchmarks.Tests.Learning;

/// <summary>The protocol of the paper on reparameterised convolutions, on scenes: an encoder that has learned to name things gains tasks one by one.</summary>
[Collection("torch")]
public sealed class IncrementalTasksTests(SceneTrainings trainings, ITestOutputHelper output)
{
    private const int BatchSize = 16;
    private const int Images = 200; // whose responses the bank is turned to
    private const int Width = 16; // of fewer filters a bank spans less than tasks want
    private const int Epochs = 4;
    private const double Rate = 0.01;
    private const double RateOfMatrices = 0.02; // they want a larger one than filters that are fine-tuned

    private static readonly string[] Named = ["segmentation", "saliency"];
    private static readonly string[] Added = ["depth", "normals", "edges"];

    [Fact(Explicit = true)]
    [Trait("category", "slow")]
    public void Tasks_added_to_frozen_filters_come_near_networks_of_their_own_and_leave_no_trace_in_the_others()
    {
        using var scope = torch.NewDisposeScope();
        using var scenes = trainings.Load(seed: 1);
        torch.manual_seed(1);
        var tasks = Of(scenes, Added);
        using var encoder = new TinyResNet(scenes.InputSpec.Shape!, width: Width);
        using var namer = new HardSharing(Of(scenes, Named), encoder);
        Train(namer, scenes);

        var images = scenes.Train.Input.narrow(0, 0, Images);
        var network = Rcm.FromTrained(new TaskSet(tasks[0]), encoder, images);
        Train(network, scenes);
        List<long> sizes = [SizeOf(network, 0)];
        foreach (var task in tasks.Skip(1))
        {
            var before = Answers(network, images);
            var grown = network.WithTask(task);
            sizes.Add(SizeOf(grown, sizes.Count));
            Train(grown, scenes);
            Assert.Equal(before, Answers(grown, images)[..before.Length]);
            network.Dispose();
            network = grown;
        }

        using var singles = new SingleTask(tasks, Loaded(encoder)); // each starts from the trained encoder
        Train(singles, scenes);
        var (added, own) = (Judge(network, scenes), Judge(singles, scenes));
        network.Dispose();
        for (var task = 0; task < tasks.Count; task++)
        {
            var whole = SizeOf(singles, task);
            output.WriteLine(
                $"{tasks[task]}: {added.Primary(task):F3} with {sizes[task]} parameters, {own.Primary(task):F3} with {whole}, {DeltaM.OfTask(added, own, task):+0.0;-0.0} %"
            );
            Assert.True(
                sizes[task] < 0.5 * whole,
                $"{tasks[task]} adds {sizes[task]} parameters to networks of {whole}"
            );
        }

        var delta = DeltaM.Compute(added, own);
        output.WriteLine($"together {delta:+0.0;-0.0} %");
        Assert.True(delta > -3, $"{delta} % against networks of their own");
    }

    /// <summary>A copy whose replicas are copies too, as those of an encoder with random weights are not.</summary>
    private TinyResNet Loaded(Encoder encoder)
    {
        var file = Path.Combine(trainings.Source.DataDirectory!, "namer.safetensors");
        EncoderWeights.Save(encoder, file);
        var loaded = new TinyResNet(encoder.InputShape, width: Width);
        EncoderWeights.Load(loaded, file);
        return loaded;
    }

    private static TaskSet Of(DataParts scenes, string[] names) => new(names.Select(name => scenes.Tasks[name]));

    private static void Train(MultiTaskNetwork network, DataParts scenes)
    {
        using var train = scenes.Train.SelectTasks(network.Tasks.Select(task => task.Name));
        using var validation = scenes.Validation.SelectTasks(network.Tasks.Select(task => task.Name));
        var recipe = new Recipe
        {
            Optimizer = new AdamOptimizer(network is Rcm ? RateOfMatrices : Rate),
            LearningRateSchedule = LearningRateSchedule.Cosine(Epochs),
            Schedule = network is Rcm ? new LatestAlone() : new Joint(),
            Epochs = Epochs,
            GradientRecordInterval = 0,
        };
        using var batches = train.Batches(BatchSize, shuffleSeed: 1);
        using var chosenBy = validation.Batches(50);
        new Trainer(network, recipe).Fit(batches, chosenBy);
    }

    private static TaskMetrics Judge(MultiTaskNetwork network, DataParts scenes)
    {
        using var test = scenes.Test.SelectTasks(network.Tasks.Select(task => task.Name));
        using var batches = test.Batches(50);
        return Evaluator.Evaluate(network, batches).Metrics;
    }

    /// <summary>The numbers of each task's output for a few images, in eval mode.</summary>
    private static float[][] Answers(MultiTaskNetwork network, Tensor images)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        network.eval();
        var outputs = network.Forward(
            MultiTaskBatch.Unlabelled(network.Tasks.All, images.narrow(0, 0, BatchSize)),
            network.Tasks.All
        );
        return [.. network.Tasks.Select((_, task) => outputs[task].data<float>().ToArray())];
    }

    private static long SizeOf(MultiTaskNetwork network, int task) =>
        network.ParametersOf(task).Sum(parameter => parameter.numel());

    /// <summary>Trains the task that was added last.</summary>
    private sealed class LatestAlone : TaskSchedule
    {
        public override TaskSelection Next(StepContext step) =>
            step.Tasks.All.Where(task => task == step.Tasks.Count - 1);
    }
}
