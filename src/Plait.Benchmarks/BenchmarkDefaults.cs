using System.Globalization;
using Plait.Training;

namespace Plait.Benchmarks;

/// <summary>The settings with which a first training of a benchmark makes sense on two CPU cores.</summary>
/// <param name="Encoder">The encoder, as <see cref="Catalogue.MethodCatalog"/> reads it: "mlp:widths=256-64,dropout=0.25".</param>
/// <param name="BatchSize">Rows a batch; where tasks bring their own rows, rows a task.</param>
/// <param name="Epochs">The most passes over the training part.</param>
/// <param name="LearningRate">Of Adam.</param>
/// <param name="Patience">Epochs without a better validation result after which a training stops.</param>
public sealed record BenchmarkDefaults(string Encoder, int BatchSize, int Epochs, double LearningRate, int Patience)
{
    /// <summary>The settings as a specification: what <c>plait compare</c> begins with. The epoch that is best by the primary metrics is kept.</summary>
    public RunSpecification ToRun() =>
        new()
        {
            Encoder = Encoder,
            Optimizer = string.Create(CultureInfo.InvariantCulture, $"adam:learning-rate={LearningRate}"),
            Epochs = Epochs,
            BatchSize = BatchSize,
            Patience = Patience,
            Selection = "metric",
        };
}
