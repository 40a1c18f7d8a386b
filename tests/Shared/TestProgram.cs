using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace Plait.Testing;

/// <summary>Starts a project's tests: under Microsoft.Testing.Platform for <c>dotnet test</c>, under xunit's own runner for a person.</summary>
/// <remarks>
/// The project's start arguments leave out the trainings of minutes in the platform's words, and `dotnet run` passes them on before
/// what a person writes. xunit's runner does not know them, so they are put in its own: see <see cref="InWordsOfRunner"/>.
/// </remarks>
internal static class TestProgram
{
    /// <summary>Options of the platform that take one value, and what xunit's runner calls it; null for nothing that it knows.</summary>
    private static readonly Dictionary<string, string?> Words = new(StringComparer.Ordinal)
    {
        ["--filter-not-trait"] = "-trait-",
        ["--filter-trait"] = "-trait",
        ["--explicit"] = "-explicit",
        ["--ignore-exit-code"] = null,
    };

    private static readonly string[] Choices = ["-class", "-method", "-namespace", "-trait", "-filter", "-id"];

    internal static int Main(string[] args) =>
        args.Any(argument => argument is "--server" or "--internal-msbuild-node")
            ? TestPlatformTestFramework
                .RunAsync(args, TestExtensions.AddSelfRegisteredExtensions)
                .GetAwaiter()
                .GetResult()
            : ConsoleRunner.Run(InWordsOfRunner(args)).GetAwaiter().GetResult();

    /// <summary>The platform's options as those of xunit's runner; a person who chooses tests gets all of those, slow ones too.</summary>
    internal static string[] InWordsOfRunner(string[] args)
    {
        var (own, translated) = (new List<string>(), new List<string>());
        for (var i = 0; i < args.Length; i++)
        {
            if (!Words.TryGetValue(args[i], out var word) || i + 1 == args.Length)
            {
                own.Add(args[i]);
                continue;
            }

            i++; // each has one value
            if (word is not null)
            {
                translated.AddRange([word, args[i]]);
            }
        }

        var chooses = own.Exists(argument =>
            Array.Exists(Choices, choice => argument.TrimEnd('-').Equals(choice, StringComparison.OrdinalIgnoreCase))
        );
        return chooses ? [.. own] : [.. translated, .. own];
    }
}
