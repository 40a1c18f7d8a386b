using System.Globalization;
using System.Text;
using Plait.Data;
using Plait.Faults.Recipes;
using Plait.Networks;
using Plait.Training;

namespace Plait.Faults.Host;

/// <summary>A training in a process of its own: it says on the standard output what it is at, and goes on from checkpoints.</summary>
internal static class TrainingHost
{
    public const string RecipeFile = "recipe.json";
    public const string Checkpoints = "checkpoints";
    public const string Results = "results";

    /// <summary>The phases, as the host says them.</summary>
    public const string Reading = "reading";
    public const string Training = "training";
    public const string BetweenEpochs = "between epochs";
    public const string Saving = "saving";

    public static int Run(string folder)
    {
        torch.set_num_threads(1);
        Say(Reading);
        var recipe = FaultRecipe.FromJson(File.ReadAllText(Path.Combine(folder, RecipeFile)));
        using var train = recipe.TrainingData();
        using var validation = recipe.ValidationData();
        using var network = recipe.CreateNetwork(train);
        using var teachers = recipe.CreateTeachers(train);
        var parts = recipe.Run.CreateRecipe(teachers);
        using var batches = train.Batches(recipe.Run.BatchSize, recipe.Run.Seed);
        using var judged = validation.Batches(recipe.Run.BatchSize);
        var trainer = new Trainer(network, parts)
        {
            Checkpoints = new CheckpointFolder(Path.Combine(folder, Checkpoints)),
            CheckpointInterval = TimeSpan.FromMilliseconds(recipe.CheckpointMilliseconds),
            ProgressInterval = TimeSpan.Zero,
        };
        var result = trainer.Fit(batches, judged, new Phases());
        Say(Saving);
        var results = Directory.CreateDirectory(Path.Combine(folder, Results)).FullName;
        NetworkState.Save(network, Path.Combine(results, "network.safetensors"));
        File.WriteAllText(Path.Combine(results, "predictions.txt"), Predictions(network, validation));
        File.WriteAllText(Path.Combine(results, "history.txt"), History(result));
        return 0;
    }

    private static string Predictions(MultiTaskNetwork network, TensorData data)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var text = new StringBuilder();
        for (var task = 0; task < data.Tasks.Count; task++)
        {
            var asked = data.Tasks.Select([task]);
            var outputs = network.Forward(MultiTaskBatch.Unlabelled(asked, data.InputOf(task)), asked);
            var bytes = outputs[task].contiguous().bytes.ToArray();
            text.Append(CultureInfo.InvariantCulture, $"{data.Tasks[task].Name} {Convert.ToHexString(bytes)}\n");
        }

        return text.ToString();
    }

    /// <summary>All that the trainer recorded, less the seconds.</summary>
    private static string History(TrainingResult result)
    {
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $"best {result.BestEpoch} skipped {result.SkippedSteps} early {result.StoppedEarly}\n"
        );
        foreach (var epoch in result.History)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"{epoch.Epoch} {Numbers(epoch.TrainingLosses)} {Numbers(epoch.Weights)} {Numbers(epoch.Validation!.Losses)} {epoch.Score:R} {epoch.LearningRate:R}\n"
            );
        }

        foreach (var look in result.Gradients)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"{look.Step} {Numbers(look.Norms)} {Numbers(look.Cosines)} {look.Condition:R} {Numbers(look.UpdateWeights)}\n"
            );
        }

        return text.ToString();
    }

    private static string Numbers(double[] numbers) =>
        string.Join(',', numbers.Select(number => number.ToString("R", CultureInfo.InvariantCulture)));

    /// <summary>Says a phase, and how many steps were taken before it.</summary>
    private static void Say(string phase, int steps = 0)
    {
        Console.Out.WriteLine($"{steps} {phase}");
        Console.Out.Flush();
    }

    private sealed class Phases : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) =>
            Say(
                value.Finished is null ? Training : BetweenEpochs,
                (value.Epoch * value.StepsPerEpoch) + value.StepInEpoch
            );
    }
}
