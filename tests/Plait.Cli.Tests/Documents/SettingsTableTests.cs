using System.CommandLine;
using System.Globalization;
using Plait.Cli.Commands;
using Plait.Training;

namespace Plait.Cli.Tests.Documents;

/// <summary>The table of settings on the page of commands is what the specification says of them.</summary>
public sealed class SettingsTableTests
{
    private const string Begin = "<!-- settings -->\n";
    private const string End = "<!-- /settings -->\n";

    [Fact]
    public void The_page_of_commands_has_the_settings_as_the_specification_says_them()
    {
        var page = Page.All.Single(page => Path.GetFileName(page.Path) == "command-line.md").Text;
        var start = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;

        Assert.True(
            page[start..page.IndexOf(End, StringComparison.Ordinal)] == Table(),
            $"docs/command-line.md has another table of settings than this:\n{Table()}"
        );
    }

    private static string Table()
    {
        var commands = PlaitCommand.Create().Subcommands.Where(command => !command.Hidden).ToArray();
        var usual = new RunSpecification();
        IEnumerable<string> lines =
        [
            "| option | | default | commands |",
            "| --- | --- | --- | --- |",
            .. RunSetting.All.Select(setting =>
            {
                var having = commands.Where(command => Has(command, setting)).Select(command => $"`{command.Name}`");
                return $"| `--{setting.Name} {setting.ValueName}` | {setting.Summary} | {Written(setting.Of(usual))} | {string.Join(", ", having)} |";
            }),
        ];
        return string.Concat(lines.Select(line => line + "\n"));
    }

    /// <summary>Whether a command has the setting, and not another option of the same name.</summary>
    private static bool Has(Command command, RunSetting setting) =>
        command.Options.Any(option =>
            option.Name == $"--{setting.Name}"
            && option.Description!.StartsWith(setting.Summary.TrimEnd('.'), StringComparison.Ordinal)
        );

    private static string Written(object? value) =>
        value switch
        {
            null or IReadOnlyList<string> => "",
            TimeSpan time => $"`{time.TotalSeconds}s`",
            _ => $"`{Convert.ToString(value, CultureInfo.InvariantCulture)}`",
        };
}
