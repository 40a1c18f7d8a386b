using Plait.Tabular.Features;
using Plait.Tabular.Predictions;
using Plait.Tasks;

namespace Plait.Tabular.Tests.Predictions;

/// <summary>A file of predictions says of every output what the target's answer decides and tells of it, as metrics ask it.</summary>
[Collection("torch")]
public sealed class PredictionAgreementTests
{
    private const int Rows = 400;

    public static TheoryData<string> Kinds => [.. AnswerKinds.All.Select(kind => kind.Name)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_file_says_what_the_answer_says(string name)
    {
        using var scope = torch.NewDisposeScope();
        var kind = AnswerKinds.Of(name);
        var encoding = new TargetEncoding("y", name, Classes(kind), Mean: 0.7, StandardDeviation: 1.3)
        {
            Separator = kind.HoldsSeveral ? ";" : null,
        };
        var answer = kind.Create(encoding.Fitted);
        var output = Outputs(answer.Channels);
        var columns = new PredictionColumns(encoding, withProbabilities: true);
        var (decided, told) = (answer.Decide(output), answer.Probabilities(output));

        var cells = Written(columns, output);

        for (var row = 0; row < Rows; row++)
        {
            var decision = decided[row].to(ScalarType.Float64).flatten().data<double>().ToArray();
            string[] texts =
            [
                .. encoding.Classes.Where((_, i) => kind.HoldsSeveral ? decision[i] != 0 : decision[0] == i),
            ];
            if (encoding.Classes.Count > 0)
            {
                Assert.Equal(texts.Length == 0 ? "none" : string.Join(';', texts), cells[row][0]);
            }
            else
            {
                Close(kind.IsStandardised ? encoding.Fitted.Restore(decision[0]) : decision[0], cells[row][0]);
            }

            var probabilities = told?[row].flatten().data<float>().ToArray() ?? [];
            Assert.Equal(probabilities.Length, cells[row].Length - 1);
            Assert.All(probabilities.Zip(cells[row].Skip(1)), pair => Close(pair.First, pair.Second, 1e-6));
        }
    }

    private static string[] Classes(AnswerKind kind) =>
        !kind.HasClasses ? []
        : kind.FaultOfClassWeights([0, 1]) is null || kind.HoldsSeveral ? ["a", "b", "c", "d"]
        : ["no", "yes"];

    /// <summary>Ordinary outputs, ties, and what is as large and as small as a network can write.</summary>
    private static Tensor Outputs(int channels)
    {
        var drawn = torch.randn([Rows, channels], generator: new torch.Generator(5)).mul(2);
        float[] sizes = [0, -0f, 1e-45f, -1e-45f, 1e-9f, -1e-9f, 88, -88, 710, -710, 1e30f, -1e30f, float.MaxValue];
        for (var i = 0; i < sizes.Length; i++)
        {
            drawn[i].fill_(sizes[i]); // all channels alike
            drawn[sizes.Length + i].copy_(drawn[sizes.Length + i].sign().mul(sizes[i]));
        }

        drawn.narrow(0, 100, 100).round_(); // ties of some channels
        return drawn;
    }

    private static string[][] Written(PredictionColumns columns, Tensor output)
    {
        var text = new StringWriter();
        var fields = new CsvFields(text);
        var rows = columns.Read(output);
        for (var row = 0; row < rows.Count; row++)
        {
            columns.Write(fields, rows, row, row + 1);
            fields.EndRow();
        }

        return [.. text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(','))];
    }

    private static void Close(double expected, string found, double tolerance = 1e-5)
    {
        var number = double.Parse(found, System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(
            expected == number || Math.Abs(expected - number) <= tolerance * Math.Max(1, Math.Abs(expected)),
            $"{expected} and {found}"
        );
    }
}
