using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Plait.Mutation;

/// <summary>The built tests, beside a library with mutants.</summary>
internal sealed class TestProgram
{
    private const string Tests = "Plait.Tests";
    private const double Patience = 5; // times what the classes take without a mutant
    private static readonly TimeSpan Start = TimeSpan.FromSeconds(10); // of processor time, as all here: others may be busy
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Asleep = TimeSpan.FromMinutes(10); // a program that waits for itself takes no processor time

    private readonly string folder;

    /// <summary>Copies the tests, so that what was built stays as it is.</summary>
    /// <param name="built">The folder that the tests were built to.</param>
    public TestProgram(string built)
    {
        folder = Path.Combine(built, "..", "mutants"); // in the checkout, where tests look for its files
        Directory.CreateDirectory(folder);
        foreach (var file in Directory.EnumerateFiles(built, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(folder, Path.GetRelativePath(built, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy, overwrite: true);
        }
    }

    /// <summary>The library that the tests run against.</summary>
    public string Library => Path.Combine(folder, "Plait.dll");

    /// <summary>The tests without a mutant: what each class takes, and which mutants it comes to.</summary>
    /// <param name="classes">Their names, with * at the ends; none for all.</param>
    /// <param name="takesLast">Whether the last survey is taken as it is, which was of the same sample and classes.</param>
    /// <exception cref="InvalidOperationException">A test fails.</exception>
    public IReadOnlyList<TestClass> Survey(IReadOnlyList<string> classes, bool takesLast)
    {
        var survey = Path.GetFullPath(Path.Combine(folder, "survey.txt"));
        if (takesLast && File.Exists(survey))
        {
            return [.. File.ReadLines(survey).Select(TestClass.Parse)];
        }

        var (code, output) = Run(TimeSpan.FromHours(2), Of(classes), new() { [Switches.SurveyVariable] = survey });
        return code == 0
            ? [.. File.ReadLines(survey).Select(TestClass.Parse)]
            : throw new InvalidOperationException($"The tests fail without a mutant:\n{output}");
    }

    /// <summary>Runs some classes with a mutant.</summary>
    public Outcome Try(Mutant mutant, IReadOnlyList<TestClass> classes)
    {
        var limit = Start + (Patience * classes.Aggregate(TimeSpan.Zero, (sum, one) => sum + one.Time));
        var id = mutant.Id.ToString(CultureInfo.InvariantCulture);
        var (code, _) = Run(limit, Of(classes.Select(one => one.Name)), new() { [Switches.ActiveVariable] = id });
        return code switch
        {
            0 => Outcome.Survived,
            null => Outcome.TimedOut,
            _ => Outcome.Killed,
        };
    }

    private static IEnumerable<string> Of(IEnumerable<string> classes) =>
        ["-stopOnFail", "-trait-", "category=slow", .. classes.SelectMany(name => new[] { "-class", name })];

    private static TimeSpan ProcessorTime(Process process)
    {
        try
        {
            return process.TotalProcessorTime;
        }
        catch (Exception ended) when (ended is InvalidOperationException or Win32Exception) // it has just ended
        {
            return TimeSpan.Zero;
        }
    }

    /// <summary>The exit code, null where it took longer than the limit, and what was printed.</summary>
    private (int? Code, string Output) Run(
        TimeSpan limit,
        IEnumerable<string> arguments,
        Dictionary<string, string> environment
    )
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments.Prepend(Path.Combine(folder, $"{Tests}.dll")).Append("-noColor"))
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        _ = process.StandardError.ReadToEndAsync();
        var clock = Stopwatch.StartNew();
        while (!process.WaitForExit(Look))
        {
            if (ProcessorTime(process) > limit || clock.Elapsed > limit + Asleep)
            {
                process.Kill(entireProcessTree: true);
                return (null, "");
            }
        }

        return (process.ExitCode, output.Result);
    }
}

/// <summary>A class of tests.</summary>
/// <param name="Name">Its full name.</param>
/// <param name="Time">The processor time that it takes without a mutant.</param>
/// <param name="Reached">The numbers of the mutants that it comes to.</param>
internal sealed record TestClass(string Name, TimeSpan Time, IReadOnlySet<int> Reached)
{
    /// <summary>Reads a line of the survey.</summary>
    public static TestClass Parse(string line)
    {
        var parts = line.Split('\t');
        return new(
            parts[0],
            TimeSpan.FromMilliseconds(Number(parts[1])),
            parts[2].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Number).ToHashSet()
        );
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}

/// <summary>What became of a mutant.</summary>
internal enum Outcome
{
    /// <summary>A test failed, or the program ended.</summary>
    Killed,

    /// <summary>The tests did not end.</summary>
    TimedOut,

    /// <summary>No test failed.</summary>
    Survived,

    /// <summary>No test came to it.</summary>
    Unreached,
}
