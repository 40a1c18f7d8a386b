using System.Text.RegularExpressions;
using Plait.Tasks;
using Plait.Testing;

namespace Plait.Tests.Architecture;

/// <summary>What depends on a kind of answer lives in the kind: nobody asks of which kind an answer or a loss is.</summary>
public sealed partial class AnswerKindTests
{
    private static readonly string Source = Path.Combine(Checkout.Root, "src");

    /// <summary>The folders that the kinds and the losses live in.</summary>
    private static readonly string[] Homes =
    [
        Path.Combine(Source, "Plait", "Tasks", "Answers"),
        Path.Combine(Source, "Plait", "Tasks", "Losses"),
    ];

    private static readonly string Types = string.Join(
        '|',
        typeof(Answer)
            .Assembly.GetTypes()
            .Where(type =>
                type.IsSubclassOf(typeof(Answer))
                || type.IsSubclassOf(typeof(AnswerKind))
                || (type.IsSubclassOf(typeof(TaskLoss)) && !type.IsNested)
            )
            .Select(type => type.Name)
    );

    private static readonly string Names = string.Join('|', AnswerKinds.All.Select(kind => Regex.Escape(kind.Name)));

    [Fact]
    public void Nobody_tests_for_a_kind_of_answer_or_loss()
    {
        Regex[] questions =
        [
            new($@"\b(is|case|as)\s+(not\s+)?\(?\s*({Types})\b(?!\.)"), // is CrossEntropy
            new($@"\b(or|and|not)\s+({Types})\b(?!\s*\()(?!\.)"), // or BinaryCrossEntropy
            new($@"^\s*({Types})(\s*\{{[^}}]*\}})?\s*(or\s+\w+\s*)*(when\b[^=]*)?=>", RegexOptions.Multiline), // an arm
            new($@"\b(typeof|OfType|Cast)\s*[(<]\s*({Types})\b"),
            new($@"(==|!=|\bis|\bcase|\bor)\s*(not\s+)?""({Names})"""), // kind == "binary"
            new($@"""({Names})""\s*(=>|or\b)"),
        ];

        foreach (var file in Files())
        {
            var text = Comment().Replace(File.ReadAllText(file), "");
            Assert.All(
                questions,
                question =>
                {
                    var found = question.Match(text);
                    Assert.False(found.Success, $"{file}: '{found.Value.Trim()}' asks of which kind something is.");
                }
            );
        }
    }

    [Theory]
    [InlineData("task.Loss is CrossEntropy or Huber")]
    [InlineData("if (answer is not (Categorical or Binary))")]
    [InlineData("            CrossEntropy => 1,")]
    [InlineData("kind == \"ordinal\" ? 1 : 0")]
    public void Such_a_question_would_be_found(string question) =>
        Assert.Matches($@"\b(is|case|as)\s+(not\s+)?\(?\s*({Types})\b|^\s*({Types})\s*=>|==\s*""({Names})""", question);

    private static IEnumerable<string> Files() =>
        Directory
            .GetFiles(Source, "*.cs", SearchOption.AllDirectories)
            .Where(file => !Homes.Any(home => file.StartsWith(home, StringComparison.Ordinal)))
            .Where(file => !BuildOutput().IsMatch(file));

    [GeneratedRegex(@"//.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"[\\/](bin|obj)[\\/]")]
    private static partial Regex BuildOutput();
}
