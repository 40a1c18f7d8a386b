using CsCheck;
using Plait.Optimization.LossWeighting;
using Plait.Torch;
using static TorchSharp.torch.nn;

namespace Plait.Tests.Optimization.LossWeighting;

[Collection("torch")]
public sealed class PopArtTests
{
    [Fact]
    public void No_prediction_changes_when_the_moments_do() =>
        Gen.Select(Gen.Double[-3, 4], Gen.Double[-2, 1], Gen.Double[-4, 0])
            .Sample(
                (scale, shift, rate) =>
                {
                    using var scope = torch.NewDisposeScope();
                    using var layer = Linear(6, 3, dtype: ScalarType.Float64);
                    var features = torch.randn([10, 6], ScalarType.Float64);
                    var popArt = new PopArt(3, Math.Pow(10, rate));
                    var width = Math.Pow(10, scale);
                    for (var step = 0; step < 5; step++)
                    {
                        var before = popArt.Denormalize(layer.call(features));
                        var targets = torch.randn([20], ScalarType.Float64).add(width * shift / width).mul(width);
                        popArt.Update(step % 3, targets, layer);
                        var after = popArt.Denormalize(layer.call(features));

                        var largest = before.abs().max().item<double>();
                        Assert.InRange(after.sub(before).abs().max().item<double>(), 0, 1e-6 * largest);
                    }
                },
                iter: 20,
                threads: 1
            );

    [Fact]
    public void Moments_follow_the_targets_of_each_output_alone()
    {
        using var scope = torch.NewDisposeScope();
        using var layer = Linear(2, 2);
        var popArt = new PopArt(2, rate: 0.5);

        popArt.Update(1, torch.tensor(new[] { 2f, 6f, float.NaN }), layer);

        Assert.Equal((0, 1), (popArt.MeanOf(0), popArt.DeviationOf(0)));
        Assert.Equal(2, popArt.MeanOf(1), 12); // (0 + 4) / 2
        Assert.Equal(Math.Sqrt(10.5 - 4), popArt.DeviationOf(1), 12); // ν = (1 + 20) / 2
        Weighted.AssertClose(
            [3, (5 - 2) / Math.Sqrt(6.5)],
            Numbers.Read(popArt.Normalize(torch.tensor(new[] { 3.0, 5.0 })))
        );
    }

    [Fact]
    public void Rewards_a_thousand_times_as_large_are_standardised_as_well()
    {
        using var scope = torch.NewDisposeScope();
        using var layer = Linear(2, 2);
        using var generator = new torch.Generator(3, torch.CPU);
        var popArt = new PopArt(2, rate: 0.02);
        for (var step = 0; step < 600; step++)
        {
            using var inner = torch.NewDisposeScope();
            popArt.Update(0, torch.randn([16], generator: generator).add(5), layer);
            popArt.Update(1, torch.randn([16], generator: generator).mul(1000).sub(3000), layer);
        }

        Assert.InRange(popArt.MeanOf(0), 4.8, 5.2);
        Assert.InRange(popArt.DeviationOf(0), 0.8, 1.2);
        Assert.InRange(popArt.MeanOf(1), -3200, -2800);
        Assert.InRange(popArt.DeviationOf(1), 800, 1200);
    }

    [Fact]
    public void Saved_moments_go_on_as_the_unbroken_run()
    {
        using var scope = torch.NewDisposeScope();
        using var layer = Linear(2, 2);
        var popArt = new PopArt(2, rate: 0.1);
        popArt.Update(1, torch.tensor(new[] { 2f, 6f }), layer);
        var state = new StateDictionary();
        popArt.Save(state);
        var other = new PopArt(2, rate: 0.1);
        other.Load(state);
        popArt.Update(1, torch.tensor(new[] { 7f }), layer);
        other.Update(1, torch.tensor(new[] { 7f }), layer);

        Assert.Equal((popArt.MeanOf(1), popArt.DeviationOf(1)), (other.MeanOf(1), other.DeviationOf(1)));
        Assert.Throws<InvalidDataException>(() => new PopArt(3).Load(state));
    }

    [Fact]
    public void A_layer_of_another_shape_is_refused()
    {
        using var wide = Linear(2, 3);
        using var plain = Linear(2, 2, hasBias: false);
        using var targets = torch.ones(4);

        Assert.Throws<ArgumentException>(() => new PopArt(2).Update(0, targets, wide));
        Assert.Throws<ArgumentException>(() => new PopArt(2).Update(0, targets, plain));
        Assert.Throws<ArgumentException>(() => new PopArt(2, rate: 0));
        Assert.Throws<ArgumentException>(() => new PopArt(2, smallest: 1, largest: 0.5));
    }
}
