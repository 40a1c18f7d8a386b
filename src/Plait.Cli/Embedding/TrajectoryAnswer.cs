using System.Globalization;
using System.Text.Json;
using Plait.Benchmarks.Episodes;
using Plait.Relationships.Embedding.Studies;

namespace Plait.Cli.Embedding;

/// <summary>What trajectory embeddings came to in an environment.</summary>
/// <param name="Environment">Its name.</param>
/// <param name="Tasks">How many new tasks were embedded.</param>
/// <param name="Returns">Their mean return: without an embedding, with the first one, and after each update.</param>
/// <param name="RankCorrelation">Of distances between embeddings with those between tasks; null where all are the same.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Files">The embeddings and the network.</param>
internal sealed record TrajectoryAnswer(
    string Environment,
    int Tasks,
    IReadOnlyList<double> Returns,
    double? RankCorrelation,
    double Seconds,
    EmbeddingFiles Files
)
{
    public static TrajectoryAnswer Of(
        EpisodicFamily family,
        TrajectoryOutcome outcome,
        TimeSpan time,
        EmbeddingFolder folder
    ) =>
        new(
            family.Name,
            outcome.Embeddings.Count,
            outcome.Returns,
            double.IsFinite(outcome.RankCorrelation) ? outcome.RankCorrelation : null,
            time.TotalSeconds,
            EmbeddingFiles.Of(folder)
        );

    /// <summary>Prints it.</summary>
    public void Show(TextWriter output, bool json)
    {
        if (json)
        {
            output.WriteLine(JsonSerializer.Serialize(this, JsonSerializerOptions.Web));
            return;
        }

        output.WriteLine($"Tasks:   {Tasks} new ones of {Environment}");
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Returns: {Returns[0]:0.00} without an embedding, {Returns[1]:0.00} with the first one, {Returns[^1]:0.00} after {(Returns.Count == 3 ? "an update" : $"{Returns.Count - 2} updates")}"
            )
        );
        output.WriteLine(
            RankCorrelation is { } correlation
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"Order:   rank correlation {correlation:0.00} of distances between embeddings with those between tasks; 0 by chance"
                )
                : "Order:   all embeddings are the same"
        );
        Files.Show(output);
    }
}
