using System.Globalization;
using Plait.Optimization;
using Plait.Training;

namespace Plait.Faults.Recipes;

/// <summary>Tries whether the parts of a run go together, by a training of two steps.</summary>
internal static class Trial
{
    private const long MostParameters = 1_000_000; // more, and writing checkpoints is all that a short training does

    /// <summary>Bytes that hold a third of one task's gradient: rows are then computed in a few pieces.</summary>
    public static long SmallRowMemory(Ground ground, RunSpecification run)
    {
        using var data = new FaultRecipe(ground, run, Rows: 24, CheckpointMilliseconds: 0).TrainingData();
        using var network = run.CreateNetwork(data.Tasks, data.InputSpec);
        return network.parameters().Sum(parameter => parameter.numel()) * sizeof(float) / 3;
    }

    /// <summary>Why a recipe cannot be trained, in one line; null where it can.</summary>
    public static string? Refusal(Ground ground, RunSpecification run)
    {
        var recipe = new FaultRecipe(ground, run with { Epochs = 1 }, Rows: 24, CheckpointMilliseconds: 0);
        try
        {
            using var train = recipe.TrainingData();
            using var validation = recipe.ValidationData();
            using var network = recipe.CreateNetwork(train);
            var parameters = network.parameters().Sum(parameter => parameter.numel());
            if (parameters > MostParameters)
            {
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"{parameters:N0} parameters are more than the {MostParameters:N0} that a training of a second can write again and again."
                );
            }

            using var teachers = recipe.CreateTeachers(train);
            using var batches = train.Batches(recipe.Rows / 2, run.Seed);
            using var judged = validation.Batches(recipe.Rows);
            new Trainer(network, run.CreateRecipe(teachers)).Fit(batches, judged);
            return null;
        }
        catch (Exception failure)
            when (failure
                    is FormatException
                        or ArgumentException
                        or InvalidOperationException
                        or NotSupportedException
                        or NonFiniteException
            )
        {
            return failure.Message.ReplaceLineEndings(" ");
        }
    }
}
