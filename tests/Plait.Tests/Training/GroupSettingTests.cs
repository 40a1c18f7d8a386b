using Plait.Training;

namespace Plait.Tests.Training;

public sealed class GroupSettingTests
{
    [Fact]
    public void A_multiple_a_rate_and_a_freeze_are_read_from_text()
    {
        Assert.Equal(new GroupSetting("encoder") { LearningRateScale = 0.1 }, GroupSetting.Parse("encoder=0.1x"));
        Assert.Equal(new GroupSetting("heads.a=b") { LearningRate = 1e-4 }, GroupSetting.Parse("heads.a=b = 1e-4"));
        Assert.Equal(new GroupSetting("encoder") { Frozen = true }, GroupSetting.Parse("encoder=0"));
    }

    [Theory]
    [InlineData("encoder=0.1x")]
    [InlineData("heads.churn=0.0001")]
    [InlineData("encoder=0")]
    public void What_is_written_is_what_is_read(string text) => Assert.Equal(text, GroupSetting.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("encoder")]
    [InlineData("=0.1x")]
    [InlineData("encoder=")]
    [InlineData("encoder=fast")]
    [InlineData("encoder=-1")]
    [InlineData("encoder=0x")]
    [InlineData("encoder=infinity")]
    public void Anything_else_is_refused_with_what_to_write(string text)
    {
        var fault = Assert.Throws<FormatException>(() => GroupSetting.Parse(text));

        Assert.Contains("write encoder=0.1x", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new GroupSetting("encoder") { LearningRateScale = 0 });
        Assert.Throws<ArgumentException>(() => new GroupSetting("encoder") { LearningRate = double.NaN });
        Assert.Throws<ArgumentException>(() => new GroupSetting("encoder") { Every = 0 });
        Assert.Throws<ArgumentException>(() => new GroupSetting(" "));
    }
}
