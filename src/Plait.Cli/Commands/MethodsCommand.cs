using System.CommandLine;
using System.Text.Json;
using Plait.Catalogue;
using Plait.Cli.Display;
using Spectre.Console;

namespace Plait.Cli.Commands;

/// <summary>Lists every method of the library.</summary>
internal static class MethodsCommand
{
    private static readonly JsonSerializerOptions Layout = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private static readonly Option<string?> Kind = new("--kind")
    {
        Description = $"Only {string.Join(", ", KindNames)}.",
        HelpName = "KIND",
    };
    private static readonly Option<bool> Json = CommonOptions.Json();

    private static IEnumerable<string> KindNames => Enum.GetNames<MethodKind>().Select(name => name.ToLowerInvariant());

    public static Command Create()
    {
        var command = new DescribedCommand(
            "methods",
            """
            List every method: its name, what it does, its paper and its options.

            Examples:
              plait methods
              plait methods --kind aggregator
              plait methods --json
            """
        )
        {
            Kind,
            Json,
        };
        command.SetAction(arguments =>
        {
            var entries = Chosen(arguments.GetValue(Kind));
            if (arguments.GetValue(Json))
            {
                arguments.InvocationConfiguration.Output.WriteLine(
                    JsonSerializer.Serialize(
                        entries.Select(entry => new
                        {
                            entry.Name,
                            Kind = entry.Kind.ToString().ToLowerInvariant(),
                            entry.Survey,
                            entry.Paper,
                            entry.Arxiv,
                            entry.Summary,
                        }),
                        Layout
                    )
                );
                return ExitCode.Success;
            }

            Write(entries);
            return ExitCode.Success;
        });
        return command;
    }

    private static IReadOnlyList<MethodEntry> Chosen(string? kind)
    {
        if (kind is null)
        {
            return MethodCatalog.All;
        }

        return Enum.TryParse<MethodKind>(kind, ignoreCase: true, out var chosen)
            ? [.. MethodCatalog.Of(chosen)]
            : throw new CommandFailure(
                $"There is no kind '{kind}'; choose from {string.Join(", ", KindNames)}.",
                ExitCode.Usage
            );
    }

    private static void Write(IReadOnlyList<MethodEntry> entries)
    {
        var table = PlainTable
            .Create()
            .With("kind")
            .With("name")
            .WithText("what it does")
            .WithText("options")
            .WithText("paper")
            .With("survey");
        foreach (var entry in entries)
        {
            string[] cells =
            [
                entry.Kind.ToString().ToLowerInvariant(),
                entry.Name,
                entry.Summary,
                string.Join('\n', entry.Options),
                entry.Arxiv.Length > 0 ? $"{entry.Paper} (arXiv {entry.Arxiv})" : entry.Paper,
                entry.Survey,
            ];
            table.AddRow([.. cells.Select(Markup.Escape)]);
        }

        AnsiConsole.Write(table);
    }
}
