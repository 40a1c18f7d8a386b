using CsCheck;
using Plait.Optimization.LossWeighting;
using Plait.Torch;

namespace Plait.Tests.Optimization.LossWeighting;

using LossWeighting = Plait.Optimization.LossWeighting.LossWeighting;

/// <summary>Weightings that learn one number a task along with the network.</summary>
[Collection("torch")]
public sealed class LearnedScalesTests
{
    private static readonly Gen<double[]> Values = Gen.Double[0.05, 20].Array[3];

    [Theory]
    [InlineData("uncertainty:log-variance=0.4")]
    [InlineData("revised-uncertainty")]
    [InlineData("imtl-l")]
    public void Derivatives_by_what_is_learned_and_by_the_losses_equal_finite_differences(string specification) =>
        Values.Sample(
            losses =>
            {
                using var scope = torch.NewDisposeScope();
                var weighting = InDouble(specification);
                var given = Weighted.Losses(StepContexts.Regressions(3).All, losses);
                weighting.Weigh(given, StepContexts.At()).sum().backward();

                double[] slopes = [.. Enumerable.Range(0, 3).Select(task => Slope(weighting.Parameters[task]))];
                double[] byLosses = [.. Enumerable.Range(0, 3).Select(task => Slope(given.Values[task]))];
                Weighted.AssertClose(slopes, weighting.Slopes(), 1e-6);
                Weighted.AssertClose(byLosses, Numbers.Read(given.Values.grad!), 1e-6);

                double Slope(Tensor one)
                {
                    const double Distance = 1e-5;
                    using var noGrad = torch.no_grad();
                    one.add_(Distance);
                    var above = weighting.Weigh(given, StepContexts.At()).sum().item<double>();
                    one.add_(-2 * Distance);
                    var below = weighting.Weigh(given, StepContexts.At()).sum().item<double>();
                    one.add_(Distance);
                    return (above - below) / (2 * Distance);
                }
            },
            iter: 5,
            threads: 1
        );

    [Theory]
    [InlineData("imtl-l", 1)]
    [InlineData("uncertainty", 0.5)]
    public void At_their_fixed_point_weights_are_those_of_scale_invariance(string specification, double times) =>
        Values.Sample(
            losses =>
            {
                using var scope = torch.NewDisposeScope();
                var weighting = InDouble(specification);
                Set(weighting, losses, specification == "imtl-l" ? loss => -Math.Log(loss) : Math.Log);

                var expected = new ScaleInvariant().Weights(StepContexts.At(), losses);

                Weighted.AssertClose(
                    [.. expected.Select(weight => times * weight)],
                    weighting.Weights(StepContexts.At(), losses)
                );
                Assert.All(SlopesOf(weighting, losses), slope => Assert.Equal(0, slope, 12));
            },
            iter: 5,
            threads: 1
        );

    [Fact]
    public void Revised_uncertainty_rests_where_its_equation_says() =>
        Values.Sample(
            losses =>
            {
                using var scope = torch.NewDisposeScope();
                var weighting = InDouble("revised-uncertainty");
                Set(weighting, losses, loss => Math.Sqrt((loss + Math.Sqrt((loss * loss) + (8 * loss))) / 4));

                Assert.All(SlopesOf(weighting, losses), slope => Assert.Equal(0, slope, 12));
            },
            iter: 5,
            threads: 1
        );

    [Theory]
    [InlineData("uncertainty")]
    [InlineData("revised-uncertainty")]
    [InlineData("imtl-l")]
    public void Tasks_without_a_loss_are_given_no_gradient(string specification)
    {
        using var scope = torch.NewDisposeScope();
        var weighting = InDouble(specification);
        var losses = Weighted.Losses(StepContexts.Regressions(3).Select(0, 2), 3, 5);

        weighting.Weigh(losses, StepContexts.At()).sum().backward();

        var slopes = weighting.Slopes();
        Assert.Null(weighting.Parameters[1].grad);
        Assert.NotEqual(0, slopes[0]);
        Assert.NotEqual(slopes[0], slopes[2]);
    }

    [Fact]
    public void Scale_invariant_weights_are_inverse_losses() =>
        Weighted.AssertClose([4, 0.1, 1e9], new ScaleInvariant().Weights(StepContexts.At(), 0.25, 10, 1e-9));

    private static LossWeighting InDouble(string specification)
    {
        var weighting = WeightingRun.Make(specification).Begun(3);
        foreach (var parameter in weighting.Parameters)
        {
            ParameterData.Move(parameter, parameter.detach().to(ScalarType.Float64));
        }

        return weighting;
    }

    private static void Set(LossWeighting weighting, double[] losses, Func<double, double> value)
    {
        using var noGrad = torch.no_grad();
        for (var task = 0; task < losses.Length; task++)
        {
            weighting.Parameters[task].fill_(value(losses[task]));
        }
    }

    private static double[] SlopesOf(LossWeighting weighting, double[] losses)
    {
        foreach (var parameter in weighting.Parameters)
        {
            parameter.grad = null;
        }

        weighting.Weigh(Weighted.Losses(StepContexts.Regressions(3).All, losses), StepContexts.At()).sum().backward();
        return weighting.Slopes();
    }
}
