using Plait.Numerics;

namespace Plait.Tests.Numerics;

public sealed class ActiveSetTests
{
    private const int Trials = 300;

    [Fact]
    public void Weights_meet_the_conditions_of_the_minimum()
    {
        for (var seed = 0; seed < Trials; seed++)
        {
            var count = 1 + (seed % 12);
            var cosines = Cones.Cosines(count, count + 2, seed);
            var set = new ActiveSet(cosines, new double[ActiveSet.WorkSize(count)], new int[3 * count]);
            var pull = Cones.Draw(count, seed);
            pull.CopyTo(set.Pull);

            Assert.True(set.Solve(bounded: true));

            var weights = set.Weights.ToArray();
            Cones.AssertMinimum(cosines, pull, weights);
            Assert.Equal(weights.Count(weight => weight > 0), set.Support.Length);
            foreach (var member in set.Support)
            {
                Assert.True(weights[member] > 0);
            }
        }
    }

    [Fact]
    public void What_one_problem_left_is_a_start_for_the_next_and_says_whether_it_was_enough()
    {
        for (var seed = 0; seed < Trials; seed++)
        {
            var count = 2 + (seed % 10);
            var cosines = Cones.Cosines(count, count + 2, seed);
            var set = new ActiveSet(cosines, new double[ActiveSet.WorkSize(count)], new int[3 * count]);
            var pull = Cones.Draw(count, seed);
            pull.CopyTo(set.Pull);
            set.Solve(bounded: true);
            Assert.Equal(set.Support.Length > 0, set.Moved);
            set.Solve(bounded: true);
            Assert.False(set.Moved);

            double[] opposite = [.. pull.Select(value => -value)];
            opposite.CopyTo(set.Pull);
            set.Solve(bounded: true);

            Assert.True(set.Moved);
            Cones.AssertMinimum(cosines, opposite, set.Weights.ToArray());
        }
    }

    [Fact]
    public void A_vector_that_is_kept_out_stays_out_until_another_one_is_or_all_begins_again()
    {
        double[] cosines = [1, 0.5, 0.5, 1];
        double[] pull = [1, 1];
        var set = new ActiveSet(cosines, new double[ActiveSet.WorkSize(2)], new int[6]);
        pull.CopyTo(set.Pull);
        set.Solve(bounded: true);
        Cones.AssertMinimum(cosines, pull, set.Weights.ToArray());

        set.Exclude(0);
        set.Solve(bounded: true);
        Close.Equal([0, 1], set.Weights.ToArray(), 4 * Vectors.Rounding);

        set.Exclude(1);
        set.Solve(bounded: true);
        Close.Equal([1, 0], set.Weights.ToArray(), 4 * Vectors.Rounding);

        set.Restart();
        set.Solve(bounded: true);
        Assert.Equal(2, set.Support.Length);
    }

    /// <summary>Vectors of fewer dimensions than there are of them, with a pull that no combination of them has: the objective may fall for ever.</summary>
    [Fact]
    public void Where_there_is_no_minimum_the_weights_are_a_ray_that_vanishes_and_is_pulled()
    {
        var rays = 0;
        for (var seed = 0; seed < Trials; seed++)
        {
            var count = 3 + (seed % 8);
            var cosines = Cones.Cosines(count, 2, seed);
            var set = new ActiveSet(cosines, new double[ActiveSet.WorkSize(count)], new int[3 * count]);
            var pull = Cones.Draw(count, seed);
            pull.CopyTo(set.Pull);

            var found = set.Solve(bounded: false);

            var weights = set.Weights.ToArray();
            if (found)
            {
                Cones.AssertMinimum(cosines, pull, weights);
                continue;
            }

            rays++;
            Assert.All(weights, weight => Assert.True(weight >= 0));
            Assert.True(weights.Zip(pull, (weight, own) => weight * own).Sum() > 0);
            for (var row = 0; row < count; row++)
            {
                Assert.Equal(0, Cones.Times(cosines, weights, row) / weights.Sum(), 1e-12);
            }
        }

        Assert.InRange(rays, Trials / 2, Trials - 10); // most have one, some none
    }
}
