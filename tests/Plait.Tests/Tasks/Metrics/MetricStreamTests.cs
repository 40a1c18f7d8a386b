using CsCheck;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Tasks.Metrics;

namespace Plait.Tests.Tasks.Metrics;

/// <summary>What holds for every metric: batches, missing targets and the place of the tensors make no difference.</summary>
public sealed class MetricStreamTests
{
    private static readonly Gen<Sample> Samples = Gen.Select(
        Gen.Int[1, 40],
        Gen.Int[0, int.MaxValue],
        (rows, seed) => new Sample(rows, seed)
    );

    public static IEnumerable<TheoryDataRow<string, OutputForm>> Cases =>
        from metric in Metric.All.Concat(Metric.Dense)
        from layout in LayoutsOf(metric.Name)
        select new TheoryDataRow<string, OutputForm>(metric.Name, layout);

    public enum OutputForm
    {
        OneLogit,
        TwoClasses,
        FourClasses,
        DenseClasses,
        Numbers,
        ThreeNumbers,
        Depths,
        Normals,
        EdgeMaps,
        Levels,
        Counts,
        Labels,
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Any_split_into_batches_gives_what_one_batch_gives(string name, OutputForm layout) =>
        Samples.Sample(
            sample =>
            {
                using var scope = torch.NewDisposeScope();
                var (output, raw) = sample.Draw(layout);
                var cut = sample.Seed % (sample.Rows + 1);

                var whole = Over(name, layout, (output, raw));
                var split = Over(name, layout, Part(output, raw, 0, cut), Part(output, raw, cut, sample.Rows - cut));

                AssertClose(whole, split);
            },
            iter: 50
        );

    [Theory]
    [MemberData(nameof(Cases))]
    public void Missing_rows_do_not_count(string name, OutputForm layout) =>
        Samples.Sample(
            sample =>
            {
                using var scope = torch.NewDisposeScope();
                var (output, raw) = sample.Draw(layout);
                var (garbage, garbageRaw) = new Sample(7, sample.Seed + 1).Draw(layout);
                var missing = garbageRaw.is_floating_point()
                    ? torch.full_like(garbageRaw, double.NaN)
                    : torch.full_like(garbageRaw, -1);

                var alone = Over(name, layout, (output, raw));
                var mixed = Over(
                    name,
                    layout,
                    (torch.cat([garbage.fill_(double.NaN), output]), torch.cat([missing, raw]))
                );

                AssertClose(alone, mixed);
            },
            iter: 50
        );

