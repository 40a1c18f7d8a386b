using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Plait.Catalogue;
using Plait.Data;
using Plait.Networks;
using Plait.Networks.Encoders;
using Plait.Networks.Heads;
using Plait.Numerics;
using Plait.Optimization;
using Plait.Optimization.Distillation;
using Plait.Optimization.LossWeighting;
using Plait.Optimization.Regularization;
using Plait.Optimization.Scheduling;
using Plait.Tasks;
using Plait.Torch;

namespace Plait.Training;

/// <summary>A network and a recipe as text: what a command line says, a file keeps, and another process or machine can run.</summary>
/// <remarks>Each method is written as <see cref="MethodCatalog"/> reads it: "name" or "name:option=value,option=value".</remarks>
public sealed record RunSpecification
{
    private const int InitialisationStream = 1; // tells the seed of the initial parameters from the training's own

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>The architecture.</summary>
    [Setting("network", "The architecture.")]
    public string Network { get; init; } = "hps";

    /// <summary>The encoder that the architecture is built from.</summary>
    [Setting("encoder", "The encoder that networks are built from; `plait methods --kind encoder` lists them.")]
    public string Encoder { get; init; } = "mlp";

    /// <summary>A file of weights that the encoder, and every encoder made like it, starts from; null starts from random ones.</summary>
    [Setting(
        "encoder-weights",
        "Weights that encoders start from: a safetensors file or a PyTorch state dict of torchvision's residual networks.",
        ValueName = "FILE",
        IsPath = true
    )]
    public string? EncoderWeights { get; init; }

    /// <summary>
    /// What is done to images before they enter the encoder: "imagenet", which images from 0 to 1 need for weights that were trained on
    /// ImageNet, or "as-they-are". Null leaves them as they are too, unless whoever knows the data decides by the weights.
    /// </summary>
    [Setting(
        "images",
        "What is done to images before they enter the encoder: imagenet, which takes ImageNet's mean away and divides by its deviation, or as-they-are. By default what the file of --encoder-weights expects.",
        ValueName = "NAME"
    )]
    public string? Images { get; init; }

    /// <summary>What the heads of dense tasks are like; null for the architecture's own.</summary>
    [Setting(
        "head",
        "What the heads of tasks of one answer a pixel are like; `plait methods --kind head` lists them. Each architecture's own by default."
    )]
    public string? Head { get; init; }

    /// <summary>The loss weighting.</summary>
    [Setting("weighting", "The loss weighting.")]
    public string Weighting { get; init; } = "equal";

    /// <summary>The gradient aggregator.</summary>
    [Setting("aggregator", "The gradient aggregator.")]
    public string Aggregator { get; init; } = "sum";

    /// <summary>The task schedule.</summary>
    [Setting("schedule", "The task schedule: which tasks each step trains.")]
    public string Schedule { get; init; } = "joint";

    /// <summary>The regularizers.</summary>
    [Setting(
        "regularizer",
        "A penalty on the parameters, such as trace-norm:strength=0.01; none by default. Once for each."
    )]
    public IReadOnlyList<string> Regularizers { get; init; } = [];

    /// <summary>What the tasks' losses gain, such as "soft-targets:tau=4"; applied one after the other.</summary>
    [Setting("auxiliary", "A term that tasks' losses gain, such as amtfl or adversarial-gradients. Once for each.")]
    public IReadOnlyList<string> Auxiliaries { get; init; } = [];

    /// <summary>Whether one of <see cref="Auxiliaries"/> is a distillation, which needs <see cref="Teachers"/>.</summary>
    [JsonIgnore]
    public bool NeedsTeachers => Auxiliaries.Any(LearnsFromTeachers);

    /// <summary>The folders of the trained models that a distillation learns from.</summary>
    public IReadOnlyList<string> Teachers { get; init; } = [];

    /// <summary>What looks at the training, such as "tag:interval=10".</summary>
    [JsonPropertyName("observers")] // what stored runs call them
    public IReadOnlyList<string> Callbacks { get; init; } = [];

