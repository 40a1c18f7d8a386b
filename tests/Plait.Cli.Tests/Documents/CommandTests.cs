using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using Plait.Cli.Commands;
using Plait.Testing;

namespace Plait.Cli.Tests.Documents;

/// <summary>The documents' commands are commands, and their options are options.</summary>
public sealed partial class CommandTests
{
    private static readonly Command Root = PlaitCommand.Create();

    public static TheoryData<string> Commands =>
        [
            .. Page
                .All.SelectMany(page => page.Blocks)
                .Where(block => block.Language is "" or "sh")
                .SelectMany(block => Continued().Replace(block.Code, "").Split('\n'))
                .Select(Arguments)
                .OfType<string>()
                .Distinct(),
        ];

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_command_of_the_documents_is_understood(string arguments) =>
        Assert.Empty(
            Root.Parse(CommandLineParser.SplitCommandLine(arguments).ToArray()).Errors.Select(error => error.Message)
        );

    [Fact]
    public void Projects_that_are_run_are_there() =>
        Assert.All(
            Page.All.SelectMany(page => Projects().Matches(page.Text)).Select(found => found.Groups[1].Value),
            project => Assert.True(Directory.Exists(Path.Combine(Checkout.Root, project)), project)
        );

    [Fact]
    public void Every_option_of_a_command_is_on_the_page_of_commands_and_no_other_is()
    {
        var page = Page.All.Single(page =>
            page.Path == "docs/command-line.md".Replace('/', Path.DirectorySeparatorChar)
        );
        var written = Options().Matches(page.Text).Select(found => found.Value).ToHashSet(StringComparer.Ordinal);
        var there = Root
            .Subcommands.SelectMany(command => command.Subcommands.Prepend(command))
            .Prepend(Root)
            .Where(command => !command.Hidden)
            .SelectMany(command =>
                command
                    .Options.Where(option => !option.Hidden && option.Name != "--version")
                    .Select(option => (command.Name, option.Name))
            )
            .ToArray();

        Assert.Empty(
            there.Where(option => !written.Contains(option.Item2)).Select(option => $"{option.Item1} {option.Item2}")
        );
        Assert.Empty(written.Except(there.Select(option => option.Item2)).Except(["--help", "--version", "--project"]));
    }

    /// <summary>What follows <c>plait</c> in a line of a block; null where none does.</summary>
    private static string? Arguments(string line) =>
        Line().Match(line) is { Success: true } found
            ? AfterArguments().Split(found.Groups["arguments"].Value)[0]
            : null;

    [GeneratedRegex(
        """^(\$ |echo .* \| )?(plait|dotnet run --project src/Plait.Cli -c Release --) (?<arguments>[a-z].*)$"""
    )]
    private static partial Regex Line();

    /// <summary>A comment, a redirection, or what the command does, two spaces after it.</summary>
    [GeneratedRegex(""" +# |  +| > """)]
    private static partial Regex AfterArguments();

    /// <summary>The end of a line that goes on in the next.</summary>
    [GeneratedRegex("""\\\n\s*""")]
    private static partial Regex Continued();

    [GeneratedRegex("""--project ([\w./-]+)""")]
    private static partial Regex Projects();

    [GeneratedRegex("""(?<![\w-])--[a-z][a-z-]+""")]
    private static partial Regex Options();
}
