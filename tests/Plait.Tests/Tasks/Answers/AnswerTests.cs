using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Tasks.Losses;
using Plait.Tasks.Metrics;
using Plait.Torch;

namespace Plait.Tests.Tasks.Answers;

/// <summary>What holds for every kind of answer.</summary>
public sealed class AnswerTests
{
    private const int Rows = 40;

    internal static readonly Answer[] All =
    [
        new Categorical(3),
        new Binary(),
        new MultiLabel(2),
        new Numeric(),
        new Numeric(2),
        new Ordinal(2),
        new Ordinal(4),
        new Count(),
        new Count(2),
    ];

    public static IEnumerable<TheoryDataRow<int, string>> Cases =>
        All.Select((answer, place) => new TheoryDataRow<int, string>(place, $"{answer.Kind} {answer}"));

    public static IEnumerable<TheoryDataRow<int, string>> WithProbabilities =>
        Cases.Where(row => All[row.Data.Item1].Classes > 0);

    [Fact]
    public void Every_kind_there_is_has_a_case()
    {
        var kinds = typeof(Answer).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Answer)));

        Assert.Equal(
            kinds.Where(type => !type.IsAbstract && type != typeof(Direction)).Select(type => type.Name).Order(),
            All.Select(answer => answer.GetType().Name).Distinct().Order()
        );
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Its_own_loss_and_metrics_fit_and_its_decisions_are_targets_without_fault(int place, string name)
    {
        using var scope = torch.NewDisposeScope();
        var answer = All[place];
        var task = new LearningTask(name, answer);
        var output = Output(answer, 1);

        var decided = answer.Decide(output);

        answer.RequireShapes(output, Target(answer, 2).Values);
        Assert.All(task.Metrics, metric => Assert.True(metric.Judges(answer)));
        Assert.True(answer.Meaning == task.Loss.Trains);
        if (answer.Meaning != new Count().Meaning) // a mean is no whole number
        {
            Assert.Null(task.Loss.FaultOf(TaskTarget.Of(decided), answer.Output));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Outputs_of_another_width_are_refused(int place, string name)
    {
        using var scope = torch.NewDisposeScope();
        var answer = All[place];
        var wider = torch.zeros(Rows, answer.Channels + 1);

        Assert.Throws<ArgumentException>(() => answer.RequireShapes(wider, Target(answer, 2).Values));
        Assert.NotEqual("", name);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Maps_have_channels_and_the_size_of_the_output(int place, string name)
    {
        using var scope = torch.NewDisposeScope();
        var answer = All[place];

        var maps = answer.Maps(torch.randn(2, answer.Channels, 3, 5));

        Assert.Equal([2L, maps.size(1), 3, 5], maps.shape);
        Assert.NotEqual("", name);
    }

    [Fact]
    public void The_score_of_two_classes_is_the_logit_of_the_second()
    {
        using var scope = torch.NewDisposeScope();
        foreach (var answer in All.Where(answer => answer.Classes == 2).Append(new Categorical(2)))
        {
            var output = Output(answer, 13);
            var probabilities = answer.Probabilities(output)!;
            var ofSecond = answer is Binary or MultiLabel ? probabilities : probabilities.select(1, 1);

            Assert.True(answer.Score(output)!.sigmoid().view(ofSecond.shape).allclose(ofSecond), answer.Kind);
        }

        Assert.Null(new Categorical(3).Score(torch.zeros(1, 3)));
        Assert.Null(new Ordinal(3).Score(torch.zeros(1, 2)));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void No_constant_output_near_the_guess_is_better(int place, string name)
    {
        using var scope = torch.NewDisposeScope();
        var answer = All[place];
        var target = Target(answer, 3);
        var loss = answer.DefaultLoss();
        var guess = answer.Guess(target).to(ScalarType.Float64);
        var best = Of(guess);

        Assert.Equal([1, answer.Channels], guess.shape);
        for (var channel = 0; channel < answer.Channels; channel++)
        {
            foreach (var step in new[] { -0.05, 0.05 })
            {
                var other = guess.clone();
                other[0, channel] += step;
                Assert.True(Of(other) > best, $"{name}: {Of(other)} at {step} and {best}");
            }
        }

        double Of(Tensor output) => loss.Compute(output.expand(Rows, answer.Channels), target).ToDouble();
    }

    [Theory]
    [MemberData(nameof(WithProbabilities))]
    public void Probabilities_are_the_surprisals_and_the_loss(int place, string name)
    {
        using var scope = torch.NewDisposeScope();
        var answer = All[place];
        var (output, target) = (Output(answer, 4), Target(answer, 5));
        var probabilities = answer.Probabilities(output)!;
        var surprisals = answer.Surprisals(output, target);

        var one =
            target.Values.dtype == ScalarType.Int64
                ? probabilities.gather(1, target.Values.unsqueeze(1)).squeeze(1)
                : torch.where(target.Values.view(output.shape).eq(1), probabilities, 1 - probabilities).flatten();

        Assert.All(surprisals.Zip(Numbers.Read(one)), pair => Assert.Equal(-Math.Log(pair.Second), pair.First, 1e-9));
        Assert.Equal(surprisals.Average(), answer.DefaultLoss().Compute(output, target).ToDouble(), 1e-9);
        Assert.Equal(Math.Log(answer.Classes), answer.ChanceLoss);
        if (probabilities.size(1) > 1 && target.Values.dtype == ScalarType.Int64)
        {
            Assert.All(Numbers.Read(probabilities.sum([1L])), sum => Assert.Equal(1, sum, 1e-12));
        }

        Assert.NotEqual("", name);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Scores_for_all_labels_hold_the_information_that_drawn_labels_have_in_the_mean(int place, string name)
    {
        using var scope = torch.NewDisposeScope();
        var answer = All[place];
        var output = Output(answer, 6).narrow(0, 0, 4);
        var likelihood = answer.LikelihoodOf(Output(answer, 6), Target(answer, 7));
        using var generator = new torch.Generator(8, torch.CPU);

        var exact = Information(likelihood.Scores(output, 0, generator));
        var drawn = Information(likelihood.Scores(output, 4000, generator));

        foreach (var (all, some) in exact.Zip(drawn))
        {
            Assert.True(Math.Abs(all - some) < 0.1 * exact.Max(), $"{name}: {all} and {some}");
        }

        static double[] Information(IEnumerable<Tensor> scores) =>
            Numbers.Read(scores.Select(score => score.square()).Aggregate((sum, square) => sum + square));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_cost_of_a_label_falls_by_the_loss_as_the_likelihood_says(int place, string name)
    {
        using var scope = torch.NewDisposeScope();
        var answer = All[place];
        if (answer.Meaning == OutputMeaning.Numbers)
        {
            return; // a normal distribution has a spread that the loss does not know
        }

        var (output, target) = (Output(answer, 9).requires_grad_(), Target(answer, 10));
        var likelihood = answer.LikelihoodOf(output.detach(), target);

        var ofCost = torch.autograd.grad([likelihood.Cost(output, target.Values).sum()], [output])[0];
        var ofLoss = torch.autograd.grad([answer.DefaultLoss().Compute(output, target)], [output])[0];

        var scale = target.Values.numel();
        Assert.All(
            Numbers.Read(ofCost).Zip(Numbers.Read(ofLoss.mul(scale))),
            pair => Assert.Equal(pair.First, pair.Second, 1e-9)
        );
        Assert.NotEqual("", name);
    }

    [Theory]
    [MemberData(nameof(WithProbabilities))]
    public void A_student_that_says_what_its_teacher_does_is_as_near_as_can_be(int place, string name)
    {
        using var scope = torch.NewDisposeScope();
        var answer = All[place];
        var (teacher, other) = (Output(answer, 11), Output(answer, 12));
        var soft = answer.Soften(teacher, 3);

        Assert.Equal(0, answer.Divergence(soft, teacher, 3)!.ToDouble(), 1e-9);
        Assert.True(answer.Divergence(soft, other, 3)!.ToDouble() > 0.1);
        var sharp = answer.Soften(teacher, 1);
        var gap = answer.CrossEntropy(sharp, other)! - answer.CrossEntropy(sharp, teacher)!;
        Assert.Equal(answer.Divergence(sharp, other, 1)!.ToDouble(), gap.ToDouble(), 1e-9);
        Assert.NotEqual("", name);
    }

    [Fact]
    public void A_loss_or_a_metric_that_says_nothing_of_the_answer_is_refused_when_the_task_is_made()
    {
        var loss = Assert.Throws<ArgumentException>(() =>
            new LearningTask("stars", new Ordinal(5), new CrossEntropy())
        );
        Assert.Contains("Task 'stars' (ordinal)", loss.Message, StringComparison.Ordinal);
        Assert.Contains("'cross-entropy' trains classes", loss.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', loss.Message);

        var metric = Assert.Throws<ArgumentException>(() =>
            new LearningTask("price", new Numeric(), metrics: [new Accuracy()])
        );
        Assert.Contains("'accuracy' says nothing", metric.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new Numeric().DefaultLoss([1, 2]));
        Assert.Throws<ArgumentException>(() => new Ordinal(3).DefaultLoss([1, 2]));
    }

    [Fact]
    public void Metrics_of_maps_judge_the_answers_whose_maps_they_can_read()
    {
        Metric angle = new NormalAngle();
        Metric depth = new DepthError(DepthErrorKind.Absolute);
        Metric[] ofYesOrNo = [Metric.ForEdges[0], Metric.ForSaliency[0]];

        Assert.True(angle.Judges(new Direction(layout: Layout.Pixel)));
        Assert.True(angle.Judges(new Numeric(3, Layout.Pixel)));
        Assert.False(angle.Judges(new Categorical(3, Layout.Pixel)));
        Assert.False(angle.Judges(new MultiLabel(3, Layout.Pixel)));
        Assert.True(depth.Judges(new Numeric(layout: Layout.Pixel)));
        Assert.False(depth.Judges(new Direction(layout: Layout.Pixel)));
        Assert.False(depth.Judges(new Ordinal(5, Layout.Pixel)));
        Assert.All(ofYesOrNo, metric => Assert.True(metric.Judges(new Binary(Layout.Pixel))));
        Assert.All(ofYesOrNo, metric => Assert.False(metric.Judges(new MultiLabel(2, Layout.Pixel))));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Class_weights_are_one_a_class(int place, string name)
    {
        var answer = All[place];
        float[] tooMany = [.. Enumerable.Repeat(1f, answer.Classes + 1)];

        var fault = Assert.Throws<ArgumentException>(() => answer.DefaultLoss(tooMany));

        Assert.DoesNotContain('\n', fault.Message);
        Assert.NotEqual("", name);
    }

    internal static Tensor Output(Answer answer, long seed) =>
        torch.randn([Rows, answer.Channels], ScalarType.Float64, generator: new torch.Generator((ulong)seed));

    internal static TaskTarget Target(Answer answer, long seed)
    {
        var generator = new torch.Generator((ulong)seed);
        var drawn = torch.rand([Rows, answer.Channels], ScalarType.Float64, generator: generator);
        return TaskTarget.Of(
            answer.Meaning == OutputMeaning.Numbers ? drawn.mul(5)
            : answer.Meaning == OutputMeaning.YesOrNo ? drawn.gt(0.7).to(ScalarType.Float64)
            : answer.Classes > 0 ? drawn.select(1, 0).square().mul(answer.Classes).to(ScalarType.Int64)
            : drawn.mul(6).floor()
        );
    }
}
