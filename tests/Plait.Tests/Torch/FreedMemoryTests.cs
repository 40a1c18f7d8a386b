using System.Runtime.InteropServices;
using Plait.Torch;

namespace Plait.Tests.Torch;

[Collection("torch")]
public sealed class FreedMemoryTests
{
    /// <summary>The library refuses thresholds out of its range; what it gains is for a benchmark to show.</summary>
    [Fact]
    public void Glibc_takes_both_thresholds_and_others_are_left_alone() =>
        Assert.Equal(
            OperatingSystem.IsLinux()
                && !RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal),
            FreedMemory.Keep()
        );
}
