using CsCheck;
using Plait.Catalogue;
using Plait.Optimization;
using Plait.Optimization.GradientModulation;
using Plait.Tests.Numerics;
using Family = Plait.Tests.Numerics.Gramians.Family;

namespace Plait.Tests.Optimization.GradientModulation;

/// <summary>UPGrad, DualProj, GEM and A-GEM: projections onto updates that conflict with no task, or with a mean of some.</summary>
public sealed class ConflictFreeTests
{
    private static readonly double[][] Example =
    [
        [-4, 1, 1],
        [6, 1, 1],
    ];

    private static readonly Gen<(string Method, Family Family, int Count, int Width, int Seed)> Cases = Gen.Select(
        Gen.OneOf(Gen.Const("upgrad"), Gen.Const("dualproj"), Gen.Const("gem"), Gen.Const("gem:main=0")),
        Gen.Enum<Family>(),
        Gen.Int[1, 9],
        Gen.Int[1, 12],
        Gen.Int[0, int.MaxValue]
    );

    [Theory]
    [InlineData("upgrad", new[] { 1.111111, 0.789474 }, new[] { 0.292398, 1.900585, 1.900585 })]
    [InlineData("upgrad:regularization=1e-4", new[] { 1.110921, 0.789431 }, new[] { 0.292902, 1.900352, 1.900352 })]
    [InlineData("dualproj", new[] { 0.611111, 0.5 }, new[] { 0.555556, 1.111111, 1.111111 })]
    [InlineData("dualproj:regularization=1e-4", new[] { 0.610921, 0.5 }, new[] { 0.556316, 1.110921, 1.110921 })]
    [InlineData("gem", new[] { 1.222222, 1 }, new[] { 1.111111, 2.222222, 2.222222 })]
    [InlineData("gem:margin=0.5", new[] { 1.722222, 1 }, new[] { -0.888889, 2.722222, 2.722222 })]
    [InlineData("gem:main=0", new[] { 1, 0.578947 }, new[] { -0.526316, 1.578947, 1.578947 })]
    [InlineData("a-gem", new[] { 1.222222, 1 }, new[] { 1.111111, 2.222222, 2.222222 })]
    [InlineData("upgrad:preference=1/0", new[] { 1, 0.578947 }, new[] { -0.526316, 1.578947, 1.578947 })]
    [InlineData("dualproj:preference=1/3", new[] { 0.916667, 0.75 }, new[] { 0.833333, 1.666667, 1.666667 })]
    public void Worked_examples(string method, double[] weights, double[] update)
    {
        var found = Make(method).Weigh(Gramians.Of(Example), StepContexts.At());

        Close.Equal(weights, found, Close.Printed(6));
        Close.Equal(update, Gramians.Combine(Example, found), Close.Printed(6));
    }

    [Fact]
    public void No_task_gets_worse() =>
        Cases.Sample(c =>
        {
            var rows = Gramians.Vectors(c.Family, c.Count, c.Width, c.Seed);

            var weights = Make(c.Method).Weigh(Gramians.Of(rows), StepContexts.At());

            var size = rows.Zip(weights, (row, weight) => Gramians.Norm(row) * weight).Sum();
            Assert.All(
                Gramians.Products(rows, Gramians.Combine(rows, weights)).Zip(rows),
                pair => Assert.True(pair.First >= -1e-9 * size * Gramians.Norm(pair.Second))
            );
        });

    [Fact]
    public void Residual_is_rounding_for_the_solution() =>
        Cases.Sample(c =>
        {
            var rows = Gramians.Vectors(c.Family, c.Count, c.Width, c.Seed);
            var gramian = Gramians.Of(rows);
            var method = Make(c.Method);
            var weights = method.Weigh(gramian, StepContexts.At());

            Assert.InRange(method.Residual(new GramianView(gramian), weights), 0, 1e-9);
        });

    [Theory]
    [InlineData("upgrad")]
    [InlineData("dualproj")]
    [InlineData("gem")]
    [InlineData("a-gem")]
    public void Residual_is_large_for_other_weights(string method)
    {
        var gramian = Gramians.Of(Example);
        var weights = Make(method).Weigh(gramian, StepContexts.At());
        weights[0] *= 1.1;
        Assert.InRange(Make(method).Residual(new GramianView(gramian), weights), 1e-2, 1);
    }

    [Fact]
    public void Many_tasks_are_no_trouble()
    {
        foreach (var family in Enum.GetValues<Family>())
        {
            var gramian = Gramians.Of(Gramians.Vectors(family, 200, 40, seed: 2));
            var method = new DualProj();
            Assert.InRange(
                method.Residual(new GramianView(gramian), method.Weigh(gramian, StepContexts.At())),
                0,
                1e-9
            );
            gramian = Gramians.Of(Gramians.Vectors(family, 60, 40, seed: 2));
            var each = new UPGrad();
            Assert.InRange(each.Residual(new GramianView(gramian), each.Weigh(gramian, StepContexts.At())), 0, 1e-9);
        }
    }

