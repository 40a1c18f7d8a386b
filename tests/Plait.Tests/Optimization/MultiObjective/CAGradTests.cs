using CsCheck;
using Plait.Catalogue;
using Plait.Optimization;
using Plait.Optimization.MultiObjective;
using Plait.Tests.Numerics;
using Family = Plait.Tests.Numerics.Gramians.Family;

namespace Plait.Tests.Optimization.MultiObjective;

public sealed class CAGradTests
{
    private static readonly double[][] Example =
    [
        [-4, 1, 1],
        [6, 1, 1],
    ];

    private static readonly Gen<(Family Family, int Count, int Width, int Seed, double C)> Cases = Gen.Select(
        Gen.Enum<Family>(),
        Gen.Int[1, 9],
        Gen.Int[1, 12],
        Gen.Int[0, int.MaxValue],
        Gen.OneOf(Gen.Const(0.1), Gen.Const(0.4), Gen.Const(0.5), Gen.Const(1.0), Gen.Const(2.0))
    );

    [Theory]
    [InlineData("cagrad:c=0.2", new[] { 0.67340, 1.08165, 1.08165 })]
    [InlineData("cagrad:c=0.4,rescale=0", new[] { 0.34680, 1.16330, 1.16330 })]
    [InlineData("cagrad", new[] { 0.18350, 1.20412, 1.20412 })]
    [InlineData("cagrad:c=0.5,rescale=1", new[] { 0.14680, 0.96330, 0.96330 })]
    [InlineData("cagrad:c=0.5,rescale=2", new[] { 0.12234, 0.80275, 0.80275 })]
    [InlineData("cagrad:c=0", new[] { 1.0, 1, 1 })]
    public void Worked_examples(string method, double[] update)
    {
        var weights = ((CAGrad)MethodCatalog.Create<GradientAggregator>(method)).Weigh(
            Gramians.Of(Example),
            StepContexts.At()
        );

        Close.Equal(update, Gramians.Combine(Example, weights), Close.Printed(5));
    }

    [Fact]
    public void Residual_is_rounding_for_the_solution() =>
        Cases.Sample(c =>
        {
            var rows = Gramians.Vectors(c.Family, c.Count, c.Width, c.Seed);
            var gramian = Gramians.Of(rows);
            var method = new CAGrad(c.C, rescale: c.Seed % 3);

            var weights = method.Weigh(gramian, StepContexts.At());

            Assert.InRange(method.Residual(new GramianView(gramian), weights), 0, 1e-8);
        });

    [Fact]
    public void Residual_is_large_for_other_weights()
    {
        var gramian = Gramians.Of(Example);
        var weights = new CAGrad().Weigh(gramian, StepContexts.At());
        weights[0] *= 1.1;
        Assert.InRange(new CAGrad().Residual(new GramianView(gramian), weights), 1e-2, 1);
    }

    [Fact]
    public void The_update_stays_in_the_ball_and_the_worst_off_task_gains_no_less_than_by_the_mean() =>
        Cases.Sample(c =>
        {
            var rows = Gramians.Vectors(c.Family, c.Count, c.Width, c.Seed);
            double[] mean = Gramians.Combine(rows, rows.Select(_ => 1.0 / rows.Length).ToArray());

            var update = Gramians.Combine(rows, new CAGrad(c.C).Weigh(Gramians.Of(rows), StepContexts.At()));

            var longest = rows.Max(Gramians.Norm);
            double[] apart = [.. update.Zip(mean, (a, b) => a - b)];
            Assert.True(Gramians.Norm(apart) <= (c.C * Gramians.Norm(mean)) + (1e-7 * longest));
            Assert.True(
                Gramians.Products(rows, update).Min()
                    >= Gramians.Products(rows, mean).Min() - (1e-7 * longest * longest)
            );
        });

    [Fact]
    public void Updates_follow_the_tasks_when_these_change_places_and_the_unit_when_it_changes() =>
        Cases.Sample(c =>
        {
            var rows = Gramians.Vectors(c.Family, c.Count, c.Width, c.Seed);
            double[][] turned = [.. rows.Reverse().Select(row => row.Select(value => value * 1024).ToArray())];
            var method = new CAGrad(c.C);

            var update = Gramians.Combine(rows, method.Weigh(Gramians.Of(rows), StepContexts.At()));
            var other = Gramians.Combine(turned, method.Weigh(Gramians.Of(turned), StepContexts.At()));

            var scale = 1e-6 * rows.Max(Gramians.Norm);
            Assert.All(update.Zip(other), pair => Assert.True(Math.Abs(pair.First - (pair.Second / 1024)) <= scale));
        });

    [Theory]
    [InlineData("cagrad:c=-0.1", "c is a finite number of 0 or more; got -0.1")]
    [InlineData("cagrad:rescale=3", "got 3")]
    public void Options_out_of_range_are_refused(string method, string message) =>
        Assert.Contains(
            message,
            Assert.Throws<FormatException>(() => MethodCatalog.Create<GradientAggregator>(method)).Message,
            StringComparison.Ordinal
        );
}
