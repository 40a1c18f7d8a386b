using CsCheck;
using Plait.Catalogue;
using Plait.Optimization;
using Plait.Optimization.MultiObjective;
using Plait.Optimization.MultiObjective.ParetoFront;
using Plait.Tests.Numerics;
using Family = Plait.Tests.Numerics.Gramians.Family;

namespace Plait.Tests.Optimization.MultiObjective;

public sealed class EpoTests
{
    private static readonly Gen<(Family Family, int Count, int Width, int Seed, bool OnRay)> Cases = Gen.Select(
        Gen.Enum<Family>(),
        Gen.Int[1, 15],
        Gen.Int[1, 10],
        Gen.Int[0, int.MaxValue],
        Gen.Bool
    );

    [Fact]
    public void Weights_solve_the_program_of_the_step() =>
        Cases.Sample(
            c =>
            {
                var (preference, losses) = Draw(c.Count, c.Seed, c.OnRay);
                var gramian = Gramians.Of(Gramians.Vectors(c.Family, c.Count, c.Width, c.Seed));

                var epo = new Epo(preference);
                var weights = epo.Weigh(gramian, StepContexts.At(), losses);

                Assert.Equal(c.Count, weights.Sum(), 1e-9);
                Assert.All(weights, weight => Assert.True(weight >= 0));
                Assert.InRange(epo.Residual(new GramianView(gramian, losses: losses), weights), 0, 1e-8);
            },
            iter: 5_000
        );

    [Fact]
    public void Nearly_opposite_gradients_leave_a_residual_of_rounding() =>
        Cases.Sample(
            c =>
            {
                var (preference, losses) = Draw(c.Count, c.Seed, c.OnRay);
                var gramian = Gramians.Of(Gramians.NearlyOpposite(c.Count, c.Width, c.Seed));

                var epo = new Epo(preference);
                var weights = epo.Weigh(gramian, StepContexts.At(), losses);

                var residual = epo.Residual(new GramianView(gramian, losses: losses), weights);
                Assert.InRange(residual, 0, Gramians.RootOfRounding);
            },
            iter: 2_000
        );

    /// <summary>
    /// The residual says that weights solve the program of a Gramian as well as the solver can, so that it is asked about another one
    /// here: the same products, rounded otherwise.
    /// </summary>
    [Fact]
    public void On_the_ray_gradients_of_any_lengths_solve_the_program_of_their_exact_products() =>
        Cases.Sample(c => AssertSolvesExact(c.Count, c.Count + c.Width, c.Seed, onRay: true), iter: 5_000);

    /// <summary>
    /// Found at random, one case in some hundred thousand of three gradients and in a million of up to fifteen. The weights' sum and a
    /// constraint have their largest number at the same gradient, and an elimination that begins in the constraint loses the optimum.
    /// </summary>
    [Theory]
    [InlineData(3, 13, 747559634)]
    [InlineData(4, 13, 1942309123)]
    [InlineData(3, 11, 795127102)]
    public void Where_the_sum_and_a_constraint_weigh_the_shortest_gradient_alike_the_optimum_is_found(
        int count,
        int width,
        int seed
    ) => AssertSolvesExact(count, width, seed, onRay: true);

    /// <summary>
    /// Off the ray a short gradient's constraint may say what is left of products of long ones when all but the last few digits have
    /// cancelled, one time in some ten thousand. No such case is among these.
    /// </summary>
    [Fact]
    public void Off_the_ray_gradients_of_any_lengths_solve_the_program_of_their_exact_products()
    {
        for (var seed = 0; seed < 1_000; seed++)
        {
            var count = 1 + (seed % 15);
            AssertSolvesExact(count, (2 * count) + (seed % 10), seed, onRay: false);
        }
    }

    [Fact]
    public void Off_the_ray_the_worst_task_does_not_get_worse_and_on_it_none_does() =>
        Cases.Sample(c =>
        {
            var (preference, losses) = Draw(c.Count, c.Seed, c.OnRay);
            var rows = Gramians.Vectors(c.Family, c.Count, c.Width, c.Seed);

            var weights = new Epo(preference).Weigh(Gramians.Of(rows), StepContexts.At(), losses);

            var update = Gramians.Combine(rows, weights);
            var products = Gramians.Products(rows, update);
            var scale = rows.Zip(weights, (row, weight) => Gramians.Norm(row) * weight).Sum();
            var worst = losses.Zip(preference, (loss, share) => loss * share).ToArray();
            for (var i = 0; i < c.Count; i++)
            {
                if (c.OnRay || worst[i] == worst.Max())
                {
                    Assert.True(products[i] >= -1e-9 * scale * Gramians.Norm(rows[i]));
                }
            }
        });

