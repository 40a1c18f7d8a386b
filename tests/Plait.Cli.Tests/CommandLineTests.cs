using Plait.Cli.Commands;
using Plait.Cli.Hosting;
using Plait.Jobs.Runs;

namespace Plait.Cli.Tests;

/// <summary>What is wrong with a command line is said with what was probably meant, and with exit code 2.</summary>
[Collection("torch")]
public sealed class CommandLineTests : IDisposable
{
    private readonly Workplace workplace = new();

    public void Dispose() => workplace.Dispose();

    [Theory]
    [InlineData("plait has no command 'trian' (did you mean 'train'?)", "trian")]
    [InlineData("plait has no command 'frobnicate'; choose from compare, extend, train,", "frobnicate")]
    [InlineData("data has no command 'describ' (did you mean 'describe'?)", "data", "describ", "tox21")]
    [InlineData("train has no option '--targt' (did you mean '--target'?)", "train", "data.csv", "--targt", "y")]
    [InlineData("no kind 'aggregater' (did you mean 'aggregator'?)", "methods", "--kind", "aggregater")]
    [InlineData("no architecture 'hsp' (did you mean 'hps'?)", "compare", "--networks", "hsp")]
    [InlineData("no benchmark 'parkinson' (did you mean 'parkinsons'?)", "compare", "-b", "parkinson")]
    [InlineData("no benchmark 'tox12' (did you mean 'tox21'?)", "group", "-b", "tox12", "--budget", "1")]
    [InlineData("no data set 'tox12' (did you mean 'tox21'?)", "data", "describe", "tox12")]
    [InlineData("no split 'scafold' (did you mean 'scaffold'?)", "compare", "--split", "scafold")]
    [InlineData("no metric 'accurcy' (did you mean 'accuracy'?)", "evaluate", "model", "x.csv", "--metrics", "accurcy")]
    [InlineData("runs has no option '--lmit' (did you mean '--limit'?)", "runs", "--lmit", "3")]
    [InlineData("runs has no option '--jsno' (did you mean '--json'?)", "runs", "--jsno")]
    [InlineData("runs has no option '-limit' (did you mean '--limit'?)", "runs", "-limit", "3")]
    [InlineData("runs has no option '--verson'", "runs", "--verson")]
    [InlineData("resume has no option '--jsno' (did you mean '--json'?)", "resume", "--jsno")]
    [InlineData("report has no option '--outptu' (did you mean '--output'?)", "report", "--outptu=x.html")]
    [InlineData("taxonomy has no option '--sorces' (did you mean '--sources'?)", "taxonomy", "--sorces", "2")]
    [InlineData("group has no option '--budgt' (did you mean '--budget'?)", "group", "--budgt", "2", "--table", "t")]
    [InlineData("train has no option '--ignor' (did you mean '--ignore'?)", "train", "x.csv", "-t", "--ignor", "a")]
    [InlineData("plait has no command 'trian' (did you mean 'train'?)", "trian", "x.csv", "--epochs", "3")]
    [InlineData("train does not take 'maybe'", "train", "x.csv", "-t", "y", "maybe")]
    [InlineData(
        "--epochs is a whole number, and not too large; got 'many'",
        "train",
        "x",
        "-t",
        "y",
        "--epochs",
        "many"
    )]
    [InlineData("--epochs is a whole number, and not too large; got '1.5'", "compare", "--epochs", "1.5")]
    [InlineData("and not too large; got '99999999999'", "train", "x", "-t", "y", "--patience", "99999999999")]
    [InlineData("--seed is a whole number, and not too large; got 'x'", "train", "x.csv", "-t", "y", "--seed", "x")]
    [InlineData("--clip-norm is a number; got 'x'", "train", "x.csv", "-t", "y", "--clip-norm", "x")]
    [InlineData("--test is a number; got 'half'", "train", "x.csv", "-t", "y", "--test", "half")]
    [InlineData("--limit is a whole number, and not too large; got 'x'", "runs", "--limit", "x")]
    [InlineData("--epochs", "train", "x.csv", "-t", "y", "--epochs", "1", "--epochs", "2")]
    [InlineData("--device", "train", "x.csv", "-t", "y", "--device", "cpu", "--device", "cpu")]
    [InlineData("got 'exct' (did you mean 'exact'?)", "taxonomy", "--sources", "1", "--solver", "exct")]
    [InlineData("--target names 'y' twice; name it once", "train", "x.csv", "-t", "y", "--target", "y")]
    [InlineData("--ignore names 'a' twice", "train", "x.csv", "-t", "y", "--ignore", "a", "--ignore", "a")]
    [InlineData("--weight names 'w' twice", "affinity", "x.csv", "-t", "y", "--weight", "w", "--weight", "w")]
    [InlineData("--regularizer names 'l1' twice", "extend", "last", "--regularizer", "l1", "--regularizer", "l1")]
    [InlineData("--tasks names 'greek' twice", "compare", "-b", "omniglot8", "--tasks", "greek,latin,greek")]
    [InlineData("--metrics names 'mae' twice", "evaluate", "model", "x.csv", "--metrics", "mae,mae")]
    [InlineData("--actions names 'x' twice", "embed", "tecnets", "x.csv", "--actions", "x, x")]
    [InlineData("--targets names 'a' twice", "taxonomy", "--affinities", "x.csv", "-k", "1", "--targets", "a,a")]
    [InlineData("--method names 'sum' twice", "aggregate", "-m", "sum,mean", "-m", "sum")]
    [InlineData("--tasks takes names with commas between; got ','", "compare", "--tasks", ",")]
    [InlineData("--output takes FILE; got an empty text", "predict", "model", "x.csv", "-o", "")]
    [InlineData("--ignore takes COLUMN; got an empty text", "train", "x.csv", "-t", "y", "--ignore", " ")]
    [InlineData("data.csv is needed; got an empty text", "train", "", "-t", "y")]
    public async Task What_is_mistyped_is_named_with_what_was_meant(string says, params string[] arguments) =>
        (await workplace.RunAsync(arguments)).FailsWith(ExitCode.Usage, says);

