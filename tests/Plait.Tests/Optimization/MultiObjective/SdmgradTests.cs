using CsCheck;
using Plait.Optimization;
using Plait.Optimization.MultiObjective;
using Plait.Tests.Numerics;
using Plait.Torch;
using static Plait.Tests.Optimization.GivenRows;
using Family = Plait.Tests.Numerics.Gramians.Family;

namespace Plait.Tests.Optimization.MultiObjective;

[Collection("torch")]
public sealed class SdmgradTests
{
    private const double Rounding = 1e-12; // of numbers of about 1

    [Fact]
    public void Worked_example_of_two_conflicting_gradients()
    {
        var weights = new double[2];
        Sdmgrad.SolveExactly(new GramianView(Gramians.Of(Golden)), 0.3, weights);
        Close.Equal([0.63, 0.37], weights, Rounding);
        Close.Equal([0, 1, 1], new Sdmgrad().Update(Golden), Rounding);
    }

    [Fact]
    public void The_exact_weights_meet_the_conditions_of_the_minimum() =>
        Gen.Select(Gen.Enum<Family>(), Gen.Int[1, 20], Gen.Int[1, 12], Gen.Int[0, int.MaxValue], Gen.Double[0, 2])
            .Sample(
                (family, count, width, seed, lambda) =>
                {
                    var rows = Gramians.Vectors(family, count, width, seed);
                    var weights = new double[count];

                    Sdmgrad.SolveExactly(new GramianView(Gramians.Of(rows)), lambda, weights);

                    Assert.All(weights, weight => Assert.True(weight >= 0));
                    Assert.Equal(1, weights.Sum(), 1e-9);
                    double[] mean = [.. Gramians.Combine(rows, Enumerable.Repeat(lambda / count, count).ToArray())];
                    double[][] shifted = [.. rows.Select(row => row.Zip(mean, (a, b) => a + b).ToArray())];
                    var direction = Gramians.Combine(shifted, weights);
                    var products = Gramians.Products(shifted, direction);
                    var square = Gramians.Products([direction], direction)[0];
                    // A row's product may fall short of the square by rounding of terms as large as the rows.
                    var largest = shifted.Max(Gramians.Norm);
                    Assert.All(
                        products,
                        product => Assert.True(product >= square - (1e-7 * largest * largest), $"{product} < {square}")
                    );
                }
            );

    [Fact]
    public void Without_the_mean_it_is_the_shortest_combination() =>
        Close.Equal([0, 1, 1], new Sdmgrad(lambda: 0).Update(Golden), Rounding);

    [Fact]
    public void With_much_of_the_mean_it_is_the_mean() =>
        Close.Equal([1, 1, 1], new Sdmgrad(lambda: 1e9).Update(Golden), 1e-7); // gradients of 6 beside 1e9 times their mean

    [Theory]
    [InlineData(1e-12)]
    [InlineData(1e12)]
    public void It_scales_with_the_gradients(double scale) =>
        Close.Equal([0, 1, 1], new Sdmgrad().Update(Golden, scale: scale).Select(value => value / scale), Rounding);

    [Fact]
    public void Descent_on_the_same_gradients_twice_ends_at_the_exact_weights()
    {
        var method = new Sdmgrad(rate: 0.05, iterations: 400);

        var update = method.Sampled(Golden, Golden, Golden);

        Close.Equal([0, 1, 1], update, 1e-6); // what 400 steps leave
    }

    [Fact]
    public void One_descent_by_hand()
    {
        var method = new Sdmgrad(rate: 0.1, iterations: 1);
        double[][] first =
        [
            [1, 0, 0],
            [0, 1, 0],
        ];

        var update = method.Sampled(
            first,
            [
                [4, 0, 0],
                [2, 9, 0],
            ],
            Golden
        );

        // Products [[4, 2], [0, 9]] over ((2 + 3) / 2)², times (1/2, 1/2) and 0.3 times the means of the rows.
        double[] slopes = [1.3 * 3 / 6.25, 1.3 * 4.5 / 6.25];
        var first1 = 0.5 - (0.1 * (slopes[0] - slopes[1]) / 2);
        double[] shares = [(first1 + 0.15) / 1.3, (1 - first1 + 0.15) / 1.3];
        Assert.Equal((shares[0] * -4) + (shares[1] * 6), update[0], 1e-12);
    }

    [Fact]
    public void A_resumed_run_descends_from_where_it_was()
    {
        double[][] other =
        [
            [1, 2, 0],
            [0, 1, 1],
        ];
        var unbroken = new Sdmgrad(iterations: 1, rate: 0.01);
        unbroken.Sampled(Golden, other, Golden);
        var state = new StateDictionary();
        unbroken.Save(state);
        var resumed = new Sdmgrad(iterations: 1, rate: 0.01);
        resumed.Begin(2);
        resumed.Load(state);

        var next = unbroken.Sampled(Golden, other, Golden);
        Assert.Equal(next, resumed.Sampled(Golden, other, Golden));
        Assert.NotEqual(next, new Sdmgrad(iterations: 1, rate: 0.01).Sampled(Golden, other, Golden));
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new Sdmgrad(lambda: -1));
        Assert.Throws<ArgumentException>(() => new Sdmgrad(iterations: 0));
        Assert.Throws<ArgumentException>(() => new Sdmgrad(momentum: 1));
        Assert.Throws<ArgumentException>(() => new Sdmgrad(rate: double.NaN));
    }
}

internal static class SampledUpdates
{
    /// <summary>The update by one batch, with the weights judged on two others.</summary>
    public static double[] Sampled(this Sdmgrad method, double[][] first, double[][] second, double[][] own)
    {
        using var scope = torch.NewDisposeScope();
        using var gradients = Of(
            own,
            number => torch.tensor((number == 0 ? first : second).SelectMany(row => row).ToArray()).view(own.Length, -1)
        );
        return Numbers.Read(method.Aggregate(gradients, StepContexts.At(tasks: own.Length)));
    }
}
