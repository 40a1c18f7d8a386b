using System.Text.RegularExpressions;
using Plait.Testing;

namespace Plait.Cli.Tests.Documents;

/// <summary>The documents' C# is C#.</summary>
[Collection("torch")]
public sealed partial class CodeBlockTests : IDisposable
{
    private readonly Workplace workplace = new();

    public static TheoryData<string> Blocks => [.. CSharp.Select(block => block.ToString())];

    public static TheoryData<string> Pages =>
        [.. CSharp.Where(block => block.Runs).Select(block => block.Page).Distinct()];

    private static IEnumerable<CodeBlock> CSharp =>
        Page.All.SelectMany(page => page.Blocks).Where(block => block.Language == "csharp");

    public void Dispose() => workplace.Dispose();

    [Theory]
    [MemberData(nameof(Blocks))]
    public void A_block_compiles(string place) =>
        Assert.Empty(BlockCompiler.Compile(CSharp.Single(block => block.ToString() == place)).Errors);

    /// <summary>In their order: one may read what an earlier one wrote. They are given a table and a folder for a model.</summary>
    [Theory]
    [MemberData(nameof(Pages))]
    public void The_programs_of_a_page_print_what_the_blocks_after_them_show(string path)
    {
        var table = Path.Combine(Checkout.Root, "examples", "TwoTargets", "houses.csv");
        var blocks = Page.All.Single(page => page.Path == path).Blocks;
        foreach (var (place, block) in blocks.Index().Where(block => block.Item.Runs))
        {
            var printed = BlockCompiler.Compile(block).Run(table, workplace.File("model"));
            var shown = blocks[place + 1].Code;

            Assert.Equal(block.About ? WithoutNumbers(shown) : shown, block.About ? WithoutNumbers(printed) : printed);
        }
    }

    private static string WithoutNumbers(string text) => Number().Replace(text, "0");

    [GeneratedRegex("""-?[0-9]+(\.[0-9]+)?(E-?[0-9]+)?""")]
    private static partial Regex Number();
}