    [Fact]
    public async Task A_value_may_begin_as_an_option_does_behind_its_own_option_and_a_file_behind_two_dashes()
    {
        var table = workplace.Write("odd.csv", "x,--price,y\n1,2,3\n2,3,4\n3,4,6\n4,6,7\n5,6,8\n6,7,9\n");
        string[] rest = ["--epochs", "1", "-o", workplace.File("model"), "--store", workplace.Store];

        (await workplace.RunAsync(["train", table, "--target=--price:regression", .. rest])).Succeeds();
        (await workplace.RunAsync("evaluate", workplace.File("model"), "--", "--odd.csv")).FailsWith(
            ExitCode.Failure,
            "--odd.csv: there is no such file"
        );
    }

    [Fact]
    public async Task Last_is_meant_by_what_is_nearly_last()
    {
        (await workplace.TrainAsync(workplace.Write("houses.csv", Workplace.Houses(60)), "model")).Succeeds();

        foreach (var command in new[] { "runs", "report", "resume" })
        {
            (await workplace.RunAsync(command, "lst", "--store", workplace.Store)).FailsWith(
                ExitCode.Failure,
                "There is no run 'lst'",
                "(did you mean 'last'?)"
            );
        }
    }

    [Theory]
    [InlineData("asks for 'regresion' (did you mean 'regression'?)", "-t", "price:regresion")]
    [InlineData("--target names 'price' twice", "-t", "price", "-t", "price")]
    [InlineData("the target is not in the file; did you mean 'price'?", "-t", "prise")]
    [InlineData("names no column", "-t", ":regression")]
    [InlineData("the column to ignore is not in the file", "-t", "price", "--ignore", "idd")]
    [InlineData("is a target and also ignored", "-t", "price", "--ignore", "price")]
    [InlineData("the column to group by is not in the file", "-t", "price", "--group-by", "who")]
    [InlineData("the categorical column is not in the file", "-t", "price", "--categorical", "who")]
    [InlineData("--accumulate 1", "-t", "price", "-t", "sold", "--aggregator", "graddrop", "--accumulate", "2")]
    [InlineData("preference:preference=0.3/0.7", "-t", "price", "-t", "sold", "--weighting", "preference")]
    [InlineData("needs 3 tasks or more; got 2", "-t", "price", "-t", "sold", "--aggregator", "krum")]
    [InlineData(
        "no task 'prise' to be main (did you mean 'price'?)",
        "-t",
        "price",
        "-t",
        "sold",
        "--aggregator",
        "gem:main=prise"
    )]
    [InlineData("up to 65536; got '2000000000'", "-t", "price", "--encoder", "mlp:widths=2000000000")]
    [InlineData("up to 65536; got '100000'", "-t", "price", "--network", "mmoe:experts=100000")]
    public async Task What_was_asked_for_and_cannot_be_had_is_no_fault_of_the_table(
        string says,
        params string[] options
    )
    {
        var table = workplace.Write("houses.csv", Workplace.Houses(60));
        string[] rest = ["-o", workplace.File("model"), "--epochs", "1"];

        var train = await workplace.RunAsync(["train", table, .. options, .. rest, "--store", workplace.Store]);

        train.FailsWith(ExitCode.Usage, says);
        Assert.False(Directory.Exists(workplace.File("model")));
        if (RunStore.IsIn(workplace.Store))
        {
            using var store = RunStore.OpenToRead(workplace.Store);
            Assert.Empty(store.List());
        }
    }

