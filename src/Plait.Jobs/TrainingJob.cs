using System.Text.Json;
using Plait.Networks.Encoders;
using Plait.Training;

namespace Plait.Jobs;

/// <summary>One training, described as data, so that any process can run it.</summary>
public sealed record TrainingJob
{
    private static readonly JsonSerializerOptions Json = StoredJson.Plan(indented: false);

    /// <summary>The data.</summary>
    public required DataSource Data { get; init; }

    /// <summary>The tasks to train, by name; null for all. A row without a target for any of them is left out.</summary>
    public IReadOnlyList<string>? Tasks { get; init; }

    /// <summary>
    /// The folders of kept networks; where there are any, what they make of a row takes the place of the row: their features, one
    /// after the other.
    /// </summary>
    public IReadOnlyList<string> Sources { get; init; } = [];

    /// <summary>
    /// The folders of kept networks of single tasks that the network starts from, one for each task; empty while they are not trained yet,
    /// null where it starts from nothing of the kind.
    /// </summary>
    public IReadOnlyList<string>? StartsFrom { get; init; }

    /// <summary>
    /// The folder of a kept network that this one goes on from: it has what that one learned, which stays as it is, and <see cref="Tasks"/>
    /// are the further ones, which alone are trained. Null where the network is a new one. See <see cref="FurtherTasks"/>.
    /// </summary>
    public string? GoesOnFrom { get; init; }

    /// <summary>
    /// Of a kept network that gained tasks after others: its tasks in the order and the groups in which it learned them. Null where it
    /// learned all at once.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<string>>? TasksByStage { get; init; }

    /// <summary>How many rows of the training part are learned from, at most; null for all.</summary>
    public int? TrainingRows { get; init; }

    /// <summary>What happens to the images of the training part, as <see cref="AugmentationSpecification"/> reads it; null for nothing.</summary>
    public string? Augmentation { get; init; }

    /// <summary>Whether the trained network is kept in the run's folder.</summary>
    public bool KeepsNetwork { get; init; }

    /// <summary>Whether the loss of each row of the validation and of the test part is kept in the run's folder; for a training of one task.</summary>
    public bool KeepsRowLosses { get; init; }

    /// <summary>How many rows of the test part the network's answers are kept of in the run's folder, for tasks of one answer a pixel.</summary>
    public int KeepsAnswers { get; init; }

    /// <summary>The network and the recipe. Its seed also divides the rows.</summary>
    public required RunSpecification Run { get; init; }

    /// <summary>Goes as far as the training's first step, so that data, or parts of the recipe, that do not suit it are known before.</summary>
    /// <param name="data">The data of <see cref="Data"/>.</param>
    /// <returns>What a person should know of the network, a sentence each.</returns>
    /// <exception cref="FormatException">There is no such augmentation or method.</exception>
    /// <exception cref="ArgumentException">The images, or the targets, are not what the augmentation needs, or a method does not fit the tasks.</exception>
    /// <exception cref="InvalidOperationException">A method needs a place that the network does not have.</exception>
    /// <exception cref="NotSupportedException">Targets of this data cannot follow what happens to images.</exception>
    public IReadOnlyList<string> Check(IDataParts data)
    {
        ArgumentNullException.ThrowIfNull(data);
        using var some = Tasks is null ? null : data.Train.SelectTasks(Tasks);
        using var source = JobParts.TrainingBatches(some ?? data.Train, this);
        source.Read(source.Tasks.All, new long[source.Tasks.Count]).Dispose();
        using var network =
            FurtherTasks.Of(this, data)?.Network ?? WithImages().Run.CreateNetwork(source.Tasks, data.InputSpec);
        if (StartsFrom is not null)
        {
            JobStart.Rehearse(network, this, data.InputSpec);
        }

        using var teachers = SavedTeachers.Load(Run, data);
        new Trainer(network, Run.CreateRecipe(teachers)).Check(source);
        return network.Notices;
    }

    /// <summary>
    /// The job with what happens to images decided: where nothing is said, plain images are normalised for weights that were trained on
    /// ImageNet.
    /// </summary>
    /// <exception cref="InvalidDataException">The file of weights is damaged.</exception>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    internal TrainingJob WithImages() =>
        Run is { Images: null, EncoderWeights: { } weights }
        && Sources.Count == 0
        && Data.HasPlainImages
        && EncoderWeights.AreOfImageNet(weights)
            ? this with
            {
                Run = Run with { Images = ImageNormalisation.ImageNetName },
            }
            : this;

    /// <summary>The job as JSON, in one line.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="FormatException">The text is not a job.</exception>
    public static TrainingJob FromJson(string json) => StoredJson.Read<TrainingJob>(json, Json, "a training");
}

/// <summary>What a training came to, measured on the test part.</summary>
/// <param name="Metrics">Every metric of every task, on the test part.</param>
/// <param name="Parameters">Trainable numbers of the network.</param>
/// <param name="Seconds">How long the training took, loading and testing left out.</param>
/// <param name="BestEpoch">The epoch that was kept, from 0.</param>
/// <param name="Epochs">Epochs trained.</param>
/// <param name="SkippedSteps">Steps skipped because something was not finite.</param>
public sealed record JobResult(
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, double?>> Metrics,
    long Parameters,
    double Seconds,
    int BestEpoch,
    int Epochs,
    int SkippedSteps
)
{
    /// <summary>The mean loss of each task on the test part.</summary>
    public IReadOnlyDictionary<string, double> Losses { get; init; } = new Dictionary<string, double>();

    /// <summary>The mean loss of each task on the validation part.</summary>
    public IReadOnlyDictionary<string, double> ValidationLosses { get; init; } = new Dictionary<string, double>();

    /// <summary>The mean training loss of each task in each epoch.</summary>
    public IReadOnlyDictionary<string, double[]> TrainingLosses { get; init; } = new Dictionary<string, double[]>();

    /// <summary>For each callback that measures pairs of tasks, as the job names it, what it measured, row by row, the affected task's row.</summary>
    public IReadOnlyDictionary<string, double[]> Affinities { get; init; } = new Dictionary<string, double[]>();
}
