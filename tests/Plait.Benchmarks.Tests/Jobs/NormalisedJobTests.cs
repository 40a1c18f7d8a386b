using Plait.Benchmarks.Tests.Vision;
using Plait.Catalogue;
using Plait.Jobs;
using Plait.Networks.Encoders;
using Plait.Torch;
using Plait.Training;

namespace Plait.Benchmarks.Tests.Jobs;

[Collection("torch")]
public sealed class NormalisedJobTests : IDisposable
{
    private const string Residual = "resnet18:width=4";

    private readonly DataFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Plain_images_are_normalised_for_weights_of_imagenet_unless_somebody_says_otherwise()
    {
        var weights = Weights("weights.safetensors", classes: 1000);
        var job = new TrainingJob
        {
            Data = new BenchmarkSource { Benchmark = "nyuv2" },
            Run = new RunSpecification { Encoder = Residual, EncoderWeights = weights },
        };

        Assert.Equal(ImageNormalisation.ImageNetName, Images(job));
        Assert.Null(Images(job with { Run = job.Run with { EncoderWeights = null } }));
        Assert.Null(Images(job with { Run = job.Run with { EncoderWeights = Weights("own.safetensors", 0) } }));
        Assert.Null(Images(job with { Data = new BenchmarkSource { Benchmark = "scenes" } })); // standardised already
        Assert.Equal(
            ImageNormalisation.NoneName,
            Images(job with { Run = job.Run with { Images = ImageNormalisation.NoneName } })
        );
    }

    [Fact]
    public void A_training_normalises_and_its_kept_network_still_does_without_the_weights()
    {
        using var scenes = new SmallScenes();
        var weights = Weights("weights.safetensors", classes: 1000);
        var job = scenes.In(scenes.Job, rowByRow: false);
        job = job with
        {
            KeepsNetwork = true,
            Run = job.Run with
            {
                Encoder = Residual + ",pool=false,output-stride=8",
                EncoderWeights = weights,
                Epochs = 1,
            },
        };
        using var runner = new JobRunner();
        var asTheyAre = job with { Run = job.Run with { Images = ImageNormalisation.NoneName } };

        var normalised = runner.Run(job, folder.Path).Result.Losses;
        var plain = runner.Run(asTheyAre).Result.Losses;
        File.Delete(weights);
        using var data = job.Data.Load(job.Run.Seed);
        using var kept = SavedNetwork.Load(folder.Path, data);

        Assert.NotEqual(plain.Values, normalised.Values);
        Assert.Equal(ImageNormalisation.ImageNetName, kept.Job.Run.Images);
        var encoder = Assert.IsAssignableFrom<Encoder>(
            kept.Network.EncoderOf(0) ?? kept.Network.modules().OfType<Encoder>().First()
        );
        Assert.Equal(ImageNormalisation.ImageNet, encoder.Normalisation);
    }

    private static string? Images(TrainingJob job) => job.WithImages().Run.Images;

    private string Weights(string name, int classes)
    {
        using var scope = torch.NewDisposeScope();
        var path = folder.File(name);
        using var encoder = MethodCatalog.Create<Encoder>(Residual, 3L * 32 * 32, new long[] { 3, 32, 32 });
        EncoderWeights.Save(encoder, path);
        var (state, _) = SafeTensorsFile.Read(path);
        if (classes > 0)
        {
            state.Set("fc.weight", torch.zeros(classes, 4));
        }

        SafeTensorsFile.Write(path, state, new Dictionary<string, string>());
        return path;
    }
}
