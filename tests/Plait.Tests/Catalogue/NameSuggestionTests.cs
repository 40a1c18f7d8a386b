using Plait.Catalogue;

namespace Plait.Tests.Catalogue;

public sealed class NameSuggestionTests
{
    [Theory]
    [InlineData("trian", "train")]
    [InlineData("hsp", "hps")]
    [InlineData("HPS", "hps")]
    [InlineData("hps", "hps")]
    [InlineData("hp", "hps")]
    [InlineData("hpss", "hps")]
    [InlineData("evalute", "evaluate")]
    [InlineData("frobnicate", null)]
    [InlineData("psh", null)]
    [InlineData("", null)]
    public void A_name_is_near_by_few_edits_of_which_a_swap_of_neighbours_is_one(string typed, string? meant) =>
        Assert.Equal(meant, NameSuggestion.Name(typed, ["train", "hps", "evaluate", "residual-adapters"]));

    [Fact]
    public void Where_there_are_no_names_none_is_near() => Assert.Null(NameSuggestion.Name("hps", []));
}
