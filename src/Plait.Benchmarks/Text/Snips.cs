using Plait.Jobs;
using Plait.Tasks;
using Plait.Tasks.Answers;

namespace Plait.Benchmarks.Text;

/// <summary>What a spoken command asks for, and which of its words say what: data for text models, which are not there yet.</summary>
/// <remarks>Coucke et al. 2018. The utterances are read by <see cref="SnipsReader"/>.</remarks>
public sealed class Snips : Benchmark
{
    private const int Intents = 7;
    private const int Tags = 72;

    /// <inheritdoc/>
    public override string Name => "snips";

    /// <inheritdoc/>
    public override string Title => "Snips";

    /// <inheritdoc/>
    public override string Summary => "Intent and slots of 14,484 spoken commands; a reader only.";

    /// <inheritdoc/>
    public override string Licence => "CC0 1.0";

    /// <inheritdoc/>
    public override string Citation =>
        "Coucke et al. 2018, Snips Voice Platform (arXiv 1805.10190); parts of Goo et al. 2018, Slot-Gated Modeling, NAACL";

    /// <summary>The intent of an utterance, and the slot tag of each of its words.</summary>
    public override TaskSet Tasks { get; } =
        new(LearningTask.Classification("intent", Intents), LearningTask.Classification("slots", Tags));

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">Always: there is no encoder to name.</exception>
    public override BenchmarkDefaults Defaults => throw NotYet();

    /// <inheritdoc/>
    public override bool IsTrainable => false;

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">Always.</exception>
    protected override DataParts Read(BenchmarkOptions options) => throw NotYet();

    private static NotSupportedException NotYet() =>
        new(
            "'snips' has a reader only, SnipsReader, and cannot be trained on by its name; choose another benchmark (`plait data` lists them)."
        );
}
