using System.Reflection;
using Plait.Testing;
using Xunit.v3;

[assembly: SeedPerTest]

namespace Plait.Testing;

/// <summary>Seeds torch's one generator before each test, so that what a test draws depends neither on the run nor on the tests before it.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class SeedPerTestAttribute : BeforeAfterTestAttribute
{
    private static readonly long Seed = long.Parse(Environment.GetEnvironmentVariable("PLAIT_TEST_SEED") ?? "0", null);

    public override void Before(MethodInfo methodUnderTest, IXunitTest test) => torch.manual_seed(Seed);
}
