using Plait.Faults.Host;
using Xunit.MicrosoftTestingPlatform;

namespace Plait.Faults;

/// <summary>The tests; or, started by one of them with <see cref="Host"/>, the training that is killed.</summary>
internal static class Program
{
    public const string Host = "host";

    public static async Task<int> Main(string[] args) =>
        args is [Host, var folder]
            ? TrainingHost.Run(folder)
            : await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
}
