using Plait.Catalogue;
using Plait.Optimization;
using Plait.Optimization.GradientModulation;
using Plait.Tests.Numerics;
using Plait.Torch;
using static TorchSharp.torch;

namespace Plait.Tests.Optimization.GradientModulation;

[Collection("torch")]
public sealed class DbMtlTests
{
    private static readonly double[][] Other =
    [
        [1, 0, 2],
        [0, -3, 1],
    ];

    [Fact]
    public void Worked_example_without_averages() =>
        GoldenExample.Near([0.188135, 2.452966, 2.452966], Aggregate(new DbMtl(beta: 0), GoldenExample.Rows), 1e-6);

    [Theory]
    [InlineData(0.9, 0)]
    [InlineData(0.5, 0.5)]
    public void Averages_move_as_the_paper_says(double beta, double sigma)
    {
        var method = new DbMtl(beta, sigma);
        method.Begin(2);
        var averages = new double[2][] { new double[3], new double[3] };
        for (var step = 1; step <= 4; step++)
        {
            var rows = step % 2 == 0 ? Other : GoldenExample.Rows;
            var keep = beta / Math.Pow(step, sigma);
            averages = [.. averages.Zip(rows, (old, row) => row.Zip(old, (g, b) => g + (keep * (b - g))).ToArray())];
            var longest = averages.Max(Gramians.Norm);
            var expected = Gramians.Combine(averages, averages.Select(row => longest / Gramians.Norm(row)).ToArray());

            GoldenExample.Near(expected, Aggregate(method, rows), 1e-12);
        }
    }

    [Fact]
    public void Resumed_averages_go_on_as_if_nothing_had_happened()
    {
        var method = new DbMtl();
        method.Begin(2);
        Aggregate(method, GoldenExample.Rows);
        var state = new StateDictionary();
        method.Save(state);
        var resumed = new DbMtl();
        resumed.Begin(2);
        resumed.Load(state);

        Assert.Equal(Aggregate(method, Other), Aggregate(resumed, Other));
    }

    [Fact]
    public void A_gradient_of_zeros_adds_nothing()
    {
        double[][] rows =
        [
            [3, 4, 0],
            [0, 0, 0],
        ];

        GoldenExample.Near([3, 4, 0], Aggregate(new DbMtl(beta: 0), rows), 1e-12);
    }

    [Fact]
    public void A_run_that_begins_forgets_the_one_before()
    {
        var method = new DbMtl();
        var first = Aggregate(method, GoldenExample.Rows);
        Aggregate(method, Other);
        method.Begin(2);

        Assert.Equal(first, Aggregate(method, GoldenExample.Rows));
    }

    [Theory]
    [InlineData(1e-25)]
    [InlineData(1e25)]
    public void Averages_in_single_precision_are_balanced_at_any_scale(double scale)
    {
        var method = new DbMtl();
        method.Begin(2);
        double[][] rows = [.. GoldenExample.Rows.Select(row => Array.ConvertAll(row, value => value * scale))];
        var update = Aggregate(method, rows, ScalarType.Float32);

        var plain = new DbMtl();
        plain.Begin(2);
        GoldenExample.Near(
            Aggregate(plain, GoldenExample.Rows),
            Array.ConvertAll(update, value => value / scale),
            1e-6
        );
    }

    [Fact]
    public void A_gradient_that_is_not_finite_does_not_enter_the_averages()
    {
        var method = new DbMtl();
        method.Begin(2);
        double[][] broken = [GoldenExample.Rows[0], [1, double.NaN, 0]];
        Assert.Throws<NonFiniteException>(() => Aggregate(method, broken));
        var unharmed = Aggregate(method, GoldenExample.Rows);
        method.Begin(2);

        Assert.Equal(unharmed, Aggregate(method, GoldenExample.Rows));
    }

    [Fact]
    public void A_task_that_takes_no_part_keeps_its_average()
    {
        var method = new DbMtl(beta: 0.5);
        method.Begin(2);
        Aggregate(method, GoldenExample.Rows);
        using (NewDisposeScope())
        {
            var tasks = StepContexts.Regressions(2).Select(1);
            using var one = TaskGradients.OfRows(tasks, tensor(Other[1]).view(1, -1));
            method.Aggregate(one, StepContexts.At());
        }

        var state = new StateDictionary();
        method.Save(state);
        double[] first = [.. GoldenExample.Rows[0].Select(value => value / 2)];
        double[] second = [.. GoldenExample.Rows[1].Zip(Other[1], (old, row) => (old / 4) + (row / 2))];
        GoldenExample.Near([.. first, .. second], state.Tensor("averages").data<double>().ToArray(), 1e-12);
    }

    [Theory]
    [InlineData("db-mtl:beta=1")]
    [InlineData("db-mtl:sigma=-1")]
    public void Impossible_options_are_refused(string text) =>
        Assert.Throws<FormatException>(() => MethodCatalog.Create<GradientAggregator>(text));

    private static double[] Aggregate(DbMtl method, double[][] rows, ScalarType precision = ScalarType.Float64)
    {
        using var scope = NewDisposeScope();
        using var gradients = TaskGradients.OfRows(
            StepContexts.Regressions(rows.Length),
            tensor(rows.SelectMany(row => row).ToArray(), dtype: precision).view(rows.Length, -1)
        );
        return Numbers.Read(method.Aggregate(gradients, StepContexts.At()));
    }
}
