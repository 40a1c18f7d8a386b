using System.CommandLine;
using Plait.Cli.Aggregation;
using Plait.Cli.Arguments;
using Plait.Cli.Display;
using Plait.Torch;

namespace Plait.Cli.Commands;

/// <summary>Shows what gradient aggregators make of given task gradients: JSON lines in, JSON lines out.</summary>
internal static class AggregateCommand
{
    private const string Standard = "-";

    private static readonly Option<string[]> Methods = new("--method", "-m")
    {
        Description =
            "An aggregator, as plait methods --kind aggregator lists them; given several times or as a list, each answers each case.",
        HelpName = "NAME:OPTION=VALUE,...",
        Required = true,
    };
    private static readonly Option<string> Input = new("--input", "-i")
    {
        Description = "Cases, one JSON object a line; - for the standard input.",
        HelpName = "cases.jsonl",
        DefaultValueFactory = _ => Standard,
    };
    private static readonly Option<string> Output = new("--output", "-o")
    {
        Description = "The file for the answers; - for the standard output.",
        HelpName = "FILE",
        DefaultValueFactory = _ => Standard,
    };
    private static readonly Option<long> Seed = CommonOptions.Seed(
        "Decides what methods that draw chance draw; the same for each case."
    );
    private static readonly Option<string?> Draw = new("--draw")
    {
        Description = "Draw cases of two or three tasks: the first into FILE.svg, or each into a folder.",
        HelpName = "FILE.svg|DIR",
    };
    private static readonly Option<int> Threads = CommonOptions.Threads();

    public static Command Create()
    {
        var command = new DescribedCommand(
            "aggregate",
            """
            Show what gradient aggregators make of given task gradients: JSON lines in, JSON lines out.

            Examples:
              echo '{"id": 1, "gradients": [[-4, 1, 1], [6, 1, 1]]}' | plait aggregate --method mgda
              plait aggregate --method pcgrad --method mgda --input cases.jsonl --output answers.jsonl
              plait aggregate --method mgda --input cases.jsonl --draw pictures/

            A case: {"id", "gradients": [[...], ...], "losses": [...], "tasks": [...]}; one row of numbers a task, all of one length. The
            id is a string or a number; losses and the tasks' names may be left out.
            An answer: {"id", "method", "weights", "combined", "norm", "conflicts", "residual"}. "method" is there where several were
            asked; "weights" is null where the update is no weighted sum of the gradients; "conflicts" counts the tasks whose loss
            rises along the update; "residual" is the relative violation of the method's equations, null where it has none.
            A line that is wrong: {"id", "line", "error"}; the others are answered, and the exit code is 1.
            All numbers are float64. Each case is the first step of a run; a method that draws several batches sees the case in each.
            """
        )
        {
            Methods,
            Input,
            Output,
            Seed,
            Draw,
            Threads,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancel)
    {
        torch.set_num_threads(arguments.GetValue(Threads));
        string[] given = [.. arguments.GetValue(Methods)!.SelectMany(MethodList.Parse)];
        NameList.RequireOnce(Methods.Name, given);
        NamedAggregator[] methods = [.. given.Select(NamedAggregator.Parse)];
        var (source, target) = (arguments.GetValue(Input)!, arguments.GetValue(Output)!);
        RequireTwoFiles(source, target);
        var configuration = arguments.InvocationConfiguration;
        var pictures = arguments.GetValue(Draw) is { } path ? new CasePictures(path, configuration.Warn) : null;
        pictures?.Prepare();
        await using var input = Open(source);
        await using var file = target == Standard ? null : new StreamWriter(OutputFile.PathOf(target));
        var cases = new CaseStream(
            methods,
            arguments.GetValue(Seed),
            new AnswerWriter(file ?? configuration.Output),
            pictures
        );
        await cases.RunAsync(input, cancel);
        pictures?.Finish();
        return cases.Failed == 0
            ? ExitCode.Success
            : throw new CommandFailure(
                $"{cases.Failed} of {cases.Lines} cases failed; the answers of those lines say why in \"error\"."
            );
    }

    private static Stream Open(string source) =>
        source == Standard ? Terminal.Input() : InputFile.Open(source, "cases");

    private static void RequireTwoFiles(string source, string target)
    {
        if (target != Standard && source != Standard && AtomicFile.PlaceOf(source) == AtomicFile.PlaceOf(target))
        {
            throw new CommandFailure(
                $"{target}: the answers would take the place of the cases; choose another file for --output.",
                ExitCode.Usage
            );
        }
    }
}
