using Plait.Numerics;

namespace Plait.Tests.Numerics;

public sealed class BlockPivotsTests
{
    [Fact]
    public void Weights_meet_the_conditions_of_the_minimum_without_the_vector_itself()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var count = 2 + (seed % 20);
            var vector = seed % count;
            var cosines = Cones.Cosines(count, count + 5, seed);
            var pivots = new BlockPivots(cosines, new double[BlockPivots.WorkSize(count)], new int[2 * count]);
            var weights = new double[count];

            Assert.True(pivots.SolveFor(vector, weights));

            double[] pull = [.. cosines.AsSpan(vector * count, count).ToArray().Select(product => -product)];
            Cones.AssertMinimum(cosines, pull, weights, excluded: vector);
        }
    }

    [Fact]
    public void One_of_two_equal_vectors_is_enough()
    {
        double[] cosines = [1, -0.5, -0.5, -0.5, 1, 1, -0.5, 1, 1];
        var pivots = new BlockPivots(cosines, new double[BlockPivots.WorkSize(3)], new int[6]);
        var weights = new double[3];

        Assert.True(pivots.SolveFor(0, weights));

        Assert.Equal([0, 0.5, 0], weights);
    }

    /// <summary>Three vectors of a plane, a degree apart, all of which coordinate descent has hold of after a few rounds.</summary>
    [Fact]
    public void It_gives_up_where_a_guess_is_dependent()
    {
        double[] degrees = [0, 1, 2, 181.7];
        double[] cosines =
        [
            .. degrees.SelectMany(left => degrees.Select(right => Math.Cos((left - right) * Math.PI / 180))),
        ];
        var pivots = new BlockPivots(cosines, new double[BlockPivots.WorkSize(4)], new int[8]);

        Assert.False(pivots.SolveFor(3, new double[4]));
    }
}
