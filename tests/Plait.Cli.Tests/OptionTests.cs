using System.CommandLine;
using System.Text.RegularExpressions;
using Plait.Cli.Arguments;
using Plait.Cli.Commands;

namespace Plait.Cli.Tests;

/// <summary>What holds for the options of all commands.</summary>
public sealed partial class OptionTests
{
    private static readonly (Command Command, Option Option)[] All =
    [
        .. Commands(PlaitCommand.Create())
            .SelectMany(command => command.Options.Select(option => (command, option)))
            .Where(one => !one.option.Recursive),
    ];

    [Fact]
    public void A_default_is_shown_as_it_is_written()
    {
        var shown = 0;
        foreach (
            var (command, option) in All.Where(one =>
                one.Option.HasDefaultValue && one.Option.ValueType != typeof(bool)
            )
        )
        {
            var text = $"{option.GetDefaultValue()}";
            var read = command.Parse([option.Name, text]).GetResult(option)!;

            Assert.Empty(read.Errors);
            Assert.Equal(text, $"{read.GetValueOrDefault<object>()}");
            Assert.DoesNotMatch(ProgramText(), text);
            shown++;
        }

        Assert.True(shown > 50, $"{shown} options have a default");
    }

    [Fact]
    public void A_seed_is_the_same_everywhere()
    {
        var seeds = All.Where(one => one.Option.Name == "--seed").ToArray();

        Assert.True(seeds.Length > 6, $"{seeds.Length} commands have seeds");
        foreach (var (command, option) in seeds)
        {
            Assert.Equal(typeof(long), option.ValueType);
            foreach (var text in new[] { "0", "-1", "5000000000" })
            {
                Assert.Empty(command.Parse([option.Name, text]).GetResult(option)!.Errors);
            }
        }
    }

    [Theory]
    [InlineData("30", "30s")]
    [InlineData("0.5", "0.5s")]
    [InlineData("90s", "90s")]
    [InlineData("120", "2m")]
    [InlineData("00:05:00", "5m")]
    [InlineData("1.5h", "90m")]
    [InlineData("48h", "48h")]
    public void A_time_is_written_in_the_largest_unit_that_it_is_whole_in(string given, string written)
    {
        Assert.True(Duration.TryParse(given, out Duration time));
        Assert.Equal(written, time.ToString());
        Assert.True(Duration.TryParse(written, out Duration again));
        Assert.Equal(time, again);
    }

    private static IEnumerable<Command> Commands(Command command) =>
        command.Subcommands.SelectMany(Commands).Prepend(command);

    /// <summary>Names of the program's types and values, and its times.</summary>
    [GeneratedRegex("[A-Z]|[0-9]:[0-9]")]
    private static partial Regex ProgramText();
}
