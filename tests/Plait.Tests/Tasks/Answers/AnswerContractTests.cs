using Plait.Networks.Encoders;
using Plait.Networks.SharedTrunk;
using Plait.Optimization.Distillation;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Tasks.Losses;
using Plait.Tasks.Metrics;
using Plait.Torch;

namespace Plait.Tests.Tasks.Answers;

/// <summary>What holds for every kind of answer in every layout, and what is refused of a kind that says less than those of the library.</summary>
public sealed class AnswerContractTests
{
    private static readonly Answer[] All =
    [
        .. Enum.GetValues<Layout>()
            .SelectMany(layout =>
                new Answer[]
                {
                    new Categorical(3, layout),
                    new Binary(layout),
                    new MultiLabel(2, layout),
                    new Numeric(2, layout),
                    new Ordinal(4, layout),
                    new Count(2, layout),
                    new Direction(3, layout),
                }
            ),
    ];

    public static IEnumerable<TheoryDataRow<int, string>> Cases =>
        All.Select((answer, place) => new TheoryDataRow<int, string>(place, $"{answer.Kind} {answer}"));

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_it_decides_tells_and_teaches_has_a_place_for_every_place_of_the_output(int place, string name)
    {
        using var scope = torch.NewDisposeScope();
        var answer = All[place];
        var output = Output(answer);
        long[] places = output.shape[2..];

        Assert.Equal(places, answer.Decide(output).shape[^places.Length..]);
        Assert.Equal(6, answer.Decide(output).size(0));
        if (answer.Probabilities(output) is { } probabilities)
        {
            Assert.Equal([6, probabilities.size(1), .. places], probabilities.shape);
            Assert.All(Numbers.Read(probabilities), one => Assert.InRange(one, 0, 1));
        }

        Assert.True(answer.CanBeTaught, name);
        var softened = answer.Soften(output, 2);
        var (divergence, entropy) = (answer.Divergence(softened, output, 2), answer.CrossEntropy(softened, output));
        Assert.Equal(divergence is null, entropy is null);
        var term = divergence ?? answer.DefaultLoss().Compute(output, TaskTarget.Of(softened));
        Assert.Empty(term.shape);
        Assert.True(double.IsFinite(term.item<double>()), name);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void It_has_the_likelihood_that_it_says_and_metrics_that_judge_it(int place, string name)
    {
        using var scope = torch.NewDisposeScope();
        var answer = All[place];

        Assert.True(answer.HasLikelihood, name);
        Assert.All(answer.DefaultMetrics.Concat(answer.ReportedMetrics), metric => Assert.True(metric.Judges(answer)));
        Assert.Equal(answer.ReportedMetrics.Count, answer.ReportedMetrics.DistinctBy(metric => metric.Name).Count());
        if (answer.Layout == Layout.Row)
        {
            var output = Output(answer);
            var target = TaskTarget.Of(answer.Decide(output));
            Assert.Equal(6, answer.LikelihoodOf(output, target).Cost(output, target.Values).size(0));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Extreme_outputs_decide_and_tell_finite_numbers(int place, string name)
    {
        using var scope = torch.NewDisposeScope();
        var answer = All[place];
        foreach (var size in new[] { 0, 1e-40, 1, 700, 1e30 })
        {
            var output = Output(answer).mul(size);

            Assert.All(Numbers.Read(answer.Decide(output)), one => Assert.True(double.IsFinite(one), name));
            if (answer.Probabilities(output) is { } probabilities)
            {
                Assert.All(Numbers.Read(probabilities), one => Assert.InRange(one, 0, 1));
            }
        }
    }

    [Fact]
    public void A_kind_without_a_likelihood_says_so_in_one_line()
    {
        var fault = Assert.Throws<NotSupportedException>(() =>
            new Place().LikelihoodOf(torch.zeros(1), TaskTarget.Of(torch.zeros(1)))
        );
        Assert.DoesNotContain('\n', fault.Message);
    }

    [Fact]
    public void A_kind_that_cannot_be_taught_is_refused_before_a_student_learns()
    {
        using var scope = torch.NewDisposeScope();
        var tasks = new TaskSet(LearningTask.Binary("sold"), new LearningTask("rank", new Place()));
        using var teachers = Teachers.Of(new HardSharing(tasks, new Mlp(2, [2])));

        var fault = Assert.Throws<ArgumentException>(() => teachers.Require(tasks));

        Assert.Contains(
            "task 'rank', and no place can be learned from a teacher",
            fault.Message,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain('\n', fault.Message);
    }

    private static Tensor Output(Answer answer) =>
        torch.randn(
            answer.Layout switch
            {
                Layout.Row => [6, answer.Channels],
                Layout.Step => [6, answer.Channels, 5],
                _ => [6, answer.Channels, 3, 5],
            },
            ScalarType.Float64,
            generator: new torch.Generator(31)
        );

    /// <summary>As a package of somebody else might bring: it decides, and says nothing of how sure it is.</summary>
    private sealed class Place() : Answer(1, Layout.Row)
    {
        public override string Kind => "place";

        public override OutputMeaning Meaning => OutputMeaning.Numbers;

        public override bool CanBeTaught => false;

        public override bool IsNumeric => true;

        public override IReadOnlyList<Metric> DefaultMetrics => [new MeanAbsoluteError()];

        public override TaskLoss DefaultLoss(IReadOnlyList<float>? classWeights = null) => new AbsoluteError();

        public override Tensor Decide(Tensor output) => output.round();

        public override Tensor Guess(TaskTarget training, IReadOnlyList<float>? classWeights = null) =>
            torch.zeros(1, 1);
    }
}
