using System.Text.RegularExpressions;
using Plait.Catalogue;
using Plait.Data;
using Plait.Networks;
using Plait.Networks.Encoders;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Tests.Data;
using Plait.Training;

namespace Plait.Tests.Networks;

/// <summary>Every architecture on features of every layout, for answers of every layout: it trains, or says what to choose.</summary>
[Collection("torch")]
public sealed partial class FeatureLayoutsTests
{
    private const long Side = 8;
    private const int Rows = 8;

    /// <summary>Those that have to read sequences; others may.</summary>
    private static readonly string[] OfSequences = ["grouped", "hps", "single-task"];

    public static TheoryData<string> Architectures =>
        [.. MethodCatalog.Of(MethodKind.Architecture).Select(entry => entry.Name)];

    [Theory]
    [MemberData(nameof(Architectures))]
    public void It_trains_or_is_refused_with_what_to_choose(string architecture)
    {
        foreach (var features in Enum.GetValues<Layout>())
        {
            foreach (var answers in Enum.GetValues<Layout>())
            {
                using var data = Data(features, answers);
                var (trains, message) = Try(architecture, features, data);
                Assert.True(trains || Advice().IsMatch(message), $"{architecture}, {features}, {answers}: {message}");
                var fits = features == Layout.Step ? answers != Layout.Pixel : answers != Layout.Step;
                Assert.True(fits || !trains, $"{architecture}, {features}, {answers}: {message}");
                if (fits && features == Layout.Step && OfSequences.Contains(architecture))
                {
                    Assert.True(trains, $"{architecture}, {features}, {answers}: {message}");
                }
            }
        }
    }

    private static (bool Trains, string Message) Try(string architecture, Layout features, TensorData data)
    {
        torch.manual_seed(3);
        MultiTaskNetwork? network = null;
        using var encoder = EncoderOf(features);
        try
        {
            network = MethodCatalog.Create<MultiTaskNetwork>(architecture, data.Tasks, encoder);
        }
        catch (Exception refused) when (refused is NotSupportedException or FormatException)
        {
            return (false, refused.Message);
        }

        using (network)
        {
            using var source = data.Batches(Rows / 2);
            var result = new Trainer(network, new Recipe { Epochs = 1 }).Fit(source);
            Assert.All(result.History[0].TrainingLosses, loss => Assert.True(double.IsFinite(loss)));
            return (true, "it trains");
        }
    }

    private static Encoder EncoderOf(Layout features) =>
        features switch
        {
            Layout.Row => new Mlp(6, [5, 4]),
            Layout.Pixel => new TinyResNet([1, Side, Side], width: 4, stages: 2, blocks: 1),
            _ => new TokenConvolutions(new TokenInput(SmallSentences.Vocabulary, SmallSentences.Longest), width: 4),
        };

    private static TensorData Data(Layout features, Layout answers)
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(1);
        var (sentences, _, _) = SmallSentences.Draw(Rows, padding: 0, filler: 0, seed: 0);
        BatchInput input = features switch
        {
            Layout.Row => torch.randn(Rows, 6),
            Layout.Pixel => torch.randn(Rows, 1, Side, Side),
            _ => sentences,
        };
        long[] places = answers switch
        {
            Layout.Row => [],
            Layout.Pixel => [Side, Side],
            _ => [features == Layout.Step ? SmallSentences.Longest : 1],
        };
        // What rows there are for steps and pixels beside them does not matter where the two are refused together.
        var isThere = answers != Layout.Step || features == Layout.Step;
        var tasks = new TaskSet(
            new LearningTask("kind", new Categorical(3, answers)),
            new LearningTask("size", new Numeric(layout: answers))
        );
        return isThere
            ? TensorData.Shared(
                tasks,
                input,
                [
                    TaskTarget.Of(torch.randint(0, 3, [Rows, .. places], ScalarType.Int64)),
                    TaskTarget.Of(torch.randn([Rows, .. places])),
                ]
            )
            : TensorData.Shared(tasks, sentences, Sentences(tasks));
    }

    private static TaskTarget[] Sentences(TaskSet tasks) =>
        [
            TaskTarget.Of(torch.zeros(Rows, SmallSentences.Longest, dtype: ScalarType.Int64)),
            TaskTarget.Of(torch.zeros(Rows, SmallSentences.Longest)),
        ];

    [GeneratedRegex("choose|use |such as |train |write |give |take |name ")]
    private static partial Regex Advice();
}
