using System.Globalization;

namespace Plait.Mutation;

/// <summary>What the command line says.</summary>
internal sealed record Options
{
    public const string Usage = """
        Changes one thing after the other in src/Plait and sees whether a test of tests/Plait.Tests fails.

          dotnet run --project bench/Plait.Mutation -c Release -- [options]

          --folder NAME    a folder or a file below src/Plait, such as Numerics or Training/Descent.cs; may be given several times
                           (Numerics, Optimization, Tasks and Training unless given)
          --sample N       how many mutants to try, as many of each folder; all unless given
          --seed S         decides which, 1 unless given
          --tests CLASS    test classes that are asked, such as 'Plait.Tests.Numerics.*'; may be given several times (all unless given)
          --only ID,ID     tries these of the sample alone, by the numbers of an earlier run
          --last-survey    takes the times of the tests, and which mutants they come to, from the last run, of the same sample and classes
          --list           prints the mutants of the sample and tries none
          --output FILE    where the table goes as Markdown, beside the terminal
        """;

    private static readonly string[] Usual = ["Numerics", "Optimization", "Tasks", "Training"];

    /// <summary>Folders and files below src/Plait.</summary>
    public IReadOnlyList<string> Folders { get; private init; } = Usual;

    /// <summary>How many mutants to try; null for all.</summary>
    public int? Sample { get; private init; }

    /// <summary>Decides which.</summary>
    public int Seed { get; private init; } = 1;

    /// <summary>The test classes that are asked, with * at the ends; empty for all.</summary>
    public IReadOnlyList<string> Tests { get; private init; } = [];

    /// <summary>The mutants of the sample to try; empty for all.</summary>
    public IReadOnlySet<int> Only { get; private init; } = new HashSet<int>();

    /// <summary>Whether the survey of the last run is taken.</summary>
    public bool TakesLastSurvey { get; private init; }

    /// <summary>Whether to try none.</summary>
    public bool ListsOnly { get; private init; }

    /// <summary>Where the report goes; null for the terminal alone.</summary>
    public string? Output { get; private init; }

    /// <summary>Reads the command line.</summary>
    /// <exception cref="FormatException">It says something else.</exception>
    public static Options Parse(string[] arguments)
    {
        var (options, folders, tests) = (new Options(), new List<string>(), new List<string>());
        for (var i = 0; i < arguments.Length; i++)
        {
            options = arguments[i] switch
            {
                "--folder" => options with { Folders = AddTo(folders, Next(ref i)) },
                "--tests" => options with { Tests = AddTo(tests, Next(ref i)) },
                "--sample" => options with { Sample = Number(Next(ref i)) },
                "--seed" => options with { Seed = Number(Next(ref i)) },
                "--only" => options with { Only = Next(ref i).Split(',').Select(Number).ToHashSet() },
                "--last-survey" => options with { TakesLastSurvey = true },
                "--list" => options with { ListsOnly = true },
                "--output" => options with { Output = Next(ref i) },
                _ => throw new FormatException($"There is no option '{arguments[i]}'."),
            };
        }

        return options;

        string Next(ref int at) =>
            ++at < arguments.Length
                ? arguments[at]
                : throw new FormatException($"'{arguments[at - 1]}' wants something after it.");
    }

    private static List<string> AddTo(List<string> names, string name)
    {
        names.Add(name.Trim('/'));
        return names;
    }

    private static int Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException($"A whole number from 0 was expected; got '{text}'.");
}
