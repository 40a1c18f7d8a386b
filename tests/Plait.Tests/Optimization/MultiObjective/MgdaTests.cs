using CsCheck;
using Plait.Catalogue;
using Plait.Optimization;
using Plait.Optimization.MultiObjective;
using Plait.Tests.Numerics;
using Family = Plait.Tests.Numerics.Gramians.Family;

namespace Plait.Tests.Optimization.MultiObjective;

public sealed class MgdaTests
{
    private const double Rounding = 1e-12; // of numbers of about 1

    private static readonly Gen<(Family Family, int Count, int Width, int Seed)> Cases = Gen.Select(
        Gen.Enum<Family>(),
        Gen.Int[1, 8],
        Gen.Int[1, 10],
        Gen.Int[0, int.MaxValue]
    );

    [Theory]
    [InlineData(MinNormSolver.Exact)]
    [InlineData(MinNormSolver.FrankWolfe)]
    public void Worked_example_of_two_conflicting_gradients(MinNormSolver solver)
    {
        double[][] rows =
        [
            [-4, 1, 1],
            [6, 1, 1],
        ];

        var weights = new Mgda(solver: solver).Weigh(Gramians.Of(rows), StepContexts.At());

        Close.Equal([0.6, 0.4], weights, Rounding);
        Close.Equal([0, 1, 1], Gramians.Combine(rows, weights), Rounding);
    }

    [Fact]
    public void No_task_gets_worse() =>
        Cases.Sample(c =>
        {
            var rows = Gramians.Vectors(c.Family, c.Count, c.Width, c.Seed);

            var weights = new Mgda().Weigh(Gramians.Of(rows), StepContexts.At());
            var update = Gramians.Combine(rows, weights);

            var scale = rows.Zip(weights, (row, weight) => Gramians.Norm(row) * weight).Sum();
            Assert.All(
                Gramians.Products(rows, update).Zip(rows),
                pair => Assert.True(pair.First >= -1e-8 * scale * Gramians.Norm(pair.Second))
            );
        });

    [Fact]
    public void At_a_Pareto_stationary_point_nothing_moves() =>
        Cases.Sample(c =>
        {
            var rows = Gramians.Vectors(Family.Typical, c.Count, c.Width, c.Seed);
            double[] missing = [.. Gramians.Combine(rows, rows.Select(_ => 0.3).ToArray()).Select(value => -value)];
            double[][] stationary = [.. rows, missing]; // a positive combination of these is zero

            var update = Gramians.Combine(stationary, new Mgda().Weigh(Gramians.Of(stationary), StepContexts.At()));

            Assert.InRange(Gramians.Norm(update), 0, 1e-6 * rows.Max(Gramians.Norm));
        });

    [Fact]
    public void Weights_follow_the_tasks_when_these_change_places() =>
        Cases.Sample(c =>
        {
            var rows = Gramians.Vectors(c.Family, c.Count, c.Width, c.Seed);
            double[][] turned = [.. rows.Reverse()];

            var update = Gramians.Combine(rows, new Mgda().Weigh(Gramians.Of(rows), StepContexts.At()));
            var other = Gramians.Combine(turned, new Mgda().Weigh(Gramians.Of(turned), StepContexts.At()));

            var scale = 1e-6 * rows.Min(Gramians.Norm);
            Assert.All(update.Zip(other), pair => Assert.True(Math.Abs(pair.First - pair.Second) <= scale));
        });

    [Theory]
    [InlineData(GradientNormalization.L2, new double[] { 1, 1 }, new[] { 0.5, 0.5 })]
    [InlineData(GradientNormalization.Loss, new double[] { 1, 4 }, new[] { 0.5, 0.5 })]
    [InlineData(GradientNormalization.LossPlus, new double[] { 1, 2 }, new[] { 0.2, 0.8 })]
    public void Normalisation_divides_before_the_weights_are_found(
        GradientNormalization normalization,
        double[] losses,
        double[] expected
    )
    {
        // Orthogonal gradients of lengths 1 and 4: the weights are as the inverse squares of the divided lengths.
        var weights = new Mgda(normalization: normalization).Weigh([1, 0, 0, 16], StepContexts.At(), losses);

        Close.Equal(expected, weights, Rounding);
    }

    [Theory]
    [InlineData(GradientNormalization.None)]
    [InlineData(GradientNormalization.L2)]
    [InlineData(GradientNormalization.Loss)]
    [InlineData(GradientNormalization.LossPlus)]
    public void A_gradient_and_a_loss_of_zero_give_numbers(GradientNormalization normalization)
    {
        var weights = new Mgda(normalization: normalization).Weigh([4, 0, 0, 0], StepContexts.At(), 1, 0);

        Assert.Equal([0, 1], weights);
    }

    [Fact]
    public void Normalising_by_losses_that_nobody_gave_is_an_error() =>
        Assert.Throws<ArgumentException>(() =>
            new Mgda(normalization: GradientNormalization.Loss).Weigh([1, 0, 0, 1], StepContexts.At())
        );

    [Fact]
    public void Options_are_written_as_the_command_line_writes_them()
    {
        var mgda = MethodCatalog.Create<GradientAggregator>(
            "mgda:at=representation,solver=frank-wolfe,normalization=loss-plus"
        );

        Assert.IsType<Mgda>(mgda);
        Assert.Equal(GradientLocation.Representation, mgda.Location);
    }
}
