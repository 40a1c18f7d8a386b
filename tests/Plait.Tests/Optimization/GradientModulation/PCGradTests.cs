using CsCheck;
using Plait.Optimization.GradientModulation;
using Plait.Tests.Numerics;
using Family = Plait.Tests.Numerics.Gramians.Family;

namespace Plait.Tests.Optimization.GradientModulation;

public sealed class PCGradTests
{
    private static readonly Gen<(Family Family, int Count, int Width, int Seed)> Cases = Gen.Select(
        Gen.Enum<Family>(),
        Gen.Int[1, 8],
        Gen.Int[1, 10],
        Gen.Int[0, int.MaxValue]
    );

    [Fact]
    public void Worked_example_of_two_conflicting_gradients()
    {
        double[][] rows =
        [
            [-4, 1, 1],
            [6, 1, 1],
        ];

        var weights = new PCGrad().Weigh(Gramians.Of(rows), StepContexts.At());
        var update = Gramians.Combine(rows, weights);

        Close.Equal([2.2222, 1.5789], weights, Close.Printed(4));
        Close.Equal([0.58480, 3.80117, 3.80117], update, Close.Printed(5));
    }

    [Fact]
    public void Equals_projecting_the_vectors_themselves_in_the_same_order() =>
        Cases.Sample(c =>
        {
            var rows = Gramians.Vectors(c.Family, c.Count, c.Width, c.Seed);
            var step = StepContexts.At(seed: c.Seed);

            var update = Gramians.Combine(rows, new PCGrad().Weigh(Gramians.Of(rows), step));

            var expected = ProjectVectors(rows, step.Random());
            // A conflict of no more than rounding is one by either way's own rounding; it moves the update by as little.
            var scale = rows.Sum(Gramians.Norm) * 1e-6;
            Assert.All(update.Zip(expected), pair => Assert.True(Math.Abs(pair.First - pair.Second) <= scale));
        });

    [Fact]
    public void Two_tasks_never_get_worse() =>
        Cases.Sample(c =>
        {
            var rows = Gramians.Vectors(c.Family, 2, c.Width, c.Seed);

            var update = Gramians.Combine(rows, new PCGrad().Weigh(Gramians.Of(rows), StepContexts.At()));

            var scale = rows.Sum(Gramians.Norm);
            Assert.All(
                Gramians.Products(rows, update).Zip(rows),
                pair => Assert.True(pair.First >= -1e-9 * scale * Gramians.Norm(pair.Second))
            );
        });

    [Fact]
    public void Gradients_without_conflict_are_added() =>
        Cases.Sample(c =>
            Assert.All(
                new PCGrad().Weigh(
                    Gramians.Of(Gramians.Vectors(Family.WithPositiveFloor, c.Count, c.Width, c.Seed)),
                    StepContexts.At()
                ),
                weight => Assert.Equal(1, weight)
            )
        );

    [Fact]
    public void Scaling_all_gradients_changes_no_weight() =>
        Cases.Sample(c =>
        {
            var gramian = Gramians.Of(Gramians.Vectors(c.Family, c.Count, c.Width, c.Seed));

            Assert.Equal(
                new PCGrad().Weigh(gramian, StepContexts.At()),
                new PCGrad().Weigh([.. gramian.Select(value => value * 1024)], StepContexts.At())
            );
        });

    [Fact]
    public void Exchanging_two_tasks_exchanges_their_weights() =>
        Cases.Sample(c =>
        {
            var rows = Gramians.Vectors(c.Family, 2, c.Width, c.Seed);

            var weights = new PCGrad().Weigh(Gramians.Of(rows), StepContexts.At());
            var exchanged = new PCGrad().Weigh(Gramians.Of([rows[1], rows[0]]), StepContexts.At());

            Assert.Equal(weights, exchanged.Reverse());
        });

    [Fact]
    public void The_step_alone_decides_on_the_order()
    {
        var gramian = Gramians.Of(Gramians.Vectors(Family.Conflicting, 6, 4, seed: 1));

        double[][] weights =
        [
            .. new long[] { 0, 1, 2, 3, 4, 0 }.Select(step => new PCGrad().Weigh(gramian, StepContexts.At(step))),
        ];

        Assert.Equal(weights[0], weights[5]);
        Assert.Contains(weights, other => !other.SequenceEqual(weights[0]));
    }

    [Fact]
    public void A_gradient_of_zeros_harms_no_other() =>
        Assert.Equal([2, 1, 2], new PCGrad().Weigh([1, 0, -1, 0, 0, 0, -1, 0, 1], StepContexts.At()));

    private static double[] ProjectVectors(double[][] rows, Random random)
    {
        var update = new double[rows[0].Length];
        int[] order = [.. Enumerable.Range(0, rows.Length)];
        for (var i = 0; i < rows.Length; i++)
        {
            random.Shuffle(order);
            double[] projected = [.. rows[i]];
            foreach (var j in order.Where(j => j != i))
            {
                var product = Gramians.Products([projected], rows[j])[0];
                if (product < 0)
                {
                    var share = product / Gramians.Products([rows[j]], rows[j])[0];
                    projected = [.. projected.Zip(rows[j], (a, b) => a - (share * b))];
                }
            }

            update = [.. update.Zip(projected, (a, b) => a + b)];
        }

        return update;
    }
}