    [Fact]
    public async Task What_does_not_go_together_is_refused_by_pareto_and_by_analyses_too()
    {
        var table = workplace.Write("houses.csv", Workplace.Houses(60));
        string[] targets = ["-t", "price", "-t", "sold", "--epochs", "1"];

        (
            await workplace.RunAsync([
                .. new[] { "pareto", table, "--method", "ls", "-o", workplace.File("front") },
                .. targets,
                .. new[] { "--aggregator", "krum" },
            ])
        ).FailsWith(ExitCode.Usage, "needs 3 tasks or more; got 2");
        Assert.False(Directory.Exists(workplace.File("front")));
        var affinity = await workplace.RunAsync([
            .. new[] { "affinity", table, "--store", workplace.Store, "--encoder", "segnet" },
            .. targets,
        ]);
        Assert.Equal(ExitCode.Usage, affinity.Code);
        Assert.Contains("segnet", Assert.Single(affinity.Errors), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_main_task_goes_by_its_name_or_its_place()
    {
        var table = workplace.Write("houses.csv", Workplace.Houses(60));

        foreach (
            var method in new[]
            {
                "--aggregator gem:main=sold",
                "--aggregator gem:main=1",
                "--aggregator a-gem:main=energy",
                "--aggregator cosine-gating:main=sold",
                "--weighting auto-lambda:primary=price/sold",
                "--weighting gls:focus=energy",
                "--schedule scheduled:main=sold",
            }
        )
        {
            (await workplace.TrainAsync(table, "model", [.. method.Split(' '), "--patience", "1"])).Succeeds();
        }

        (
            await workplace.RunAsync(
                "aggregate",
                "--input",
                workplace.Write("case.json", """{"id": 1, "tasks": ["a", "b"], "gradients": [[-4, 1], [6, 1]]}"""),
                "--method",
                "gem:main=b"
            )
        ).Succeeds();
    }

    [Fact]
    public async Task An_output_that_cannot_be_is_told_of_with_what_to_do()
    {
        var table = workplace.Write("houses.csv", Workplace.Houses(60));
        var model = workplace.File("model");
        (await workplace.TrainAsync(table, "model")).Succeeds();

        (await workplace.RunAsync("predict", model, table, "--id", "idd")).FailsWith(
            ExitCode.Usage,
            "the column to copy is not in the file; did you mean 'id'?"
        );
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights there.");
        File.CreateSymbolicLink(workplace.File("one"), workplace.File("other"));
        File.CreateSymbolicLink(workplace.File("other"), workplace.File("one"));
        (await workplace.RunAsync("predict", model, table, "-o", workplace.File("one"))).FailsWith(
            ExitCode.Failure,
            $"{workplace.File("one")}: its links lead in a circle; remove one of them, or choose another file"
        );
    }

    [Fact]
    public async Task A_signal_that_came_while_libraries_were_loaded_ends_the_program_in_order()
    {
        using var interruption = Interruption.Begin();
        interruption.Stop();
        using var output = new StringWriter();
        using var error = new StringWriter();

        var (code, _) = await CommandHost.InvokeAsync(PlaitCommand.Create(), ["methods"], output, error, interruption);

        new Answer(code, output.ToString(), error.ToString()).FailsWith(ExitCode.Interrupted, "interrupted.");
    }

    [Theory]
    [InlineData("runs")]
    [InlineData("runs", "last")]
    [InlineData("runs", "last", "--delete")]
    [InlineData("report")]
    [InlineData("resume")]
    public async Task Reading_a_store_that_is_not_there_creates_nothing(params string[] command)
    {
        (await workplace.RunAsync([.. command, "--store", workplace.Store])).FailsWith(
            ExitCode.Failure,
            $"There is no run store in '{workplace.Store}'",
            "--store"
        );
        Assert.False(Directory.Exists(workplace.Store));
    }

    [Fact]
    public void Before_the_first_run_there_are_none_and_no_folder_is_made()
    {
        Assert.Contains("There are no runs in", workplace.Run("runs").Succeeds().Output, StringComparison.Ordinal);
        Assert.Equal("[]", workplace.Run("runs", "--json").Succeeds().Output.Trim());
        Assert.Empty(Directory.EnumerateFileSystemEntries(workplace.Path));
    }
}
