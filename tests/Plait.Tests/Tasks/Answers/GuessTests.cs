using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Torch;

namespace Plait.Tests.Tasks.Answers;

/// <summary>What the same output for every row says best, and what a spread is measured around.</summary>
public sealed class GuessTests
{
    public static IEnumerable<TheoryDataRow<int, string>> Cases => AnswerTests.Cases;

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_target_counts_by_its_weight_as_if_it_were_there_so_often_and_a_missing_one_not_at_all(
        int place,
        string name
    )
    {
        using var scope = torch.NewDisposeScope();
        var answer = AnswerTests.All[place];
        var values = AnswerTests.Target(answer, 21).Values;
        var counts = torch.arange(values.size(0), ScalarType.Int64).remainder(4); // 0 is a missing row
        var rows = torch.arange(values.size(0), ScalarType.Int64).repeat_interleave(counts);
        var present = counts.gt(0).view([-1, .. Ones(values)]).expand_as(values);
        var weights = counts.view([-1, .. Ones(values)]).expand_as(values).to(ScalarType.Float32).contiguous();

        var weighted = TaskTarget.FromRaw(values, present.contiguous()).Weighted(weights);
        var repeated = TaskTarget.Of(values.index_select(0, rows));

        AssertEqual(Said(answer.Guess(repeated)), Said(answer.Guess(weighted)), 1e-5);
        var (outputs, labels) = (AnswerTests.Output(answer, 22), AnswerTests.Target(answer, 23).Values);
        var once = answer.LikelihoodOf(outputs, weighted).Cost(outputs, labels);
        var often = answer.LikelihoodOf(outputs.index_select(0, rows), repeated).Cost(outputs, labels);
        AssertEqual(often, once, 1e-5);
        Assert.NotEqual("", name);

        Tensor Said(Tensor guess) => answer.Probabilities(guess) ?? guess; // logits of classes are known up to their sum

        static IEnumerable<long> Ones(Tensor values) => Enumerable.Repeat(1L, (int)values.dim() - 1);
    }

