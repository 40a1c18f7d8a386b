using Plait.Catalogue;
using Plait.Jobs.Workers;
using Plait.Testing;

[assembly: PlaitMethods]

namespace Plait.Jobs.Tests;

/// <summary>Runs the tests, or serves them as a worker, as a user's own program does.</summary>
internal static class Program
{
    /// <summary>The argument that makes it a worker.</summary>
    public const string Serve = "serve-trainings";

    /// <summary>This program as a worker.</summary>
    public static WorkerProgram Worker { get; } =
        WorkerProgram.Current with
        {
            Arguments = [.. WorkerProgram.Current.Arguments.SkipLast(1), Serve],
        };

    private static async Task<int> Main(string[] args)
    {
        if (args is not [Serve, ..])
        {
            return TestProgram.Main(args);
        }

        return await WorkerServer.RunAsync(Console.In, Console.Out, WorkerProgram.ProcessesIn(args)) ? 0 : 1;
    }
}
