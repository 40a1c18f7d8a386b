// Runs demonstrations of what papers claim and writes what was measured: bench/demonstrations/NAME.csv.
//
//     dotnet run --project bench/Plait.Demonstrations -c Release                        lists them
//     dotnet run --project bench/Plait.Demonstrations -c Release -- stop-and-go [SEEDS]  runs one, or `all`

using System.Globalization;
using Plait.Demonstrations;

const string Folder = "bench/demonstrations";
const string Pictures = "docs/optimization";

torch.set_num_threads(1);
if (args is [])
{
    foreach (var known in DemonstrationCatalog.All)
    {
        Console.WriteLine($"{known.Name, -24} {known.Claim}");
    }

    return 0;
}

Demonstration[] chosen = [.. DemonstrationCatalog.All.Where(known => args[0] == "all" || known.Name == args[0])];
var seeds = args.Length > 1 && int.TryParse(args[1], CultureInfo.InvariantCulture, out var count) ? count : 3;
if (chosen.Length == 0 || seeds < 1)
{
    Console.Error.WriteLine(
        $"There is no demonstration '{args[0]}', or the seeds are no number from 1. Without arguments they are listed."
    );
    return 2;
}

if (!Directory.Exists(Folder))
{
    Console.Error.WriteLine($"There is no folder {Folder} here: run this from the repository's root.");
    return 2;
}

foreach (var demonstration in chosen)
{
    Console.WriteLine(demonstration.Name);
    var results = new List<(int Seed, Observation Observation)>();
    for (var seed = 1; seed <= seeds; seed++)
    {
        results.AddRange(demonstration.Run(seed).Select(observation => (seed, observation)));
    }

    ResultFile.Write(Path.Combine(Folder, demonstration.Name + ".csv"), results);
    if (demonstration is IDrawn drawn)
    {
        File.WriteAllText(Path.Combine(Pictures, demonstration.Name + ".svg"), drawn.Picture + "\n");
    }

    foreach (var row in results.GroupBy(result => (result.Observation.Setting, result.Observation.Measure)))
    {
        var values = row.Select(result => result.Observation.Value).ToList();
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"  {row.Key.Setting, -40} {row.Key.Measure, -36} {values.Average(), 10:G4}   {string.Join(' ', values.Select(value => value.ToString("G4", CultureInfo.InvariantCulture)))}"
            )
        );
    }
}

return 0;
