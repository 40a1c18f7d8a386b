using System.Reflection;
using CsCheck;
using Plait.Testing;
using Xunit.v3;

[assembly: SeedPerTest]
[assembly: Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace Plait.Testing;

/// <summary>
/// Seeds torch's one generator and CsCheck's before each test, so that what a test draws depends neither on the run nor on the tests before it.
/// </summary>
/// <remarks>
/// Hence the tests of a project come one after the other, while the projects run side by side. TorchSharp wants that too: a number that is
/// given to an operation may be freed by the finaliser while native code reads it, if another thread's allocation starts a collection.
/// The environment variable <c>PLAIT_TEST_SEED</c> (an integer; 0 unless given) has all tests draw something else.
/// </remarks>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class SeedPerTestAttribute : BeforeAfterTestAttribute
{
    private static readonly long Seed = long.Parse(Environment.GetEnvironmentVariable("PLAIT_TEST_SEED") ?? "0", null);

    /// <summary>The generator of the thread that samples: CsCheck can be told a first seed and not the ones that follow.</summary>
    private static readonly FieldInfo SamplesOfThread =
        typeof(PCG).GetField("threadPCG", BindingFlags.NonPublic | BindingFlags.Static)
        ?? throw new MissingFieldException("CsCheck keeps its generator elsewhere now: seed it there.");

    static SeedPerTestAttribute() => Check.Threads = 1;

    public override void Before(MethodInfo methodUnderTest, IXunitTest test)
    {
        Tell(test.TestCase.TestClassName);
        torch.manual_seed(Seed);
        SamplesOfThread.SetValue(null, new PCG(stream: 1, (ulong)Seed));
    }

    public override void After(MethodInfo methodUnderTest, IXunitTest test) => Tell(null);

    /// <summary>Tells the mutants of <c>bench/Plait.Mutation</c>, where the tests run with them, which class they are seen by.</summary>
    private static void Tell(string? testClass) =>
        (AppContext.GetData("Plait.Mutation.Testing") as Action<string?>)?.Invoke(testClass);
}