    [Theory]
    [InlineData(1e-12)]
    [InlineData(1e12)]
    public void Unit_of_gradients_and_of_losses_does_not_matter(double unit) =>
        Cases.Sample(c =>
        {
            var (preference, losses) = Draw(c.Count, c.Seed, c.OnRay);
            var rows = Gramians.Vectors(Family.Typical, c.Count, 10, c.Seed);
            var gramian = Gramians.Of(rows);

            var weights = new Epo(preference).Weigh(gramian, StepContexts.At(), losses);
            var other = new Epo(preference).Weigh(
                [.. gramian.Select(value => value * unit * unit)],
                StepContexts.At(),
                [.. losses.Select(loss => loss / unit)]
            );

            // More gradients than dimensions may leave no update but 0, which many weights make.
            var update = Gramians.Combine(rows, weights);
            var size = rows.Zip(weights, (row, weight) => Gramians.Norm(row) * weight).Sum();
            if (Gramians.Norm(update) <= 1e-9 * size)
            {
                Assert.True(Gramians.Norm(Gramians.Combine(rows, other)) <= 1e-9 * size);
                return;
            }

            Assert.All(weights.Zip(other), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
        });

    [Fact]
    public void Worked_example_of_two_orthogonal_gradients()
    {
        // Equal gradients' lengths, no conflict: balance goes down with the worse task alone, dominance with both alike.
        Assert.Equal([2.0, 0], new Epo().Weigh([1, 0, 0, 1], StepContexts.At(), 3, 1));
        Assert.Equal([0, 2.0], new Epo([0.1, 0.9]).Weigh([1, 0, 0, 1], StepContexts.At(), 3, 1));
        var together = new Epo([1, 3]).Weigh([1, 0, 0, 1], StepContexts.At(), 3, 1);
        Assert.Equal(2, together.Sum(), 1e-12);
    }

    /// <summary>
    /// Losses that count as on the ray go down together without moving away from it, and need not move towards it: of the points whose
    /// product with M a is at least 0 the one of the steepest descent, not the one that comes nearest to the ray.
    /// </summary>
    [Fact]
    public void Dominance_asks_for_no_more_than_staying_on_the_ray()
    {
        var mean = (0.75 * Math.Log(1.5)) + (0.25 * Math.Log(0.5));
        var (towards, away) = (Math.Log(1.5) - mean, -4 * (Math.Log(0.5) - mean)); // M a of gradients of lengths 1 and 2, l = (3/4, 1/4)

        var weights = new Epo(tolerance: 1).Weigh([1, 0, 0, 4], StepContexts.At(), 3, 1);

        Assert.Equal(2 * towards / (towards + away), weights[1], 1e-9);
        Assert.Equal([0, 2.0], new Epo(tolerance: 1, relaxed: true).Weigh([1, 0, 0, 4], StepContexts.At(), 3, 1));
    }

    [Fact]
    public void Losses_of_zero_give_numbers_and_negative_ones_an_error()
    {
        Assert.Equal(2, new Epo().Weigh([1, 0.2, 0.2, 1], StepContexts.At(), 0, 0).Sum(), 1e-12);
        Assert.Equal([0, 2.0], new Epo().Weigh([1, 0.2, 0.2, 1], StepContexts.At(), 0, 1));
        Assert.Throws<ArgumentException>(() => new Epo().Weigh([1, 0, 0, 1], StepContexts.At(), -1, 1));
        Assert.Throws<ArgumentException>(() => new Epo().Weigh([1, 0, 0, 1], StepContexts.At()));
    }

    [Theory]
    [InlineData("epo:preference=0/1", "every preference is above 0; got 0/1")]
    [InlineData("epo:preference=1/-1", "0 or more")]
    [InlineData("epo:tolerance=-1", "The tolerance is a number of 0 or more; got -1.")]
    public void Options_out_of_range_are_refused_in_one_line(string text, string says)
    {
        var refused = Assert.Throws<FormatException>(() => MethodCatalog.Create<GradientAggregator>(text));
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public void Preferences_reach_their_rays_on_the_front_of_VLMOP2()
    {
        var fronts = new List<double[]>();
        foreach (var preference in PreferenceVectors.Circle(40, margin: 0.02))
        {
            var losses = Vlmop2.Descend(new Epo(preference, tolerance: 1e-6), steps: 200, length: 0.1, seed: 2);

            Assert.Equal(1, losses[0] * preference[0] / (losses[1] * preference[1]), 0.01);
            Assert.True(Vlmop2.DistanceToFront(losses) < 0.005);
            fronts.Add(losses);
        }

        Assert.True(Hypervolume.Of(fronts, Vlmop2.Reference) > 0.95 * Vlmop2.Volume);
    }

    private static void AssertSolvesExact(int count, int width, int seed, bool onRay)
    {
        var (preference, losses) = Draw(count, seed, onRay);
        var rows = Gramians.Vectors(Family.BadlyScaledRows, count, width, seed);

        var epo = new Epo(preference);
        var weights = epo.Weigh(Gramians.Of(rows), StepContexts.At(), losses);

        Assert.InRange(epo.Residual(new GramianView(Gramians.Exact(rows), losses: losses), weights), 0, 1e-8);
    }

    private static (double[] Preference, double[] Losses) Draw(int count, int seed, bool onRay)
    {
        var random = new Random(seed);
        double[] preference = [.. Enumerable.Range(0, count).Select(_ => 0.05 + random.NextDouble())];
        return (preference, [.. preference.Select(share => onRay ? 2 / share : random.NextDouble())]);
    }
}
