using Plait.Testing;

namespace Plait.Cli.Tests;

/// <summary>`dotnet run` starts tests with the arguments that leave slow ones out, and xunit's runner understands them.</summary>
public sealed class StartArgumentsTests
{
    [Theory]
    [InlineData("--filter-not-trait category=slow", "-trait- category=slow")]
    [InlineData("--filter-not-trait category=slow -showLiveOutput", "-trait- category=slow -showLiveOutput")]
    [InlineData("--filter-not-trait category=slow -class *One -showLiveOutput", "-class *One -showLiveOutput")]
    [InlineData("--filter-not-trait category=slow -trait- a=b", "-trait- a=b")]
    [InlineData("--filter-trait category=slow --explicit on --ignore-exit-code 8", "-trait category=slow -explicit on")]
    [InlineData("-class *One", "-class *One")]
    public void Arguments_of_the_platform_become_those_of_the_runner(string given, string expected) =>
        Assert.Equal(expected.Split(' '), TestProgram.InWordsOfRunner(given.Split(' ')));
}
