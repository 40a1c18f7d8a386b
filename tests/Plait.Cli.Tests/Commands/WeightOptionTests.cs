using System.Text.Json;
using Plait.Tabular;
using Plait.Tabular.Models;

namespace Plait.Cli.Tests.Commands;

/// <summary>Weights of rows and classes from the command line.</summary>
[Collection("torch")]
public sealed class WeightOptionTests : IDisposable
{
    private readonly Workplace workplace = new();

    [Fact]
    public async Task A_weighted_training_and_its_evaluation_say_what_weighed_the_rows()
    {
        var table = workplace.Write("houses.csv", Weighted(200));

        var trained = (await TrainAsync(table, "--weight", "w", "--weight", "price:v", "--ignore", "id")).Succeeds();
        var judged = (await workplace.RunAsync("evaluate", workplace.File("model"), table)).Succeeds();

        Assert.Equal("", trained.Error);
        Assert.Contains("On 30 test rows, weighted by w, price:v:", trained.Output, StringComparison.Ordinal);
        Assert.Equal("", judged.Error);
        Assert.Contains("On 200 rows, weighted by w, price:v:", judged.Output, StringComparison.Ordinal);
        using var model = TabularModel.Load(workplace.File("model"));
        Assert.Equal(["area", "district"], model.Preprocessing.Features.Select(feature => feature.Name));
    }

    [Fact]
    public async Task A_file_without_the_column_is_judged_without_it_and_predicted()
    {
        var table = workplace.Write("houses.csv", Weighted(200));
        await TrainAsync(table, "--weight", "w", "--ignore", "id", "--ignore", "v");
        var plain = workplace.Write("plain.csv", Workplace.Houses(50, seed: 3));

        var judged = (await workplace.RunAsync("evaluate", workplace.File("model"), plain, "--json")).Succeeds();
        var predicted = (await workplace.RunAsync("predict", workplace.File("model"), plain)).Succeeds();

        Assert.Contains("'w'", Assert.Single(judged.Errors), StringComparison.Ordinal);
        using var document = JsonDocument.Parse(judged.Output);
        Assert.Equal(0, document.RootElement.GetProperty("weights").GetArrayLength());
        Assert.Equal("", predicted.Error);
    }

    [Theory]
    [InlineData("-2", "'-2' is no weight")]
    [InlineData("", "'' is no weight")]
    [InlineData("much", "'much' is no weight")]
    public async Task A_weight_that_is_none_is_one_line_with_file_line_and_value(string weight, string fragment)
    {
        var lines = Weighted(50).Split('\n');
        lines[7] = weight + lines[7][1..];
        var table = workplace.Write("houses.csv", string.Join('\n', lines));

        (await TrainAsync(table, "--weight", "w")).FailsWith(
            ExitCode.Failure,
            "houses.csv, line 8, column 'w'",
            fragment
        );
    }

    [Theory]
    [InlineData("affinity")]
    [InlineData("group")]
    [InlineData("taxonomy")]
    [InlineData("pareto")]
    public async Task Other_commands_on_tables_read_the_weights_too(string command)
    {
        var table = workplace.Write("table.csv", "x,w,a,b\n1,1,2,3\n2,-1,3,4\n3,1,5,6\n4,1,6,7\n5,1,7,8\n6,1,8,9\n");
        string[] options = ["-t", "a:regression", "-t", "b:regression", "--weight", "w"];
        string[] needed = command switch
        {
            "group" => ["--budget", "2", "--store", workplace.Store],
            "taxonomy" => ["--sources", "1", "--store", workplace.Store],
            "pareto" => ["--method", "ls", "-o", workplace.File("front")],
            _ => ["--store", workplace.Store],
        };

        var answer = await workplace.RunAsync([command, table, .. options, .. needed]);

        answer.FailsWith(ExitCode.Failure, "table.csv, line 3, column 'w'", "'-1' is no weight");
    }

    [Fact]
    public async Task Classes_are_balanced_or_weighed_as_they_are_told()
    {
        var table = workplace.Write("houses.csv", Workplace.Houses(200));

        (await TrainAsync(table, "--ignore", "id", "--balance", "--class-weight", "sold:yes=5")).Succeeds();

        using var model = TabularModel.Load(workplace.File("model"));
        Assert.Equal([1f, 5], model.Preprocessing.Targets[1].ClassWeights!);
        Assert.Equal(3, model.Preprocessing.Targets[2].ClassWeights!.Distinct().Count());
    }

