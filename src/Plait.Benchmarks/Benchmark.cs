using Plait.Catalogue;
using Plait.Data;
using Plait.Data.Augmentation;
using Plait.Jobs;
using Plait.Tasks;

namespace Plait.Benchmarks;

/// <summary>A public data set with its tasks, its division into parts and the settings to start from.</summary>
public abstract class Benchmark
{
    /// <summary>The name on the command line: lower case, hyphenated.</summary>
    public abstract string Name { get; }

    /// <summary>The name in a headline.</summary>
    public abstract string Title { get; }

    /// <summary>What it is, in one sentence.</summary>
    public abstract string Summary { get; }

    /// <summary>The licence of the data.</summary>
    public abstract string Licence { get; }

    /// <summary>What a paper that uses the data cites.</summary>
    public abstract string Citation { get; }

    /// <summary>The tasks, in the order of the targets.</summary>
    public abstract TaskSet Tasks { get; }

    /// <summary>Which tasks look at the same rows: all, unless the benchmark says otherwise.</summary>
    public virtual RowStreams Streams => RowStreams.Shared(Tasks);

    /// <summary>The settings to start from.</summary>
    public abstract BenchmarkDefaults Defaults { get; }

    /// <summary>The ways to divide the data into parts; the first is the default.</summary>
    public virtual IReadOnlyList<string> SplitNames { get; } = ["standard"];

    /// <summary>Whether networks of this library can be trained on it yet; where not, <see cref="Load"/> says why.</summary>
    public virtual bool IsTrainable => true;

    /// <summary>Whether the library carries the data, or makes it; where not, it is read from a folder.</summary>
    public virtual bool IsEmbedded => true;

    /// <summary>
    /// How the targets of each task follow when an image is cropped, enlarged or mirrored; null where its rows are no images, or their
    /// targets would no longer be true, as those of mirrored digits.
    /// </summary>
    public virtual IReadOnlyList<TargetGeometry>? Geometry => null;

    /// <summary>Whether its rows are colour images from 0 to 1, which weights that were trained on ImageNet want normalised.</summary>
    public virtual bool HasPlainImages => false;

    /// <summary>What the protocol does to training images; null for nothing.</summary>
    public virtual ImageAugmentation? Augmentation => null;

    /// <summary>Reads the data and divides it.</summary>
    /// <param name="options">Where from and how; null for the embedded data, the default split and seed 0.</param>
    /// <returns>The caller's to dispose.</returns>
    /// <exception cref="ArgumentException">There is no such split.</exception>
    /// <exception cref="FileNotFoundException">A file is not in the data directory.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such data directory.</exception>
    /// <exception cref="InvalidDataException">A file is not what it should be.</exception>
    /// <exception cref="NotSupportedException">The benchmark cannot be trained on yet.</exception>
    public DataParts Load(BenchmarkOptions? options = null)
    {
        options ??= new BenchmarkOptions();
        using var scope = torch.NewDisposeScope();
        return Read(options with { Split = SplitOf(options) });
    }

    /// <summary>Divides the data and reads it into memory where it fits; else its rows are read when a batch asks for them.</summary>
    /// <param name="options">As for <see cref="Load"/>.</param>
    /// <param name="rowByRow">Leaves the rows where they are even if they would fit.</param>
    /// <param name="processes">How many processes share the machine's memory, each with data of its own.</param>
    /// <returns>The caller's to dispose.</returns>
    /// <exception cref="NotSupportedException">The benchmark cannot be trained on yet, or its rows cannot be read one by one, and are to be.</exception>
    /// <remarks>It throws what <see cref="Load"/> throws.</remarks>
    public virtual IDataParts LoadOrOpen(BenchmarkOptions? options = null, bool rowByRow = false, int processes = 1) =>
        rowByRow
            ? throw new NotSupportedException(
                $"'{Name}' is always read into memory; only data sets of single files in a folder are read row by row."
            )
            : Load(options);

    /// <summary>The split that is asked for, or the default.</summary>
    /// <exception cref="ArgumentException">There is no such split.</exception>
    private protected string SplitOf(BenchmarkOptions options)
    {
        var split = options.Split ?? SplitNames[0];
        return SplitNames.Contains(split)
            ? split
            : throw new ArgumentException(
                $"'{Name}' has no split '{split}'{NameSuggestion.Hint(split, SplitNames)}; choose from {string.Join(", ", SplitNames)}.",
                nameof(options)
            );
    }

    /// <summary>Reads the data and divides it; tensors that are left over die when it returns.</summary>
    /// <param name="options">The options, with one of <see cref="SplitNames"/> as split.</param>
    protected abstract DataParts Read(BenchmarkOptions options);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
