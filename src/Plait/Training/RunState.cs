using System.Text.Json;
using System.Text.Json.Serialization;

namespace Plait.Training;

/// <summary>Where a run stands, beside the tensors: what a checkpoint holds as text.</summary>
internal sealed class RunState
{
    private static readonly JsonSerializerOptions Json = new()
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public long Step { get; set; }
    public int Epoch { get; set; }
    public int StepInEpoch { get; set; }
    public required long[] Places { get; init; }
    public required double[] LossSums { get; init; }
    public required double[] WeightSums { get; init; }
    public required long[] LossCounts { get; init; }
    public double BestScore { get; set; } = double.NaN;
    public int BestEpoch { get; set; } = -1;
    public int Skipped { get; set; }
    public int SkippedInARow { get; set; }
    public bool StoppedEarly { get; set; }
    public double EpochSeconds { get; set; }
    public double Seconds { get; set; }
    public List<EpochRecord> History { get; init; } = [];
    public List<GradientRecord> Gradients { get; init; } = [];

    public static RunState Start(int tasks) =>
        new()
        {
            Places = new long[tasks],
            LossSums = new double[tasks],
            WeightSums = new double[tasks],
            LossCounts = new long[tasks],
        };

    public string Write() => JsonSerializer.Serialize(this, Json);

    /// <exception cref="InvalidDataException">The text is not a run's state.</exception>
    public static RunState Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<RunState>(text, Json)
                ?? throw new InvalidDataException("The checkpoint holds no run.");
        }
        catch (JsonException failure)
        {
            throw new InvalidDataException($"The checkpoint's run cannot be read: {failure.Message}", failure);
        }
    }
}
