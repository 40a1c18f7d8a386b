using System.Globalization;
using Plait.Tabular;
using Plait.Tabular.Models;
using Plait.Training;

namespace Plait.Relationships.Tests.Plans;

/// <summary>A table whose targets are of two families: those of one are functions of one hidden feature of the columns.</summary>
internal sealed class FamilyTable : IDisposable
{
    private const int Inputs = 6;
    private const int TargetsEach = 3;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("plait-analysis-");

    public FamilyTable(int seed, int rows = 500)
    {
        var random = new Random(seed);
        using var writer = new StreamWriter(Path);
        writer.WriteLine(string.Join(',', Columns("x", Inputs).Concat(Names)));
        var directions = new double[2, Inputs];
        for (var i = 0; i < directions.Length; i++)
        {
            directions[i / Inputs, i % Inputs] = Normal(random);
        }

        for (var row = 0; row < rows; row++)
        {
            var inputs = Enumerable.Range(0, Inputs).Select(_ => Normal(random)).ToArray();
            var hidden = Enumerable
                .Range(0, 2)
                .Select(family => Math.Sin(inputs.Select((x, i) => x * directions[family, i]).Sum()))
                .ToArray();
            var targets = Enumerable
                .Range(0, 2 * TargetsEach)
                .Select(target => (target < 2 ? 1 : -1) * hidden[target % 2] + (0.2 * Normal(random)));
            writer.WriteLine(
                string.Join(',', inputs.Concat(targets).Select(x => x.ToString("F4", CultureInfo.InvariantCulture)))
            );
        }
    }

    public static IReadOnlyList<string> Names { get; } = [.. Columns("t", 2 * TargetsEach)];

    /// <summary>For each target, the number of its family.</summary>
    public static IReadOnlyList<int> Families { get; } = [.. Enumerable.Range(0, 2 * TargetsEach).Select(i => i % 2)];

    /// <summary>Short trainings, which suffice to tell the families.</summary>
    public static RunSpecification Settings { get; } =
        new()
        {
            Encoder = "mlp:widths=24",
            Optimizer = "adam:learning-rate=0.01",
            Epochs = 25,
            BatchSize = 64,
            GradientRecordInterval = 0,
        };

    public string Folder => folder.FullName;

    public TableSource Source =>
        new() { Table = Path, Targets = [.. Names.Select(name => new TargetSpecification(name))] };

    private string Path => System.IO.Path.Combine(folder.FullName, "families.csv");

    public void Dispose() => folder.Delete(recursive: true);

    private static IEnumerable<string> Columns(string letter, int count) =>
        Enumerable.Range(0, count).Select(i => $"{letter}{i}");

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