    [Fact]
    public void Updates_follow_the_tasks_when_these_change_places() =>
        Cases.Sample(c =>
        {
            var rows = Gramians.Vectors(c.Family, c.Count, c.Width, c.Seed);
            double[][] turned = [.. rows.Reverse()];
            var method = c.Method.StartsWith("gem", StringComparison.Ordinal) ? $"gem:main={c.Count - 1}" : c.Method;

            var update = Gramians.Combine(rows, Make(method).Weigh(Gramians.Of(rows), StepContexts.At()));
            var other = Gramians.Combine(
                turned,
                Make(method.Replace($"{c.Count - 1}", "0", StringComparison.Ordinal))
                    .Weigh(Gramians.Of(turned), StepContexts.At())
            );

            var scale = 1e-7 * rows.Max(Gramians.Norm);
            Assert.All(update.Zip(other), pair => Assert.True(Math.Abs(pair.First - pair.Second) <= scale));
        });

    [Fact]
    public void Unit_does_not_matter() =>
        Cases.Sample(c =>
        {
            var gramian = Gramians.Of(Gramians.Vectors(c.Family, c.Count, c.Width, c.Seed));
            double[] inAnotherUnit = [.. gramian.Select(value => value * Math.Pow(2, -60))];

            Assert.Equal(
                Make(c.Method).Weigh(gramian, StepContexts.At()),
                Make(c.Method).Weigh(inAnotherUnit, StepContexts.At())
            );
        });

    [Fact]
    public void UPGrad_is_linear_in_the_lengths_of_the_gradients() =>
        Cases.Sample(c =>
        {
            var rows = Gramians.Vectors(Family.Conflicting, c.Count, c.Width, c.Seed);
            var random = new Random(c.Seed);
            double[] lengths = [.. rows.Select(_ => random.NextDouble())];
            double[] others = [.. rows.Select(_ => random.NextDouble())];

            var first = Update(lengths);
            var second = Update(others);
            var both = Update([.. lengths.Zip(others, (a, b) => (2 * a) + (3 * b))]);

            var scale = 1e-7 * rows.Sum(Gramians.Norm);
            for (var i = 0; i < both.Length; i++)
            {
                Assert.InRange(
                    both[i],
                    (2 * first[i]) + (3 * second[i]) - scale,
                    (2 * first[i]) + (3 * second[i]) + scale
                );
            }

            double[] Update(double[] factors)
            {
                double[][] scaled = [.. rows.Zip(factors, (row, factor) => row.Select(v => v * factor).ToArray())];
                return Gramians.Combine(scaled, new UPGrad().Weigh(Gramians.Of(scaled), StepContexts.At()));
            }
        });

    [Fact]
    public void AGem_removes_the_conflict_with_the_mean_of_the_others() =>
        Cases.Sample(c =>
        {
            var rows = Gramians.Vectors(c.Family, c.Count + 1, c.Width, c.Seed);
            var gramian = Gramians.Of(rows);
            var method = new AGem();

            var weights = method.Weigh(gramian, StepContexts.At());

            Assert.Equal(1, weights[^1]);
            Assert.Single(weights.SkipLast(1).Distinct());
            Assert.InRange(method.Residual(new GramianView(gramian), weights), 0, 1e-9);
        });

    [Fact]
    public void A_preference_and_a_main_task_are_of_the_task_set()
    {
        var weights = new double[2];
        new UPGrad(preference: [1, 5, 3]).Weigh(
            new GramianView([1, 0, 0, 1], tasks: [0, 2]),
            weights,
            StepContexts.At()
        );
        Assert.Equal([0.25, 0.75], weights);

        new Gem(main: 2).Weigh(new GramianView([1, -1, -1, 2], tasks: [2, 3]), weights, StepContexts.At());
        Close.Equal([1, 0.5], weights, 1e-14); // rounding

        new Gem(main: 1).Weigh(new GramianView([1, 0, 0, 1], tasks: [0, 2]), weights, StepContexts.At());
        Assert.Equal([0, 0], weights);
        new AGem(main: 1).Weigh(new GramianView([1, 0, 0, 1], tasks: [0, 2]), weights, StepContexts.At());
        Assert.Equal([0, 0], weights);
    }

    [Theory]
    [InlineData("upgrad:regularization=-1", "regularization is a finite number of 0 or more; got -1")]
    [InlineData("dualproj:regularization=NaN", "regularization is a finite number of 0 or more; got NaN")]
    [InlineData("upgrad:preference=0/0", "not all 0")]
    [InlineData("gem:margin=-0.5", "margin is a finite number of 0 or more; got -0.5")]
    [InlineData("gem:main=-1", "0 for the first; got -1")]
    [InlineData("a-gem:main=-1", "0 for the first; got -1")]
    public void Options_out_of_range_are_refused(string method, string message) =>
        Assert.Contains(message, Assert.Throws<FormatException>(() => Make(method)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("gem:main=2")]
    [InlineData("a-gem:main=2")]
    [InlineData("upgrad:preference=1/2/3")]
    [InlineData("dualproj:preference=1/2/3")]
    public void Options_that_do_not_fit_the_tasks_are_refused(string method) =>
        Assert.Throws<ArgumentException>(() => Make(method).Begin(2));

    [Fact]
    public void The_representation_is_as_good_a_place_as_the_parameters() =>
        Assert.All(
            ["upgrad", "dualproj", "gem", "a-gem"],
            name => Assert.Equal(GradientLocation.Representation, Make($"{name}:at=representation").Location)
        );

    private static GramianAggregator Make(string method) =>
        (GramianAggregator)MethodCatalog.Create<GradientAggregator>(method);
}
