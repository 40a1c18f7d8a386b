using Plait.Benchmarks;
using Plait.Benchmarks.Tests;
using Plait.Jobs;
using Plait.Training;

namespace Plait.Vision.Tests;

/// <summary>Networks that start from the weights beside the same networks that start from random ones, on few photographs.</summary>
[Collection("torch")]
public sealed class PretrainedLearningTests(ITestOutputHelper output) : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory(Explicit = true)]
    [Trait("category", "slow")]
    [InlineData("hps")]
    [InlineData("rcm")]
    [InlineData("residual-adapters")]
    [InlineData("cross-stitch:rate=1")]
    public void A_network_that_starts_from_the_weights_is_far_ahead_after_three_epochs(string network)
    {
        var data = DataBeside.Find("pets600");
        Assert.SkipWhen(
            PretrainedResNet18.ModelFile is null,
            "Microsoft.ML.DnnImageFeaturizer.ResNet18 is not in the package cache; dotnet restore brings it."
        );
        var weights = folder.File("resnet18.safetensors");
        var run = new RunSpecification
        {
            Network = network,
            Encoder = PretrainedResNet18.Save(weights),
            Optimizer = "adam:learning-rate=0.0003",
            BatchSize = 16,
            Epochs = 3,
            GradientRecordInterval = 0,
            Seed = 1,
        };

        var random = Train(run);
        var pretrained = Train(run with { EncoderWeights = weights });

        Assert.True(pretrained > random + 0.1, $"{pretrained} and {random} of the breeds");

        double Train(RunSpecification specification)
        {
            using var runner = new JobRunner();
            var job = new TrainingJob
            {
                Data = new BenchmarkSource { Benchmark = "pets600", DataDirectory = data },
                Tasks = ["species", "breed"],
                Run = specification,
            };
            var metrics = runner.Run(job).Result.Metrics;
            var (species, breed) = (metrics["species"]["accuracy"]!.Value, metrics["breed"]["accuracy"]!.Value);
            var start = specification.EncoderWeights is null ? "random" : "pre-trained";
            output.WriteLine($"{network}, {start}: species {species:F3}, breed {breed:F3}");
            return breed;
        }
    }
}
