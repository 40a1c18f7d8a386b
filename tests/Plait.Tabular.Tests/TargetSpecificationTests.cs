namespace Plait.Tabular.Tests;

public sealed class TargetSpecificationTests
{
    [Theory]
    [InlineData("price", "price", null)]
    [InlineData("price:regression", "price", "regression")]
    [InlineData(" churn : Binary ", "churn", "binary")]
    [InlineData("a:b:classification", "a:b", "classification")]
    public void Column_and_kind_are_read(string text, string column, string? kind)
    {
        Assert.Equal(new TargetSpecification(column, kind), TargetSpecification.Parse(text));
    }

    [Theory]
    [InlineData("", "names no column")]
    [InlineData(":binary", "names no column")]
    [InlineData("price:number", "binary, classification, count, multi-label, ordinal or regression")]
    [InlineData("price:", "binary, classification, count, multi-label, ordinal or regression")]
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
