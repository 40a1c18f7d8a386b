using Plait.Catalogue;
using Plait.Faults.Host;
using Plait.Faults.Recipes;
using Plait.Relationships.Grouping;
using Xunit.MicrosoftTestingPlatform;

namespace Plait.Faults;

/// <summary>The tests; or, started by one of them, the training that is killed, or the draw of recipes.</summary>
internal static class Program
{
    public const string Host = "host";
    public const string Draw = "draw";

    public static async Task<int> Main(string[] args)
    {
        MethodCatalog.Add(typeof(AffinityCallback).Assembly);
        return args switch
        {
            [Host, var folder] => TrainingHost.Run(folder),
            [Draw, var seed] => DrawingHost.Run(int.Parse(seed, null)),
            _ => await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions),
        };
    }
}
