using CsCheck;
using Plait.Catalogue;
using Plait.Optimization;
using Plait.Optimization.MultiObjective;
using Plait.Optimization.MultiObjective.ParetoFront;
using Plait.Tests.Numerics;
using Plait.Torch;
using Family = Plait.Tests.Numerics.Gramians.Family;

namespace Plait.Tests.Optimization.MultiObjective;

public sealed class ParetoMtlTests
{
    private const int AfterWarmup = 2;

    private static readonly Gen<(Family Family, int Index, int Width, int Seed)> Cases = Gen.Select(
        Gen.Enum<Family>(),
        Gen.Int[0, 5],
        Gen.Int[1, 10],
        Gen.Int[0, int.MaxValue]
    );

    [Fact]
    public void In_the_second_phase_no_task_gets_worse_and_no_violation_larger() =>
        Cases.Sample(
            c =>
            {
                var random = new Random(c.Seed);
                double[] losses = [.. Enumerable.Range(0, 3).Select(_ => random.NextDouble())];
                var rows = Gramians.Vectors(c.Family, 3, c.Width, c.Seed);
                var pareto = new ParetoMtl(6, c.Index);
                pareto.Begin(3);

                var weights = pareto.Weigh(Gramians.Of(rows), StepContexts.At(epoch: AfterWarmup, tasks: 3), losses);

                var products = Gramians.Products(rows, Gramians.Combine(rows, weights));
                var sizes = 3 * rows.Max(Gramians.Norm); // the weights' sizes add up to 3
                var rays = ParetoMtl.Rays(3, 6);
                var descents = products
                    .Select((product, i) => (product, Gramians.Norm(rows[i])))
                    .Concat(
                        Enumerable
                            .Range(0, 6)
                            .Where(j => Excess(j, losses) > 0)
                            .Select(j => (Excess(j, products), rows.Max(Gramians.Norm)))
                    );
                Assert.All(descents, pair => Assert.True(pair.Item1 >= -1e-7 * sizes * pair.Item2));

                double Excess(int j, double[] values) =>
                    values.Select((value, i) => value * (rays[j][i] - rays[c.Index][i])).Sum();
            },
            iter: 2_000
        );

    [Fact]
    public void Worked_example_of_the_two_phases()
    {
        // Rays (1, 0) and (0, 1); the losses lie in the sector of the second and the first is wanted, so that u_1 - u_0 is (-1, 1).
        var pareto = new ParetoMtl(2, 0);
        pareto.Begin(2);
        Assert.Equal([-1.0, 1], pareto.Weigh([1, 0, 0, 1], StepContexts.At(), 1, 3));

        // Once there, it stays in the second phase: the shortest combination of two orthogonal unit gradients, brought to a sum of 2.
        Assert.Equal([1.0, 1], pareto.Weigh([1, 0, 0, 1], StepContexts.At(), 3, 1));

        // With the constraint violated again the rows are e_1, e_2 and e_2 - e_1: shortest at (1/5, 2/5), brought to a sum of 2.
        var weights = pareto.Weigh([1, 0, 0, 1], StepContexts.At(), 1, 3);
        Close.Equal([2.0 / 3, 4.0 / 3], weights, 1e-12);
    }

    [Fact]
    public void Phase_survives_a_checkpoint()
    {
        var first = new ParetoMtl(2, 0);
        first.Begin(2);
        first.Weigh([1, 0, 0, 1], StepContexts.At(), 3, 1);
        var state = new StateDictionary();
        first.Save(state);
        var second = new ParetoMtl(2, 0);
        second.Begin(2);
        second.Load(state);

        Assert.Equal(
            first.Weigh([1, 0, 0, 2], StepContexts.At(1), 1, 3),
            second.Weigh([1, 0, 0, 2], StepContexts.At(1), 1, 3)
        );
        Assert.NotEqual(
            second.Weigh([1, 0, 0, 2], StepContexts.At(1), 1, 3),
            new ParetoMtl(2, 0).Weigh([1, 0, 0, 2], StepContexts.At(1), 1, 3)
        );
    }

    [Theory]
    [InlineData(1e-12)]
    [InlineData(1e12)]
    public void Unit_of_gradients_and_of_losses_does_not_matter(double unit) =>
        Cases.Sample(c =>
        {
            double[] losses = [1, 2, 3];
            var gramian = Gramians.Of(Gramians.Vectors(Family.Typical, 3, 10, c.Seed));
            var step = StepContexts.At(epoch: AfterWarmup, tasks: 3);

            var weights = new ParetoMtl(6, c.Index).Weigh(gramian, step, losses);
            var other = new ParetoMtl(6, c.Index).Weigh(
                [.. gramian.Select(value => value * unit * unit)],
                step,
                [.. losses.Select(loss => loss / unit)]
            );

            Assert.All(weights.Zip(other), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
        });

    [Fact]
    public void Sectors_of_VLMOP2_are_reached_and_spread_over_its_front()
    {
        const int Rays = 35;
        var rays = PreferenceVectors.Circle(Rays);
        var front = new List<double[]>();
        for (var index = 0; index < Rays; index++)
        {
            var losses = Vlmop2.Descend(new ParetoMtl(Rays, index, warmup: 5), steps: 1200, length: 0.1, seed: 2);

            Assert.True(Vlmop2.DistanceToFront(losses) < 0.005);
            var nearest = Enumerable.Range(0, Rays).MaxBy(j => rays[j].Zip(losses, (a, b) => a * b).Sum());
            Assert.InRange(nearest, index - 1, index + 1); // at the edge of a sector the nearest ray is either
            front.Add(losses);
        }

        Assert.True(Hypervolume.Of(front, Vlmop2.Reference) > 0.95 * Vlmop2.Volume);
    }

    [Theory]
    [InlineData("pareto-mtl:index=-1", "an index from 0; got preferences=5, index=-1")]
    [InlineData("pareto-mtl:preferences=0", "1 ray or more")]
    [InlineData("pareto-mtl:warmup=-1", "a number of epochs from 0; got -1")]
    public void Options_out_of_range_are_refused_in_one_line(string text, string says)
    {
        var refused = Assert.Throws<FormatException>(() => MethodCatalog.Create<GradientAggregator>(text));
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public void A_number_of_rays_that_no_lattice_has_becomes_the_next()
    {
        Assert.Equal(6, ParetoMtl.Rays(3, 5).Count);
        new ParetoMtl(5, index: 5).Begin(3);
        var refused = Assert.Throws<ArgumentException>(() => new ParetoMtl(5, index: 6).Begin(3));
        Assert.Contains("from 0 to 5; got 6", refused.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new ParetoMtl().Begin(1));
    }
}
