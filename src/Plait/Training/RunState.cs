using System.Text.Json;
using System.Text.Json.Serialization;
using Plait.Optimization;
using Plait.Tasks;

namespace Plait.Training;

/// <summary>Where a run stands, beside the tensors: what a checkpoint holds as text.</summary>
internal sealed class RunState
{
    public long Step { get; set; }
    public int Epoch { get; set; }
    public int StepInEpoch { get; set; }
    public required double[] LossSums { get; init; }
    public required double[] WeightSums { get; init; }
    public required long[] LossCounts { get; init; }
    public double BestScore { get; set; } = double.NaN;
    public int BestEpoch { get; set; } = -1;
    public int Skipped { get; set; }
    public int SkippedInARow { get; set; }
    public int SkippedInEpoch { get; set; }
    public SkippedStep? LastSkipped { get; set; }
    public bool StoppedEarly { get; set; }
    public double EpochSeconds { get; set; }
    public double Seconds { get; set; }
    public List<EpochRecord> History { get; init; } = [];
    public List<GradientRecord> Gradients { get; init; } = [];

    public static RunState Start(int tasks) =>
        new()
        {
            LossSums = new double[tasks],
            WeightSums = new double[tasks],
            LossCounts = new long[tasks],
        };

    /// <summary>Adds the losses and weights of a step to those of the epoch.</summary>
    public void Count(TaskGradients gradients)
    {
        for (var i = 0; i < gradients.Count; i++)
        {
            var task = gradients.Losses.Tasks.Indices[i];
            LossSums[task] += gradients.Losses.Numbers[i];
            WeightSums[task] += gradients.Weights[i];
            LossCounts[task]++;
        }
    }

    /// <summary>The means of one of the epoch's sums, for each task; NaN for one without a step.</summary>
    public double[] Means(double[] sums) =>
        [.. sums.Select((sum, task) => LossCounts[task] == 0 ? double.NaN : sum / LossCounts[task])];

    /// <summary>Begins the sums of another epoch.</summary>
    public void ForgetCounts()
    {
        Array.Clear(LossSums);
        Array.Clear(WeightSums);
        Array.Clear(LossCounts);
    }

    public string Write(TaskSet tasks) => JsonSerializer.Serialize(this, Json(tasks));

    /// <exception cref="InvalidDataException">The text is not the state of a run of these tasks.</exception>
    public static RunState Read(string text, TaskSet tasks)
    {
        try
        {
            return JsonSerializer.Deserialize<RunState>(text, Json(tasks))
                ?? throw new InvalidDataException("The checkpoint holds no run.");
        }
        catch (Exception failure) when (failure is JsonException or ArgumentException)
        {
            throw new InvalidDataException($"The checkpoint's run cannot be read: {failure.Message}", failure);
        }
    }

    private static JsonSerializerOptions Json(TaskSet tasks) =>
        new()
        {
            NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
            Converters = { new MetricsConverter(tasks) },
        };

    private sealed class MetricsConverter(TaskSet tasks) : JsonConverter<TaskMetrics>
    {
        public override TaskMetrics Read(
            ref Utf8JsonReader reader,
            Type typeToConvert,
            JsonSerializerOptions options
        ) => new(tasks, JsonSerializer.Deserialize<double[][]>(ref reader, options)!);

        public override void Write(Utf8JsonWriter writer, TaskMetrics value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(
                writer,
                Enumerable.Range(0, tasks.Count).Select(task => value.Of(task).ToArray()),
                options
            );
    }
}

/// <summary>Why a step was skipped.</summary>
/// <param name="Task">The task to blame, or null.</param>
/// <param name="What">What was not finite.</param>
/// <param name="Message">The same in a sentence.</param>
internal sealed record SkippedStep(string? Task, string What, string Message)
{
    /// <summary>Ends a training that such steps keep from learning.</summary>
    /// <param name="steps">A sentence that says how many.</param>
    public NonFiniteException Failure(string steps) =>
        new(Task, What, $"{steps} {Message} {NonFiniteException.Remedy}");
}
