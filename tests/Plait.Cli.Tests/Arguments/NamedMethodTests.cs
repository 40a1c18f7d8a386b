using Plait.Benchmarks.Comparison;
using Plait.Cli.Arguments;

namespace Plait.Cli.Tests.Arguments;

public sealed class NamedMethodTests
{
    [Fact]
    public void A_recipe_is_called_by_the_names_of_its_methods()
    {
        var networks = NamedMethod.ParseList("--networks", "hps,hps:head-widths=64-32,dropout=0.1 as wide");
        var sum = NamedMethod.ParseList("--aggregators", "none,pcgrad as surgery");

        ComparedRecipe[] recipes =
        [
            .. from network in networks
            from aggregator in sum
            select NamedMethod.Recipe(
                network,
                Plain("equal"),
                aggregator,
                Plain("joint"),
                Plain("none"),
                Plain("none")
            ),
        ];

        Assert.Equal(["hps", "hps + surgery", "wide", "wide + surgery"], recipes.Select(recipe => recipe.Name));
        Assert.Equal("hps:head-widths=64-32,dropout=0.1", recipes[2].Network);
        Assert.Equal("sum", recipes[2].Aggregator);
        Assert.Equal("pcgrad", recipes[3].Aggregator);
    }

    [Theory]
    [InlineData("hps as x,mmoe as x", "--networks calls two methods 'x'; give each a name of its own.")]
    [InlineData("mmoe,hps as mmoe", "--networks calls two methods 'mmoe'; give each a name of its own.")]
    [InlineData("hps as x,mmoe as X", "--networks calls two methods 'x'; give each a name of its own.")]
    [InlineData("hps as a,hps as b", "--networks has the method 'hps' twice; leave one of them out.")]
    [InlineData(
        "hps as pcgrad",
        "--networks calls 'hps' by the name of another method, 'pcgrad'; choose another name."
    )]
    [InlineData(
        "mmoe as hps + pcgrad",
        "--networks calls a method 'hps + pcgrad', and + stands between the names of a recipe's methods; choose another name."
    )]
    [InlineData("hps as", "--networks names a method as in 'hps:head-widths=64 as wide'; got 'hps as'.")]
    [InlineData("as x", "--networks names a method as in 'hps:head-widths=64 as wide'; got 'as x'.")]
    [InlineData("hps as a as b", "--networks names a method as in 'hps:head-widths=64 as wide'; got 'hps as a as b'.")]
    [InlineData("hps,,mmoe", "--networks takes methods with commas between; got 'hps,,mmoe'.")]
    public void A_name_of_two_methods_is_refused(string list, string message) =>
        Assert.Equal(message, Assert.Throws<CommandFailure>(() => NamedMethod.ParseList("--networks", list)).Message);

    private static NamedMethod Plain(string method) => new(method, method);
}