    [Theory]
    [MemberData(nameof(Cases))]
    public void Nothing_added_or_nothing_present_is_undefined(string name, OutputForm layout)
    {
        using var scope = torch.NewDisposeScope();
        var (output, raw) = new Sample(3, 1).Draw(layout);
        var metric = Metric.Parse(name);
        var accumulator = metric.Start(AnswerOf(layout));
        Assert.Equal(double.NaN, accumulator.Compute());

        accumulator.Add(output, TaskTarget.FromRaw(raw, torch.zeros(3)));

        Assert.Equal(double.NaN, accumulator.Compute());
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Adding_leaves_no_tensor_behind_and_needs_no_detached_output(string name, OutputForm layout)
    {
        using var scope = torch.NewDisposeScope();
        var (output, raw) = new Sample(3, 1).Draw(layout);
        var target = TaskTarget.FromRaw(raw, torch.tensor(new[] { 1f, 0, 1 }));
        output.requires_grad_();
        var before = scope.DisposablesCount;

        Metric.Parse(name).Start(AnswerOf(layout)).Add(output, target);

        Assert.Equal(before, scope.DisposablesCount);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Shapes_that_do_not_fit_are_refused(string name, OutputForm layout)
    {
        using var scope = torch.NewDisposeScope();
        var (output, raw) = new Sample(3, 1).Draw(layout);

        Assert.Throws<ArgumentException>(() =>
            Metric.Parse(name).Start(AnswerOf(layout)).Add(output.narrow(0, 0, 2), TaskTarget.Of(raw))
        );
    }

    internal static OutputForm[] LayoutsOf(string metric) =>
        metric switch
        {
            "mse" or "rmse" or "mae" or "r2" =>
            [
                OutputForm.Numbers,
                OutputForm.ThreeNumbers,
                OutputForm.Levels,
                OutputForm.Counts,
            ],
            "quadratic kappa" => [OutputForm.Levels],
            "poisson deviance" => [OutputForm.Counts],
            "abs err" or "abs rel" or "sq rel" or "log rmse" or "delta1" or "delta2" or "delta3" => [OutputForm.Depths],
            "mean angle" or "median angle" or "angle rmse" => [OutputForm.Normals],
            "within 11.25" or "within 22.5" or "within 30" => [OutputForm.Normals],
            "ods f" or "ois f" or "max f" or "max iou" => [OutputForm.EdgeMaps],
            "auc" or "f1" => [OutputForm.OneLogit, OutputForm.TwoClasses, OutputForm.Labels],
            "auc by label" or "f1 by label" => [OutputForm.OneLogit, OutputForm.Labels],
            _ =>
            [
                OutputForm.OneLogit,
                OutputForm.TwoClasses,
                OutputForm.FourClasses,
                OutputForm.DenseClasses,
                OutputForm.Levels,
            ],
        };

    internal static Answer AnswerOf(OutputForm layout) =>
        layout switch
        {
            OutputForm.OneLogit => new Binary(),
            OutputForm.TwoClasses => new Categorical(2),
            OutputForm.FourClasses => new Categorical(4),
            OutputForm.DenseClasses => new Categorical(3, Layout.Pixel),
            OutputForm.Depths => new Numeric(layout: Layout.Pixel),
            OutputForm.Normals => new Direction(layout: Layout.Pixel),
            OutputForm.EdgeMaps => new Binary(Layout.Pixel),
            OutputForm.Levels => new Ordinal(4),
            OutputForm.Counts => new Count(),
            OutputForm.Labels => new MultiLabel(3),
            OutputForm.Numbers => new Numeric(),
            _ => new Numeric(3),
        };

    private static double Over(string name, OutputForm layout, params (Tensor Output, Tensor Raw)[] batches)
    {
        var accumulator = Metric.Parse(name).Start(AnswerOf(layout));
        foreach (var (output, raw) in batches)
        {
            accumulator.Add(output, TaskTarget.FromRaw(raw));
        }

        return accumulator.Compute();
    }

    private static (Tensor Output, Tensor Raw) Part(Tensor output, Tensor raw, long start, long rows) =>
        (output.narrow(0, start, rows), raw.narrow(0, start, rows));

    private static void AssertClose(double expected, double actual)
    {
        if (double.IsNaN(expected) || double.IsNaN(actual))
        {
            Assert.Equal(expected, actual);
        }
        else
        {
            Assert.Equal(expected, actual, 1e-9 * Math.Max(1, Math.Abs(expected)));
        }
    }

    internal sealed record Sample(int Rows, int Seed)
    {
        public (Tensor Output, Tensor Raw) Draw(OutputForm layout)
        {
            var random = new Random(Seed);
            return layout switch
            {
                // Few distinct scores, so that there are ties.
                OutputForm.OneLogit => (
                    Numbers([Rows, 1], () => random.Next(-3, 4)),
                    Numbers([Rows], () => random.Next(2))
                ),
                OutputForm.TwoClasses => (Numbers([Rows, 2], () => random.Next(-3, 4)), Classes([Rows], 2)),
                OutputForm.FourClasses => (Numbers([Rows, 4], () => random.NextDouble()), Classes([Rows], 4)),
                OutputForm.DenseClasses => (
                    Numbers([Rows, 3, 2, 2], () => random.NextDouble()),
                    Classes([Rows, 2, 2], 3)
                ),
                OutputForm.Depths => (
                    Numbers([Rows, 1, 2, 3], () => 5 * random.NextDouble()),
                    Numbers([Rows, 2, 3], () => 0.5 + (4 * random.NextDouble()))
                ),
                OutputForm.Normals => (
                    Numbers([Rows, 3, 2, 2], () => random.NextDouble() - 0.5),
                    Numbers([Rows, 3, 2, 2], () => random.NextDouble() - 0.5)
                ),
                OutputForm.EdgeMaps => (
                    Numbers([Rows, 1, 4, 5], () => random.Next(-3, 4)),
                    Numbers([Rows, 1, 4, 5], () => random.Next(2))
                ),
                OutputForm.Levels => (Numbers([Rows, 3], () => (4 * random.NextDouble()) - 2), Classes([Rows], 4)),
                OutputForm.Counts => (
                    Numbers([Rows, 1], () => (3 * random.NextDouble()) - 1),
                    Numbers([Rows], () => random.Next(5))
                ),
                OutputForm.Labels => (
                    Numbers([Rows, 3], () => random.Next(-3, 4)),
                    Numbers([Rows, 3], () => random.Next(2))
                ),
                OutputForm.Numbers => (
                    Numbers([Rows, 1], () => random.NextDouble()),
                    Numbers([Rows], () => random.NextDouble())
                ),
                _ => (Numbers([Rows, 3], () => random.NextDouble()), Numbers([Rows, 3], () => random.NextDouble())),
            };

            Tensor Classes(long[] shape, int classes) =>
                Numbers(shape, () => random.Next(classes)).to(ScalarType.Int64);
        }

        private static Tensor Numbers(long[] shape, Func<double> next)
        {
            var numbers = new double[shape.Aggregate(1L, (product, side) => product * side)];
            for (var i = 0; i < numbers.Length; i++)
            {
                numbers[i] = next();
            }

            return torch.tensor(numbers).view(shape);
        }
    }
}