    [Fact]
    public async Task Weights_of_nothing_are_refused()
    {
        var table = workplace.Write("houses.csv", Workplace.Houses(50));

        (await TrainAsync(table, "--weight", "sale:w")).FailsWith(ExitCode.Usage, "'sale:w'", "price, sold, energy");
        (await TrainAsync(table, "--weight", "prise:w")).FailsWith(
            ExitCode.Usage,
            "'prise:w'",
            "did you mean 'price'?"
        );
        (await TrainAsync(table, "--class-weight", "sould:yes=2")).FailsWith(
            ExitCode.Usage,
            "'sould:yes=2' names no target",
            "did you mean 'sold'?"
        );
        foreach (var text in new[] { "sold:yes", "sold=2", "sold:yes=-1", "sold:yes=much" })
        {
            (await TrainAsync(table, "--class-weight", text)).FailsWith(
                ExitCode.Usage,
                $"The class weight '{text}'",
                "churn:yes=5"
            );
        }

        (await TrainAsync(table, "--class-weight", "sold:maybe=2")).FailsWith(
            ExitCode.Usage,
            "'maybe' is no class of target 'sold'",
            "no, yes"
        );
    }

    [Fact]
    public async Task A_column_of_the_whole_name_is_meant_before_one_for_a_target_and_that_is_said()
    {
        var lines = Weighted(60).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var both = lines.Select((line, i) => i == 0 ? $"price:w,{line}\n" : $"2,{line}\n");
        var table = workplace.Write("houses.csv", string.Concat(both));

        var trained = (await TrainAsync(table, "--weight", "price:w", "--ignore", "id")).Succeeds();

        Assert.Contains(
            "The weight 'price:w' is the column of that name, for all targets, and not column 'w' for target 'price'",
            Assert.Single(trained.Errors),
            StringComparison.Ordinal
        );
        using var model = TabularModel.Load(workplace.File("model"));
        Assert.Equal([new WeightColumn("price:w")], model.Preprocessing.Schema.Weights);
    }

    [Fact]
    public async Task Options_that_take_each_other_back_are_refused()
    {
        var table = workplace.Write("houses.csv", Weighted(60));
        string[] amounts =
        [
            "train",
            table,
            "-t",
            "price:regression",
            "-t",
            "area:regression",
            "--store",
            workplace.Store,
        ];

        foreach (var option in new[] { "--ignore", "--categorical" })
        {
            (await TrainAsync(table, "--weight", "w", option, "w")).FailsWith(
                ExitCode.Usage,
                "'w' is",
                "and also a weight"
            );
        }

        (await workplace.RunAsync([.. amounts, "--balance"])).FailsWith(
            ExitCode.Usage,
            "none of the targets (price, area) has classes; leave --balance out"
        );
        Assert.False(Directory.Exists(workplace.File("model")));
    }

    [Fact]
    public async Task Rows_that_all_weigh_nothing_are_told_of_with_what_to_do()
    {
        var lines = Workplace.Houses(60).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var table = workplace.Write(
            "houses.csv",
            string.Concat(lines.Select((line, i) => $"{(i == 0 ? "w" : "0")},{line}\n"))
        );
        var judged = workplace.Write(
            "judged.csv",
            await File.ReadAllTextAsync(table, TestContext.Current.CancellationToken)
        );

        (await TrainAsync(table, "--weight", "w")).FailsWith(
            ExitCode.Failure,
            "is missing, or weighs 0, in all",
            "weigh rows by another column (--weight)"
        );
        (await TrainAsync(workplace.Write("houses.csv", Weighted(60)), "--weight", "w", "--ignore", "v")).Succeeds();
        var answer = (await workplace.RunAsync("evaluate", workplace.File("model"), judged)).Succeeds();
        foreach (var target in new[] { "price", "sold", "energy" })
        {
            Assert.Contains($"No row counts for target '{target}'", answer.Error, StringComparison.Ordinal);
        }
    }

    public void Dispose() => workplace.Dispose();

    private Task<Answer> TrainAsync(string table, params string[] options) =>
        workplace.TrainAsync(table, "model", options);

    private static string Weighted(int rows)
    {
        var lines = Workplace.Houses(rows).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return string.Concat(lines.Select((line, i) => i == 0 ? $"w,v,{line}\n" : $"{i % 4},{(i % 3) + 1},{line}\n"));
    }
}
