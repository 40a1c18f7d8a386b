using System.Diagnostics;
using Plait.Mutation;

try
{
    if (args is ["--help" or "-h"])
    {
        Console.WriteLine(Options.Usage);
        return 0;
    }

    Run(Options.Parse(args));
    return 0;
}
catch (FormatException refused)
{
    Console.Error.WriteLine(refused.Message);
    Console.Error.WriteLine(Options.Usage);
    return 1;
}

static void Run(Options options)
{
    var root = FindRoot();
    var built = Path.Combine(root, "tests/Plait.Tests/bin/Release/net10.0");
    if (!File.Exists(Path.Combine(built, "Plait.Tests.dll")))
    {
        throw new FormatException("The tests are not built: dotnet build tests/Plait.Tests -c Release");
    }

    var code = new MutatedCode(root, built);
    var byFolder = options.Folders.Select(folder => (folder, code.Find(folder))).ToArray();
    var sample = Sample.Of(byFolder, options.Sample, options.Seed);
    Console.WriteLine($"{sample.Count} of {byFolder.Sum(one => one.Item2.Count)} mutants");
    if (options.ListsOnly)
    {
        Print(sample.Select(one => $"{one.Mutant.Id} {one.Mutant.File}:{one.Mutant.Line} {one.Mutant.Change}"));
        return;
    }

    var tests = new TestProgram(built);
    var compiled = code.Compile([.. sample.Select(one => one.Mutant)], tests.Library).Select(one => one.Id).ToHashSet();
    Console.WriteLine($"{compiled.Count} of them compile");
    var clock = Stopwatch.StartNew();
    var trial = new Trial(tests, tests.Survey(options.Tests, options.TakesLastSurvey));
    Console.WriteLine($"the tests without a mutant: {clock.Elapsed.TotalSeconds:F0} s");
    var tried = new List<(string, Mutant, Outcome)>();
    foreach (var (folder, mutant) in sample.Where(one => compiled.Contains(one.Mutant.Id)))
    {
        if (options.Only.Count > 0 && !options.Only.Contains(mutant.Id))
        {
            continue;
        }

        var outcome = trial.Of(mutant);
        tried.Add((folder, mutant, outcome));
        Console.WriteLine(
            $"{clock.Elapsed.TotalSeconds, 6:F0} s {mutant.Id} {outcome} {mutant.File}:{mutant.Line} {mutant.Change}"
        );
    }

    var report = Report.Of(tried);
    Console.WriteLine(report);
    if (options.Output is { } output)
    {
        File.WriteAllText(output, report);
    }
}

static void Print(IEnumerable<string> lines)
{
    foreach (var line in lines)
    {
        Console.WriteLine(line);
    }
}

static string FindRoot()
{
    var folder = new DirectoryInfo(Environment.CurrentDirectory);
    while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Plait.slnx")))
    {
        folder = folder.Parent;
    }

    return folder?.FullName ?? throw new FormatException("Run it in a checkout of the repository.");
}
