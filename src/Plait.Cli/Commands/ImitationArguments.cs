using System.CommandLine;
using System.Globalization;
using Plait.Relationships.Embedding.Studies;

namespace Plait.Cli.Commands;

/// <summary>The options of <c>plait embed tecnets</c> that say how it learns.</summary>
internal static class ImitationArguments
{
    private static readonly ImitationOptions Defaults = new();

    private static readonly Option<int> Support = CommonOptions.From(
        1,
        "--support",
        "Demonstrations that a task is known by.",
        Defaults.Support
    );
    private static readonly Option<int> Queries = CommonOptions.From(
        1,
        "--queries",
        "Further demonstrations of each task of a training step.",
        Defaults.Queries
    );
    private static readonly Option<double> Test = EmbedOptions.Share(
        "--test",
        "The share of the tasks that is held out; two tasks at least.",
        Defaults.Test
    );
    private static readonly Option<int> Iterations = CommonOptions.From(
        1,
        "--iterations",
        "Training steps, each on tasks and demonstrations drawn anew.",
        Defaults.Iterations
    );
    private static readonly Option<int> BatchTasks = CommonOptions.From(
        2,
        "--batch-tasks",
        "Tasks of a training step; all where there are fewer.",
        Defaults.BatchTasks
    );
    private static readonly Option<int> Width = CommonOptions.From(
        1,
        "--width",
        "The width of embeddings.",
        Defaults.Width
    );
    private static readonly Option<string> Hidden = new("--hidden")
    {
        Description = "Hidden widths of both networks, such as 128-64.",
        HelpName = "WIDTHS",
        DefaultValueFactory = _ => string.Join('-', Defaults.Hidden),
    };
    private static readonly Option<double> Margin = EmbedOptions.Above0(
        "--margin",
        "By how much the cosine with the own task is to be above that with others.",
        Defaults.Margin
    );
    private static readonly Option<double> EmbeddingWeight = EmbedOptions.From0(
        "--embedding-weight",
        "Of the embedding loss.",
        Defaults.EmbeddingWeight
    );
    private static readonly Option<double> SupportWeight = EmbedOptions.From0(
        "--support-weight",
        "Of the error of actions in the demonstrations that a task is known by.",
        Defaults.SupportWeight
    );
    private static readonly Option<double> QueryWeight = EmbedOptions.From0(
        "--query-weight",
        "Of the error of actions in the others.",
        Defaults.QueryWeight
    );
    private static readonly Option<double> LearningRate = EmbedOptions.Above0(
        "--learning-rate",
        "The learning rate of Adam.",
        Defaults.LearningRate
    );
    private static readonly Option<long> Seed = CommonOptions.Seed("Decides everything that chance does.");

    /// <summary>Adds them to the command.</summary>
    public static void AddTo(Command command)
    {
        foreach (
            var option in new Option[]
            {
                Support,
                Queries,
                Test,
                Iterations,
                BatchTasks,
                Width,
                Hidden,
                Margin,
                EmbeddingWeight,
                SupportWeight,
                QueryWeight,
                LearningRate,
                Seed,
            }
        )
        {
            command.Add(option);
        }
    }

    /// <summary>What they say.</summary>
    /// <exception cref="CommandFailure">Hidden widths are none, or nothing is to be learned.</exception>
    public static ImitationOptions Of(ParseResult arguments)
    {
        if (new[] { EmbeddingWeight, SupportWeight, QueryWeight }.All(weight => arguments.GetValue(weight) == 0))
        {
            throw new CommandFailure(
                $"{EmbeddingWeight.Name}, {SupportWeight.Name} and {QueryWeight.Name} are all 0, so that nothing is learned; give one of them a weight above 0.",
                ExitCode.Usage
            );
        }

        return new()
        {
            Support = arguments.GetValue(Support),
            Queries = arguments.GetValue(Queries),
            Test = arguments.GetValue(Test),
            Iterations = arguments.GetValue(Iterations),
            BatchTasks = arguments.GetValue(BatchTasks),
            Width = arguments.GetValue(Width),
            Hidden = Widths(arguments.GetValue(Hidden)!),
            Margin = arguments.GetValue(Margin),
            EmbeddingWeight = arguments.GetValue(EmbeddingWeight),
            SupportWeight = arguments.GetValue(SupportWeight),
            QueryWeight = arguments.GetValue(QueryWeight),
            LearningRate = arguments.GetValue(LearningRate),
            Seed = arguments.GetValue(Seed),
        };
    }

    private static int[] Widths(string text) =>
        [
            .. text.Split('-')
                .Select(part =>
                    int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var width) && width > 0
                        ? width
                        : throw new CommandFailure(
                            $"{Hidden.Name} is one width or several with - between, each from 1, such as 128-64; got '{text}'.",
                            ExitCode.Usage
                        )
                ),
        ];
}