    /// <summary>The optimizer.</summary>
    [Setting("optimizer", "The optimizer, such as adamw:learning-rate=0.001.")]
    public string Optimizer { get; init; } = "adam";

    /// <summary>The learning rates of single groups of parameters, such as "encoder=0.1x" or "encoder=0"; see <see cref="GroupSetting"/>.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>How the learning rate changes: "constant" or "cosine".</summary>
    [Setting("learning-rate-schedule", "How the learning rate changes: constant or cosine.")]
    public string LearningRate { get; init; } = "constant";

    /// <summary>Passes over the training data, at most.</summary>
    [Setting("epochs", "Passes over the training rows, at most.", ValueName = "N")]
    public int Epochs { get; init; } = 20;

    /// <summary>Rows a step; where tasks bring their own rows, rows a task.</summary>
    [Setting("batch-size", "Rows a step.", ValueName = "N")]
    public int BatchSize { get; init; } = 128;

    /// <summary>Epochs without a better validation score before the training stops; null never stops early.</summary>
    [Setting(
        "patience",
        "Epochs without a better validation score before the training stops; 0 never stops early.",
        ValueName = "N",
        Least = 0,
        ZeroIsNone = true
    )]
    public int? Patience { get; init; }

    /// <summary>The largest norm of the whole gradient; null does not clip.</summary>
    [Setting("clip-norm", "The largest norm of the gradient; not clipped by default.", ValueName = "X")]
    public double? ClipNorm { get; init; }

    /// <summary>Batches that make one update; see <see cref="Recipe.AccumulatedBatches"/>.</summary>
    [Setting("accumulate", "Batches that make one update, as one batch of all their rows would.", ValueName = "N")]
    public int AccumulatedBatches { get; init; } = 1;

    /// <summary>Bytes that a Gramian's task gradients may take at once; see <see cref="Recipe.RowMemory"/>. Null sets no limit.</summary>
    [Setting(
        "row-memory",
        "MiB that the tasks' gradients may take at once where a method compares them; less memory takes more time. No limit by default.",
        ValueName = "MIB",
        Unit = 1 << 20
    )]
    public long? RowMemory { get; init; }

    /// <summary>Steps between two records of the task gradients; see <see cref="Recipe.GradientRecordInterval"/>. Null is once an epoch.</summary>
    [Setting(
        "gradients-every",
        "Steps between two records of the tasks' gradients for the report; 0 records none. Once an epoch by default.",
        ValueName = "N",
        Least = 0
    )]
    public int? GradientRecordInterval { get; init; }

    /// <summary>The least time between two checkpoints; 0 writes one before each step. See <see cref="Trainer.CheckpointInterval"/>.</summary>
    [Setting(
        "checkpoint-every",
        "The time between two checkpoints, which is what a crash may cost: seconds, or a time such as 30s, 5m or 1h.",
        ValueName = "TIME"
    )]
    public TimeSpan CheckpointInterval { get; init; } = Trainer.UsualCheckpointInterval;

    /// <summary>What the epoch to keep is chosen by: "loss" or "metric".</summary>
    public string Selection { get; init; } = "loss";

    /// <summary>Fixes everything that chance decides.</summary>
    public long Seed { get; init; }

    /// <summary>Where it runs: "cpu", "cuda", "cuda:1" or "mps".</summary>
    [Setting("device", "Where to compute: cpu, cuda, cuda:1 or mps.", ValueName = "DEVICE")]
    public string Device { get; init; } = "cpu";

