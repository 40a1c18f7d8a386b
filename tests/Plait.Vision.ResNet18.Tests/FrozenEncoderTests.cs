using Plait.Benchmarks.Tests;
using Plait.Networks.Encoders;

namespace Plait.Vision.Tests;

/// <summary>What the weights are worth: features that nobody trained on pets tell their breeds.</summary>
[Collection("torch")]
public sealed class FrozenEncoderTests(ITestOutputHelper output)
{
    private const int Photographed = 600;
    private const int Rows = 400;
    private const int TrainRows = 250;
    private const int Side = 128; // twice theirs: the network knows larger things

    [Fact]
    public void Linear_answers_on_a_frozen_encoder_are_far_better_than_on_a_random_one()
    {
        Assert.SkipWhen(
            PretrainedResNet18.ModelFile is null,
            "Microsoft.ML.DnnImageFeaturizer.ResNet18 is not in the package cache; dotnet restore brings it."
        );
        using var scope = torch.NewDisposeScope();
        using var photographs = Photographs.Read(DataBeside.Find("pets600"));
        using var pretrained = PretrainedResNet18.Create([3, Side, Side]);
        using var random = new ResNet18([3, Side, Side], blocks: [2, 2, 2, 3]);
        random.Normalisation = ImageNormalisation.ImageNet;
        var order = torch.randperm(Photographed).narrow(0, 0, Rows);

        var good = Accuracy(pretrained, photographs, order);
        var poor = Accuracy(random, photographs, order);

        output.WriteLine($"pre-trained {good}, random {poor}");
        Assert.InRange(good, 0.75, 1);
        Assert.InRange(good - poor, 0.2, 1);
    }

    /// <summary>The share of held-out photographs whose breed ridge regression on the features finds.</summary>
    private static double Accuracy(Encoder encoder, Photographs photographs, Tensor order)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        encoder.eval();
        var features = torch.cat([
            .. photographs.Images.index_select(0, order).split(50).Select(images => encoder.call(Enlarged(images))),
        ]);
        var breeds = photographs.Breeds.index_select(0, order);
        var known = features.narrow(0, 0, TrainRows);
        features = features.sub(known.mean([0L], keepdim: true)).div(known.std(0L, keepdim: true).add(1e-6));
        known = features.narrow(0, 0, TrainRows);
        var targets = torch.nn.functional.one_hot(breeds.narrow(0, 0, TrainRows), 3).to(ScalarType.Float32);
        var ridge = known.t().mm(known).add(torch.eye(known.shape[1]).mul(TrainRows));
        var weights = torch.linalg.solve(ridge, known.t().mm(targets.sub(targets.mean([0L], keepdim: true))));
        var answers = features
            .narrow(0, TrainRows, Rows - TrainRows)
            .mm(weights)
            .add(targets.mean([0L], keepdim: true))
            .argmax(1);
        return answers.eq(breeds.narrow(0, TrainRows, Rows - TrainRows)).to(ScalarType.Float32).mean().item<float>();
    }

    private static Tensor Enlarged(Tensor images) =>
        torch.nn.functional.interpolate(
            images,
            [Side, Side],
            mode: torch.InterpolationMode.Bilinear,
            align_corners: false
        );
}
