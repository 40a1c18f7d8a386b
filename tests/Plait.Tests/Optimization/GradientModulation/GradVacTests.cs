using CsCheck;
using Plait.Optimization;
using Plait.Optimization.GradientModulation;
using Plait.Tests.Numerics;
using Plait.Torch;
using Family = Plait.Tests.Numerics.Gramians.Family;

namespace Plait.Tests.Optimization.GradientModulation;

public sealed class GradVacTests
{
    private static readonly double[][] Golden =
    [
        [-4, 1, 1],
        [6, 1, 1],
    ];

    private static readonly Gen<(Family Family, int Count, int Width, int Seed)> Cases = Gen.Select(
        Gen.Enum<Family>(),
        Gen.Int[1, 8],
        Gen.Int[2, 10],
        Gen.Int[0, int.MaxValue]
    );

    [Theory]
    [InlineData(0, 0.58480, 3.80117)]
    [InlineData(0.5, 0.05956, 4.46965)]
    public void Worked_example_of_two_conflicting_gradients(double target, double first, double second)
    {
        var weights = new GradVac(target: target).Weigh(Gramians.Of(Golden), StepContexts.At());

        var update = Gramians.Combine(Golden, weights);
        Close.Equal([first, second, second], update, Close.Printed(5));
    }

    [Fact]
    public void A_turned_gradient_has_the_cosine_that_was_wanted() =>
        Gen.Select(Gen.Int[0, int.MaxValue], Gen.Double[-0.99, 0.99], Gen.Int[-3, 3])
            .Sample(
                (seed, target, power) =>
                {
                    var rows = Gramians.Vectors(Family.Typical, 2, 5, seed);
                    rows[1] = [.. rows[1].Select(value => value * Math.Pow(10, power))];
                    var before = Cosine(rows[0], rows[1]);
                    var one = new GradVac(target: target).Weigh(Gramians.Of(rows), StepContexts.At());
                    // Both turn towards the other; what the second has of the first is the rest of the first's weight.
                    var share = (one[1] - 1) * Gramians.Norm(rows[1]) / Gramians.Norm(rows[0]);
                    double[] turned =
                    [
                        .. rows[0]
                            .Select(
                                (value, i) =>
                                    value + (share * rows[1][i] / Gramians.Norm(rows[1]) * Gramians.Norm(rows[0]))
                            ),
                    ];

                    var wanted = Math.Max(before, target);
                    Assert.Equal(wanted, Cosine(turned, rows[1]), 1e-6);
                }
            );

    [Fact]
    public void Equals_turning_the_vectors_themselves_in_the_same_order() =>
        Cases.Sample(c =>
        {
            var rows = Gramians.Vectors(c.Family, c.Count, c.Width, c.Seed);
            var step = StepContexts.At(seed: c.Seed);

            var update = Gramians.Combine(rows, new GradVac(target: 0.2).Weigh(Gramians.Of(rows), step));

            var expected = TurnVectors(rows, 0.2, step.Random());
            var scale = Gramians.Norm(expected) + rows.Sum(Gramians.Norm);
            Assert.All(update.Zip(expected), pair => Assert.True(Math.Abs(pair.First - pair.Second) <= 1e-6 * scale));
        });

    [Fact]
    public void Scaling_all_gradients_changes_no_weight() =>
        Cases.Sample(c =>
        {
            var gramian = Gramians.Of(Gramians.Vectors(c.Family, c.Count, c.Width, c.Seed));
            Assert.Equal(
                new GradVac(target: 0.2).Weigh(gramian, StepContexts.At()),
                new GradVac(target: 0.2).Weigh([.. gramian.Select(value => value * 1024 * 1024)], StepContexts.At())
            );
        });

    [Fact]
    public void A_target_is_the_running_mean_of_its_pairs_cosine()
    {
        var gramian = Gramians.Of(Golden);
        var method = new GradVac(beta: 0.25, target: 0.5);
        method.Begin(2);
        var state = new StateDictionary();

        method.Weigh(gramian, StepContexts.At());
        method.Save(state);

        var expected = (0.75 * 0.5) + (0.25 * Cosine(Golden[0], Golden[1]));
        var targets = state.Numbers("targets");
        Assert.Equal(expected, targets[1], 1e-14);
        Assert.Equal(expected, targets[2], 1e-14);
    }

    [Fact]
    public void A_resumed_run_goes_on_with_its_targets()
    {
        var tasks = StepContexts.At(tasks: 3);
        var gramian = Gramians.Of(Gramians.Vectors(Family.Conflicting, 3, 4, seed: 5));
        var unbroken = new GradVac(beta: 0.3);
        unbroken.Begin(3);
        unbroken.Weigh(gramian, tasks);
        var state = new StateDictionary();
        unbroken.Save(state);
        var resumed = new GradVac(beta: 0.3);
        resumed.Begin(3);
        resumed.Load(state);

        var next = StepContexts.At(step: 1, tasks: 3);
        Assert.Equal(unbroken.Weigh(gramian, next), resumed.Weigh(gramian, next));
        Assert.NotEqual(new GradVac(beta: 0.3).Weigh(gramian, next), resumed.Weigh(gramian, next));
    }

    [Fact]
    public void Targets_belong_to_tasks_and_not_to_places_in_a_step()
    {
        var method = new GradVac(beta: 1);
        method.Begin(3);
        var weights = new double[2];
        method.Weigh(new GramianView(Gramians.Of(Golden), [0, 2]), weights, StepContexts.At(tasks: 3));
        var state = new StateDictionary();
        method.Save(state);

        Assert.Equal(
            [false, false, true, false, false, false, true, false, false],
            state.Numbers("targets").Select(target => target != 0)
        );
    }

    [Fact]
    public void A_gradient_of_zeros_harms_no_other() =>
        Assert.Equal([1, 1], new GradVac(target: 0.5).Weigh([0, 0, 0, 4], StepContexts.At()));

    [Theory]
    [InlineData(-0.1, 0)]
    [InlineData(1.1, 0)]
    [InlineData(0.1, 1)]
    [InlineData(0.1, double.NaN)]
    public void Options_out_of_range_are_refused(double beta, double target) =>
        Assert.Throws<ArgumentException>(() => new GradVac(beta, target));

    private static double Cosine(double[] left, double[] right) =>
        Gramians.Products([left], right)[0] / Gramians.Norm(left) / Gramians.Norm(right);

    private static double[] TurnVectors(double[][] rows, double target, Random random)
    {
        var update = new double[rows[0].Length];
        int[] order = [.. Enumerable.Range(0, rows.Length)];
        for (var i = 0; i < rows.Length; i++)
        {
            random.Shuffle(order);
            double[] turned = [.. rows[i]];
            foreach (var j in order.Where(j => j != i && Gramians.Norm(rows[j]) > 0))
            {
                var norm = Gramians.Norm(turned);
                if (norm <= 1e-7 * Gramians.Norm(rows[i]))
                {
                    continue;
                }

                var cosine = Math.Clamp(Cosine(turned, rows[j]), -1, 1);
                if (cosine < target)
                {
                    var sine = Math.Sqrt(1 - (target * target));
                    var share =
                        norm
                        * ((target * Math.Sqrt(1 - (cosine * cosine))) - (cosine * sine))
                        / (Gramians.Norm(rows[j]) * sine);
                    turned = [.. turned.Zip(rows[j], (a, b) => a + (share * b))];
                }
            }

            update = [.. update.Zip(turned, (a, b) => a + b)];
        }

        return update;
    }
}