    /// <summary>Builds the network with parameters that the seed decides, on the device.</summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="inputShape">The shape of one row of input.</param>
    /// <exception cref="FormatException">A method or an option is unknown; the message lists what there is.</exception>
    /// <exception cref="PlatformNotSupportedException">The device is not there.</exception>
    /// <exception cref="NotSupportedException">Images are to be normalised, and the encoder cannot.</exception>
    /// <exception cref="InvalidDataException">The file of <see cref="EncoderWeights"/> is damaged, or of another encoder.</exception>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    [OverloadResolutionPriority(1)] // an array of sizes is a list before it is a description
    public MultiTaskNetwork CreateNetwork(TaskSet tasks, IReadOnlyList<long> inputShape) =>
        CreateNetwork(tasks, InputSpec.OfShape(inputShape));

    /// <summary>Builds the network with parameters that the seed decides, on the device.</summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="input">What one row of input is, such as <see cref="TensorData.InputSpec"/>.</param>
    /// <exception cref="FormatException">A method or an option is unknown, or the encoder reads other rows; the message says what would do.</exception>
    /// <exception cref="PlatformNotSupportedException">The device is not there.</exception>
    /// <exception cref="NotSupportedException">Images are to be normalised, and the encoder cannot.</exception>
    /// <exception cref="InvalidDataException">The file of <see cref="EncoderWeights"/> is damaged, or of another encoder.</exception>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    public MultiTaskNetwork CreateNetwork(TaskSet tasks, InputSpec input) =>
        CreateNetwork(tasks, input, EncoderWeights);

    private MultiTaskNetwork CreateNetwork(TaskSet tasks, InputSpec input, string? encoderWeights)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        ArgumentNullException.ThrowIfNull(input);
        ReadsAttribute.Require(Encoder, input);
        var device = Devices.Parse(Device);
        torch.manual_seed(Seeds.Derive(Seed, InitialisationStream));
        var encoder = MethodCatalog.Create<Encoder>(Encoder, input.Arguments);
        if (encoderWeights is not null)
        {
            Networks.Encoders.EncoderWeights.Load(encoder, encoderWeights);
        }

        if (ImageNormalisation.Parse(Images) is { } normalisation)
        {
            encoder.Normalisation = normalisation;
        }

        if (Head is not null && !tasks.Any(task => task.Answer.Layout == Layout.Pixel))
        {
            throw new FormatException(
                $"The head '{Head}' is for tasks of one answer a pixel, and here is none ({string.Join(", ", tasks)}); leave it out (--head)."
            );
        }

