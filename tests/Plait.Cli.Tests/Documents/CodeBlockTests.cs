namespace Plait.Cli.Tests.Documents;

/// <summary>The documents' C# is C#.</summary>
[Collection("torch")]
public sealed class CodeBlockTests
{
    public static TheoryData<string> Blocks => [.. CSharp.Select(block => block.ToString())];

    public static TheoryData<string> Programs =>
        [.. CSharp.Where(block => block.Runs).Select(block => block.ToString())];

    private static IEnumerable<CodeBlock> CSharp =>
        Page.All.SelectMany(page => page.Blocks).Where(block => block.Language == "csharp");

    [Theory]
    [MemberData(nameof(Blocks))]
    public void A_block_compiles(string place) => Assert.Empty(BlockCompiler.Compile(Block(place)).Errors);

    [Theory]
    [MemberData(nameof(Programs))]
    public void A_program_prints_what_the_block_after_it_shows(string place)
    {
        var block = Block(place);
        var blocks = Page.All.Single(page => page.Path == block.Page).Blocks;
        var shown = blocks[blocks.Index().Single(one => one.Item == block).Index + 1];

        Assert.Equal(shown.Code, BlockCompiler.Compile(block).Run());
    }

    private static CodeBlock Block(string place) => CSharp.Single(block => block.ToString() == place);
}
