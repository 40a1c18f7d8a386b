using System.CommandLine;
using System.Text.Json;
using Plait.Catalogue;
using Plait.Cli.Display;

namespace Plait.Cli.Commands;

/// <summary>Lists every method of the library.</summary>
internal static class MethodsCommand
{
    private static readonly JsonSerializerOptions Layout = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private static readonly Argument<string?> Name = new("NAME")
    {
        Description = "Only what has this name; everything by default.",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private static readonly Option<string?> Kind = new("--kind")
    {
        Description = $"Only {string.Join(", ", KindNames)}.",
        HelpName = "KIND",
    };
    private static readonly Option<bool> Json = CommonOptions.Json();
    private static readonly Option<bool> Markdown = new("--markdown")
    {
        Description = "Print a page of Markdown, such as docs/methods.md.",
    };

    private static IEnumerable<string> KindNames => Enum.GetNames<MethodKind>().Select(name => name.ToLowerInvariant());

    public static Command Create()
    {
        var command = new DescribedCommand(
            "methods",
            """
            List every method: its name, what it does, its paper and its options.

            Examples:
              plait methods
              plait methods mgda
              plait methods --kind aggregator
              plait methods --json
              plait methods --markdown > methods.md
            """
        )
        {
            Name,
            Kind,
            Json,
            Markdown,
        };
        command.NeedsTorch = false;
        command.SetAction(arguments =>
        {
            if (arguments.GetValue(Json) && arguments.GetValue(Markdown))
            {
                throw new CommandFailure("--json and --markdown are two forms; choose one of them.", ExitCode.Usage);
            }

            var entries = Named(arguments.GetValue(Name), Chosen(arguments.GetValue(Kind)));
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
                            entry.Options,
                        }),
                        Layout
                    )
                );
                return ExitCode.Success;
            }

            if (arguments.GetValue(Markdown))
            {
                arguments.InvocationConfiguration.Output.Write(MethodsPage.Write(entries));
                return ExitCode.Success;
            }

            var output = arguments.InvocationConfiguration.Output;
            MethodsList.Write(output, entries, Terminal.Width(output));
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

        return KindNames.Contains(kind, StringComparer.OrdinalIgnoreCase)
            ? [.. MethodCatalog.Of(Enum.Parse<MethodKind>(kind, ignoreCase: true))]
            : throw new CommandFailure(
                $"There is no kind '{kind}'{NameSuggestion.Hint(kind, KindNames)}; choose from {string.Join(", ", KindNames)}.",
                ExitCode.Usage
            );
    }

    private static IReadOnlyList<MethodEntry> Named(string? name, IReadOnlyList<MethodEntry> entries)
    {
        if (name is null)
        {
            return entries;
        }

        MethodEntry[] named = [.. entries.Where(entry => entry.Name.Equals(name, StringComparison.OrdinalIgnoreCase))];
        var others = MethodCatalog.All.Where(entry => entry.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        return named.Length > 0 ? named
            : others.FirstOrDefault() is { } other
                ? throw new CommandFailure(
                    $"'{other.Name}' is of the kind {other.Kind.ToString().ToLowerInvariant()}; leave --kind out.",
                    ExitCode.Usage
                )
            : throw new CommandFailure(
                $"There is no method '{name}'{NameSuggestion.Hint(name, entries.Select(entry => entry.Name))}; `plait methods` lists them.",
                ExitCode.Usage
            );
    }
}