        object[] given = Head is null ? [tasks, encoder] : [tasks, encoder, MethodCatalog.Create<DenseHead>(Head)];
        var network = MethodCatalog.Create<MultiTaskNetwork>(Network, given);
        return device.type == DeviceType.CPU ? network : (MultiTaskNetwork)network.to(device);
    }

    /// <summary>Builds the network with parameters from a file, on the device; torch's random numbers go on as if nothing happened.</summary>
    /// <param name="tasks">The tasks that it was trained on.</param>
    /// <param name="inputShape">The shape of one row of input.</param>
    /// <param name="path">What <see cref="NetworkState.Save(MultiTaskNetwork, string)"/> wrote.</param>
    /// <exception cref="FormatException">A method or an option is unknown; the message lists what there is.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, or of another network.</exception>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    [OverloadResolutionPriority(1)]
    public MultiTaskNetwork LoadNetwork(TaskSet tasks, IReadOnlyList<long> inputShape, string path) =>
        LoadNetwork(tasks, InputSpec.OfShape(inputShape), path);

    /// <summary>Builds the network with parameters from a file, on the device; torch's random numbers go on as if nothing happened.</summary>
    /// <param name="tasks">The tasks that it was trained on.</param>
    /// <param name="input">What one row of input is.</param>
    /// <param name="path">What <see cref="NetworkState.Save(MultiTaskNetwork, string)"/> wrote.</param>
    /// <exception cref="FormatException">A method or an option is unknown; the message lists what there is.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, or of another network.</exception>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    public MultiTaskNetwork LoadNetwork(TaskSet tasks, InputSpec input, string path)
    {
        using var random = torch.get_rng_state();
        var network = CreateNetwork(tasks, input, encoderWeights: null); // the file holds the encoder as well
        try
        {
            torch.set_rng_state(random); // the initial parameters are of no use, so drawing them leaves no trace
            NetworkState.Load(network, path);
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>Makes the recipe, with fresh state.</summary>
    /// <param name="teachers">The models of <see cref="Teachers"/>, loaded by whoever knows such folders, or any others; null for none.</param>
    /// <exception cref="FormatException">
    /// A method or an option is unknown; the message lists what there is. Or a distillation has no teachers, or teachers nobody to teach.
    /// </exception>
    public Recipe CreateRecipe(Teachers? teachers = null) =>
        new()
        {
            Weighting = MethodCatalog.Create<LossWeighting>(Weighting),
            Aggregator = MethodCatalog.Create<GradientAggregator>(Aggregator),
            Schedule = MethodCatalog.Create<TaskSchedule>(Schedule),
            Regularizers = [.. Regularizers.Select(text => MethodCatalog.Create<Regularizer>(text))],
            Auxiliaries = CreateAuxiliaries(teachers),
            Callbacks = [.. Callbacks.Select(text => MethodCatalog.Create<TrainingCallback>(text))],
            Optimizer = MethodCatalog.Create<OptimizerFactory>(Optimizer),
            Groups = [.. Groups.Select(GroupSetting.Parse)],
            LearningRateSchedule = LearningRate switch
            {
                "constant" => null,
                "cosine" => LearningRateSchedule.Cosine(Epochs),
                _ => throw new FormatException(
                    $"There is no learning-rate schedule '{LearningRate}'{NameSuggestion.Hint(LearningRate, ["constant", "cosine"])}; choose from constant, cosine."
                ),
            },
            Epochs = Epochs,
            Patience = Patience,
            ClipNorm = ClipNorm,
            AccumulatedBatches = AccumulatedBatches,
            RowMemory = RowMemory,
            GradientRecordInterval = GradientRecordInterval,
            Selection = Selection switch
            {
                "loss" => CheckpointSelection.ValidationLoss,
                "metric" => CheckpointSelection.PrimaryMetric,
                _ => throw new FormatException(
                    $"An epoch cannot be chosen by '{Selection}'; choose from loss, metric."
                ),
            },
            Seed = Seed,
        };

    private AuxiliaryLoss[] CreateAuxiliaries(Teachers? teachers)
    {
        if (teachers is null && Auxiliaries.FirstOrDefault(LearnsFromTeachers) is { } pupil)
        {
            throw new FormatException(
                $"'{pupil}' learns from teachers, and none are given; name trained models with --teachers."
            );
        }

        object[] given = teachers is null ? [] : [teachers];
        AuxiliaryLoss[] made = [.. Auxiliaries.Select(text => MethodCatalog.Create<AuxiliaryLoss>(text, given))];
        return made.Any(auxiliary => auxiliary is Distillation) || (teachers is null && Teachers.Count == 0)
            ? made
            : throw new FormatException(
                $"There are teachers but nothing that learns from them; add one of {string.Join(", ", MethodCatalog.Of(MethodKind.Auxiliary).Where(IsDistillation).Select(entry => entry.Name))}."
            );
    }

    private static bool LearnsFromTeachers(string text)
    {
        var name = MethodSpecification.Parse(text).Name;
        return MethodCatalog.Of(MethodKind.Auxiliary).Any(entry => entry.Name == name && IsDistillation(entry));
    }

    private static bool IsDistillation(MethodEntry entry) => entry.Type.IsAssignableTo(typeof(Distillation));

    /// <summary>The specification as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="FormatException">The text is not a specification.</exception>
    public static RunSpecification FromJson(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<RunSpecification>(json, Json)
                ?? throw new FormatException("This JSON is null, not a run's specification.");
        }
        catch (JsonException failure)
        {
            throw new FormatException($"This JSON is not a run's specification: {failure.Message}", failure);
        }
    }
}
