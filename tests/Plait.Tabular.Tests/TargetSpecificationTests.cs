namespace Plait.Tabular.Tests;

public sealed class TargetSpecificationTests
{
    [Theory]
    [InlineData("price", "price", null)]
    [InlineData("price:regression", "price", TargetKind.Regression)]
    [InlineData(" churn : Binary ", "churn", TargetKind.Binary)]
    [InlineData("a:b:classification", "a:b", TargetKind.Classification)]
    public void Column_and_kind_are_read(string text, string column, TargetKind? kind)
    {
        Assert.Equal(new TargetSpecification(column, kind), TargetSpecification.Parse(text));
    }

    [Theory]
    [InlineData("", "names no column")]
    [InlineData(":binary", "names no column")]
    [InlineData("price:number", "regression, binary or classification")]
    [InlineData("price:", "regression, binary or classification")]
    public void What_cannot_be_read_says_what_is_expected(string text, string expected)
    {
        Tables.Says(Tables.Fails(() => TargetSpecification.Parse(text)), null, null, $"'{text}'", expected);
    }

    [Fact]
    public void Text_of_a_specification_reads_back()
    {
        Assert.All(Tables.FlatsTargets, target => Assert.Equal(target, TargetSpecification.Parse(target.ToString())));
    }
}
