using System.Reflection;
using Plait.Tasks;

namespace Plait.Tests.Tasks;

public sealed class ChanceStreamsTests
{
    [Fact]
    public void No_two_uses_of_a_steps_chance_draw_the_same_numbers()
    {
        int[] streams =
        [
            .. typeof(ChanceStreams)
                .GetFields(BindingFlags.Public | BindingFlags.Static)
                .Select(field => (int)field.GetRawConstantValue()!),
        ];

        Assert.True(streams.Length >= 6);
        Assert.Distinct(streams);
    }
}
