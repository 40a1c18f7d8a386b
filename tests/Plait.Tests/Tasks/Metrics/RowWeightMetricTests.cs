using Plait.Tasks;
using Plait.Tasks.Metrics;
using static Plait.Tests.Tasks.Metrics.MetricStreamTests;

namespace Plait.Tests.Tasks.Metrics;

/// <summary>What row weights mean to every metric: 0 is missing, 2 is there twice.</summary>
public sealed class RowWeightMetricTests
{
    private static readonly Metric[] All =
    [
        .. Metric.All,
        .. Metric.Dense,
        .. DepthError.Kinds.Where(metric => metric.Name == "rmse"),
        .. Enum.GetValues<DepthErrorKind>().Select(kind => new DepthError(kind, medianScaling: true)),
    ];

    public static IEnumerable<TheoryDataRow<int, string, OutputForm>> Cases =>
        from place in Enumerable.Range(0, All.Length)
        from layout in All[place] is DepthError ? [OutputForm.Depths] : LayoutsOf(All[place].Name)
        select new TheoryDataRow<int, string, OutputForm>(place, All[place].Name, layout);

    [Fact]
    public void Every_metric_there_is_has_a_case()
    {
        var metrics = typeof(Metric).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Metric)));

        Assert.Equal(
            metrics.Where(type => !type.IsAbstract).Select(type => type.Name).Order(),
            All.Select(metric => metric.GetType().Name).Distinct().Order()
        );
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_row_of_weight_0_is_as_if_it_were_missing(int metric, string name, OutputForm layout)
    {
        using var scope = torch.NewDisposeScope();
        for (var seed = 0; seed < 20; seed++)
        {
            var (output, raw) = new Sample(1 + seed, seed).Draw(layout);
            var weights = Weights(output.size(0), seed, [0, 0.3f, 1, 2.5f]);

            var missing = TaskTarget.FromRaw(raw, weights.ne(0)).Weigh(weights.masked_fill(weights.eq(0), 7));
            var expected = Of(metric, layout, (output, missing));
            var found = Of(metric, layout, (output, TaskTarget.FromRaw(raw).Weigh(weights)));

            Assert.True(expected.Equals(found), $"{name}: {expected} and {found}");
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_row_of_weight_2_is_as_if_it_were_there_twice_in_one_batch_or_several(
        int metric,
        string name,
        OutputForm layout
    )
    {
        using var scope = torch.NewDisposeScope();
        for (var seed = 0; seed < 20; seed++)
        {
            var (output, raw) = new Sample(1 + seed, seed).Draw(layout);
            var weights = Weights(output.size(0), seed, [0, 1, 2, 3]);
            var rows = torch.tensor([
                .. weights
                    .data<float>()
                    .ToArray()
                    .SelectMany((weight, row) => Enumerable.Repeat((long)row, (int)weight)),
            ]);
            var target = TaskTarget.FromRaw(raw).Weigh(weights);
            var cut = seed / 2;

            var expected = Of(
                metric,
                layout,
                (output.index_select(0, rows), TaskTarget.FromRaw(raw.index_select(0, rows)))
            );
            AssertClose(name, expected, Of(metric, layout, (output, target)));
            AssertClose(
                name,
                expected,
                Of(
                    metric,
                    layout,
                    (output.narrow(0, 0, cut), target.Map(tensor => tensor.narrow(0, 0, cut))),
                    (
                        output.narrow(0, cut, output.size(0) - cut),
                        target.Map(tensor => tensor.narrow(0, cut, output.size(0) - cut))
                    )
                )
            );
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Rows_without_weights_count_as_those_of_weight_1_in_another_batch(
        int metric,
        string name,
        OutputForm layout
    )
    {
        using var scope = torch.NewDisposeScope();
        var (output, raw) = new Sample(20, 7).Draw(layout);
        var weights = torch.ones(20);
        weights[13] = torch.tensor(3f);
        var weighed = TaskTarget.FromRaw(raw).Weigh(weights);
        var plain = TaskTarget.FromRaw(raw);

        AssertClose(
            name,
            Of(metric, layout, (output, weighed)),
            Of(
                metric,
                layout,
                (output.narrow(0, 0, 12), plain.Map(tensor => tensor.narrow(0, 0, 12))),
                (output.narrow(0, 12, 8), weighed.Map(tensor => tensor.narrow(0, 12, 8)))
            )
        );
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_unit_of_the_weights_is_of_no_matter(int metric, string name, OutputForm layout)
    {
        using var scope = torch.NewDisposeScope();
        var (output, raw) = new Sample(20, 5).Draw(layout);
        var weights = Weights(20, 5, [0.5f, 1, 2]);
        var target = TaskTarget.FromRaw(raw);

        AssertClose(
            name,
            Of(metric, layout, (output, target.Weighted(weights))),
            Of(metric, layout, (output, target.Weighted(weights.mul(1.0 / 1024))))
        );
    }

    [Fact]
    public void Metrics_that_judge_images_whole_refuse_weights_of_pixels()
    {
        using var scope = torch.NewDisposeScope();
        var raw = torch.eye(4).view(1, 1, 4, 4);
        var target = TaskTarget.FromRaw(raw).Weighted(raw.add(1));

        foreach (var metric in All.Where(metric => metric is EdgeF or SaliencyF))
        {
            var fault = Assert.Throws<ArgumentException>(() =>
                metric.Start(AnswerOf(OutputForm.EdgeMaps)).Add(raw, target)
            );
            Assert.Contains("one weight a row", fault.Message, StringComparison.Ordinal);
        }
    }

    private static double Of(int metric, OutputForm layout, params (Tensor Output, TaskTarget Target)[] batches)
    {
        var accumulator = All[metric].Start(AnswerOf(layout));
        foreach (var (output, target) in batches)
        {
            accumulator.Add(output, target);
        }

        return accumulator.Compute();
    }

    private static Tensor Weights(long rows, int seed, float[] choice)
    {
        var random = new Random(seed + 10);
        return torch.tensor([.. Enumerable.Range(0, (int)rows).Select(_ => choice[random.Next(choice.Length)])]);
    }

    private static void AssertClose(string name, double expected, double found) =>
        Assert.True(
            double.IsNaN(expected)
                ? double.IsNaN(found)
                : Math.Abs(expected - found) <= 1e-9 * Math.Max(1, Math.Abs(expected)),
            $"{name}: {expected} and {found}"
        );
}
