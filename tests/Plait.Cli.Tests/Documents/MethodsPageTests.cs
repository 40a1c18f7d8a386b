using Plait.Testing;

namespace Plait.Cli.Tests.Documents;

/// <summary>The page of methods is what the catalogue says.</summary>
public sealed class MethodsPageTests : IDisposable
{
    private const string Page = "docs/methods.md";

    private readonly Workplace workplace = new();

    public void Dispose() => workplace.Dispose();

    [Fact]
    public async Task It_is_what_the_command_prints()
    {
        var printed = (await workplace.RunAsync("methods", "--markdown")).Succeeds().Output.ReplaceLineEndings("\n");

        Assert.True(
            printed == Checkout.Read(Page).ReplaceLineEndings("\n"),
            $"{Page} is not what the catalogue says. Write it anew: dotnet run --project src/Plait.Cli -c Release -- methods --markdown > {Page}"
        );
    }

    [Fact]
    public async Task One_kind_is_a_page_too()
    {
        var printed = (await workplace.RunAsync("methods", "--markdown", "--kind", "weighting")).Succeeds().Output;

        Assert.Contains(
            "| `fixed` | Weighs each loss by a number that is given. | `weights=(needed)`; for three tasks `fixed:weights=0.3/0.7/1.2` |",
            printed,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("## aggregator", printed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_forms_at_once_are_refused() =>
        (await workplace.RunAsync("methods", "--markdown", "--json")).FailsWith(
            ExitCode.Usage,
            "--json and --markdown are two forms; choose one of them."
        );
}
