using Plait.Cli.Arguments;

namespace Plait.Cli.Tests.Arguments;

public sealed class MethodListTests
{
    [Theory]
    [InlineData("hps", "hps")]
    [InlineData("hps,mmoe", "hps|mmoe")]
    [InlineData("mgda:at=representation,normalization=l2,pcgrad", "mgda:at=representation,normalization=l2|pcgrad")]
    [InlineData(
        "mmoe:experts=4,expert-widths=32-16,hps, cross-stitch:own=0.8",
        "mmoe:experts=4,expert-widths=32-16|hps|cross-stitch:own=0.8"
    )]
    public void Commas_divide_methods_and_options_stay_with_theirs(string text, string methods) =>
        Assert.Equal(methods.Split('|'), MethodList.Parse(text));
}
