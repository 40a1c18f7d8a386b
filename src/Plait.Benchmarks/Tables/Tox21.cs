using System.Globalization;
using Plait.Benchmarks.Reading;
using Plait.Data;
using Plait.Jobs;
using Plait.Tasks;
using Plait.Tasks.Answers;

namespace Plait.Benchmarks.Tables;

/// <summary>Which of twelve toxicity assays a molecule triggers, from its structure.</summary>
/// <remarks>
/// The data of the Tox21 challenge of 2014 as MoleculeNet (Wu et al. 2018) gathers it, duplicate molecules merged. The input is
/// the Morgan fingerprint of radius 2 folded to 1,024 bits (Rogers &amp; Hahn 2010), computed with RDKit. One label in six is missing.
/// The default split keeps molecules of one Bemis-Murcko scaffold together, as new chemistry comes in families: it is harder and
/// closer to use than a random one. Molecules without a ring are one such family, of 1,474.
/// </remarks>
public sealed class Tox21 : Benchmark
{
    /// <summary>Bits of a fingerprint.</summary>
    public const int Bits = 1024;

    private const string File = "tox21.csv";
    private const string Fingerprint = "ecfp4_1024_hex";
    private const string Scaffold = "scaffold";
    private const string ByScaffold = "scaffold";
    private const string AtRandom = "random";

    private static readonly string[] Assays =
    [
        "NR-AR",
        "NR-AR-LBD",
        "NR-AhR",
        "NR-Aromatase",
        "NR-ER",
        "NR-ER-LBD",
        "NR-PPAR-gamma",
        "SR-ARE",
        "SR-ATAD5",
        "SR-HSE",
        "SR-MMP",
        "SR-p53",
    ];

    private static readonly double[] Fractions = [0.7, 0.1, 0.2];

    /// <inheritdoc/>
    public override string Name => "tox21";

    /// <inheritdoc/>
    public override string Title => "Tox21";

    /// <inheritdoc/>
    public override string Summary =>
        "Twelve toxicity assays of 7,831 molecules from their fingerprints; 17% of the labels are missing.";

    /// <inheritdoc/>
    public override string Licence => "public domain (US government work); this compilation MIT (DeepChem)";

    /// <inheritdoc/>
    public override string Citation =>
        "Huang et al. 2016, Tox21Challenge, Frontiers in Environmental Science 3; Wu et al. 2018, MoleculeNet, Chemical Science 9";

    /// <inheritdoc/>
    public override TaskSet Tasks { get; } = new(Assays.Select(assay => LearningTask.Binary(assay)));

    /// <inheritdoc/>
    public override BenchmarkDefaults Defaults { get; } =
        new("mlp:widths=256-64,dropout=0.25", BatchSize: 128, Epochs: 12, LearningRate: 1e-3, Patience: 3);

    /// <inheritdoc/>
    public override IReadOnlyList<string> SplitNames { get; } = [ByScaffold, AtRandom];

    /// <inheritdoc/>
    protected override DataParts Read(BenchmarkOptions options)
    {
        var table = ReadTable(options);
        var bits = new float[table.Rows * Bits];
        for (var row = 0; row < table.Rows; row++)
        {
            Unpack(table, row, bits.AsSpan(row * Bits, Bits));
        }

        using var whole = TensorData.Shared(
            Tasks,
            torch.tensor(bits, [table.Rows, Bits]),
            [.. Assays.Select(assay => TaskTarget.FromRaw(torch.tensor(ReadAssay(table, assay))))]
        );
        return DataParts.Divide(whole, Divide(table, options));
    }

    internal static CsvColumns ReadTable(BenchmarkOptions options) =>
        CsvColumns.Read(new BenchmarkFiles("tox21", options.DataDirectory), File, [Fingerprint, Scaffold, .. Assays]);

    internal static IReadOnlyList<long[]> Divide(CsvColumns table, BenchmarkOptions options) =>
        options.Split == AtRandom
            ? Splits.Random(table.Rows, Fractions, options.Seed)
            : Splits.Grouped(table[Scaffold], Fractions, options.Seed);

    private static float[] ReadAssay(CsvColumns table, string assay)
    {
        var labels = table.Numbers(assay, missing: float.NaN);
        return Array.FindIndex(labels, label => label is not (0 or 1 or float.NaN)) is >= 0 and var wrong
            ? throw table.Fault(wrong, assay, "0, 1 or nothing")
            : labels;
    }

    /// <summary>Spreads a fingerprint: bit k is bit k % 8, from the lowest, of byte k / 8.</summary>
    private static void Unpack(CsvColumns table, int row, Span<float> bits)
    {
        var hex = table[Fingerprint][row];
        Span<byte> bytes = stackalloc byte[Bits / 8];
        if (
            hex.Length != Bits / 4
            || Convert.FromHexString(hex, bytes, out _, out _) != System.Buffers.OperationStatus.Done
        )
        {
            throw table.Fault(
                row,
                Fingerprint,
                string.Create(CultureInfo.InvariantCulture, $"{Bits / 4} hexadecimal digits")
            );
        }

        for (var bit = 0; bit < Bits; bit++)
        {
            bits[bit] = (bytes[bit / 8] >> (bit % 8)) & 1;
        }
    }
}