    [Fact]
    public void A_class_that_was_never_seen_and_a_thing_that_was_never_counted_count_as_half_a_target()
    {
        using var scope = torch.NewDisposeScope();
        var four = TaskTarget.Of(torch.tensor(new long[] { 0, 0, 0, 1 }));
        var yes = TaskTarget.Of(torch.ones(4));

        AssertEqual(torch.tensor(new[] { 3, 1, 0.5 }).log().unsqueeze(0), new Categorical(3).Guess(four), 1e-6);
        AssertEqual(torch.tensor(new[] { 1.5 / 3, 0.5 }).log().unsqueeze(0), new Ordinal(3).Guess(four), 1e-6);
        Assert.Equal(Math.Log(4 / 0.5), new Binary().Guess(yes).ToDouble(), 1e-6);
        Assert.Equal(Math.Log(3.5 / 0.5), new MultiLabel(1).Guess(TaskTarget.Of(torch.ones(4, 1))).ToDouble(), 1e-5);
        Assert.Equal(Math.Log(0.5 / 5), new Count().Guess(TaskTarget.Of(torch.zeros(5))).ToDouble(), 1e-6);
        Assert.Equal(0, new Numeric().Guess(TaskTarget.FromRaw(torch.full(3, float.NaN))).ToDouble());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_probability_is_that_much_of_a_yes_and_the_rest_of_a_no(bool weighted)
    {
        using var scope = torch.NewDisposeScope();
        var target = TaskTarget.Of(torch.tensor(new[] { 0.9f, 0.6f, 0.5f, 0.8f }));
        target = weighted ? target.Weighted(torch.tensor(new[] { 2f, 1, 1, 4 })) : target;
        var share = weighted ? (1.8 + 0.6 + 0.5 + 3.2) / 8 : 0.7;

        Assert.Equal(Math.Log(share / (1 - share)), new Binary().Guess(target).ToDouble(), 1e-5);
        Assert.Equal(Math.Log(3 * share / (1 - share)), new Binary().Guess(target, [1, 3]).ToDouble(), 1e-5);
    }

    [Fact]
    public void Numbers_of_pixels_are_guessed_channel_by_channel()
    {
        using var scope = torch.NewDisposeScope();
        var maps = torch.randn([3, 2, 4, 5], generator: new torch.Generator(24));
        var one = maps.select(1, 0);

        AssertEqual(maps.mean([0L, 2, 3]).unsqueeze(0), new Numeric(2, Layout.Pixel).Guess(TaskTarget.Of(maps)), 1e-6);
        AssertEqual(one.mean().view(1, 1), new Numeric(1, Layout.Pixel).Guess(TaskTarget.Of(one)), 1e-6);
    }

    [Fact]
    public void Labels_that_are_explained_to_the_last_bit_leave_a_thousandth_of_their_spread()
    {
        using var scope = torch.NewDisposeScope();
        var outputs = torch.tensor(new[] { 1.0, 4, 3, 5, 5, 5 }).view(2, 3).t(); // [3, 2]; the second channel: 5, 5, 5
        var likelihood = new Numeric(2).LikelihoodOf(outputs, TaskTarget.Of(outputs));
        var variance = 14.0 / 9; // of 1, 4 and 3

        var cost = likelihood.Cost(outputs + 0.5, outputs);

        Assert.All(Numbers.Read(cost.narrow(1, 0, 1)), one => Assert.Equal(0.5 * 0.5 / (2e-6 * variance), one, 1e-3));
        Assert.All(Numbers.Read(cost.narrow(1, 1, 1)), one => Assert.Equal(0.5 * 0.5 / 2e-6, one, 1e-3));
    }

    [Fact]
    public void The_least_spread_follows_the_weights_of_the_labels()
    {
        using var scope = torch.NewDisposeScope();
        var labels = torch.tensor(new[] { 0.0, 1, 5, 5 }).view(4, 1);
        var weighted = TaskTarget.Of(labels).Weighted(torch.tensor(new[] { 3f, 1, 0, 0 }));
        var repeated = labels.index_select(0, torch.tensor(new long[] { 0, 0, 0, 1 }));

        var found = new Numeric().LikelihoodOf(labels, weighted).Cost(labels + 0.5, labels);

        Assert.All(Numbers.Read(found), cost => Assert.Equal(0.5 * 0.5 / (2e-6 * 3 / 16), cost, 1e-3)); // a variance of 1/4 · 3/4
        AssertEqual(
            new Numeric().LikelihoodOf(repeated, TaskTarget.Of(repeated)).Cost(labels + 0.5, labels),
            found,
            1e-3
        );
    }

    [Fact]
    public void The_cost_of_one_label_a_row_is_one_a_row()
    {
        using var scope = torch.NewDisposeScope();
        var labels = torch.tensor(new[] { 1.0, 2, 4 });
        var likelihood = new Numeric().LikelihoodOf(torch.zeros(3, 1, ScalarType.Float64), TaskTarget.Of(labels));

        var cost = likelihood.Cost(torch.zeros(3, 1, ScalarType.Float64), labels);

        AssertEqual(torch.tensor(new[] { 1.0, 4, 16 }).div(2 * 7).view(3, 1), cost, 1e-9); // a variance around 0 of 7
    }

    [Fact]
    public void The_mean_of_a_channel_is_over_all_its_places()
    {
        using var scope = torch.NewDisposeScope();
        var places = torch.arange(2 * 3 * 5, ScalarType.Float64).view(2, 3, 5);

        AssertEqual(places.mean([0L, 2]).unsqueeze(0), new Numeric(3).Guess(TaskTarget.Of(places)), 1e-6);
    }

    [Fact]
    public void Numbers_have_no_loss_of_chance()
    {
        Assert.True(double.IsNaN(new Numeric().ChanceLoss));
        Assert.True(double.IsNaN(new Count().ChanceLoss));
    }

    [Fact]
    public void A_channel_without_labels_has_a_spread_too()
    {
        using var scope = torch.NewDisposeScope();
        var labels = torch.tensor(new[] { 1, float.NaN, 4, float.NaN, 3, float.NaN }).view(3, 2);
        var likelihood = new Numeric(2).LikelihoodOf(torch.zeros(3, 2), TaskTarget.FromRaw(labels));

        var cost = likelihood.Cost(torch.ones(3, 2), torch.zeros(3, 2));

        Assert.All(Numbers.Read(cost), one => Assert.True(double.IsFinite(one) && one > 0, $"{one}"));
    }

    private static void AssertEqual(Tensor expected, Tensor found, double tolerance)
    {
        Assert.Equal(expected.shape, found.shape);
        Assert.All(
            Numbers.Read(expected).Zip(Numbers.Read(found)),
            pair => Assert.Equal(pair.First, pair.Second, tolerance)
        );
    }
}
