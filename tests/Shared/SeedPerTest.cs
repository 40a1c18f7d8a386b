using System.Reflection;
using Plait.Testing;
using Xunit.v3;

[assembly: SeedPerTest]
[assembly: Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace Plait.Testing;

/// <summary>Seeds torch's one generator before each test, so that what a test draws depends neither on the run nor on the tests before it.</summary>
/// <remarks>
/// Hence the tests of a project come one after the other, while the projects run side by side. TorchSharp wants that too: a number that is
/// given to an operation may be freed by the finaliser while native code reads it, if another thread's allocation starts a collection.
/// </remarks>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class SeedPerTestAttribute : BeforeAfterTestAttribute
{
    private static readonly long Seed = long.Parse(Environment.GetEnvironmentVariable("PLAIT_TEST_SEED") ?? "0", null);

    public override void Before(MethodInfo methodUnderTest, IXunitTest test) => torch.manual_seed(Seed);
}
