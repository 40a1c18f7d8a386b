using Plait.Numerics;
using Plait.Relationships.Tables;
using Plait.Tabular;

namespace Plait.Relationships.Embedding.Studies;

/// <summary>Trains TecNets on demonstrations of some tasks, and measures them on tasks that are held out.</summary>
public static class ImitationStudy
{
    private const int FewestOfAPart = 2; // tasks, to be told from one another

    /// <summary>Refuses a table that cannot be learned from.</summary>
    /// <param name="table">The demonstrations.</param>
    /// <param name="options">How to learn.</param>
    /// <exception cref="TableException">It has too few tasks, a task too few demonstrations, or the actions are the same in every row.</exception>
    public static void Require(DemonstrationTable table, ImitationOptions options)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(options);
        if (table.Tasks.Count < 2 * FewestOfAPart)
        {
            throw TableException.At(
                table.Name,
                null,
                null,
                $"there {(table.Tasks.Count == 1 ? "is 1 task" : $"are {table.Tasks.Count} tasks")}; {2 * FewestOfAPart} or more are needed, two to tell apart in training and two held out."
            );
        }

        var wanted = options.Support + options.Queries;
        if (table.Tasks.FirstOrDefault(task => task.Demonstrations.Count < wanted) is { } poor)
        {
            var count = poor.Demonstrations.Count;
            throw TableException.At(
                table.Name,
                null,
                null,
                $"task {TableException.Quote(poor.Name)} has {count} demonstration{(count == 1 ? "" : "s")}; {options.Support} to know a task by (--support) and {options.Queries} to be judged by (--queries) make {wanted}. Add some, leave the task out, or ask for fewer."
            );
        }

        if (SaysTheSame(table))
        {
            throw TableException.At(
                table.Name,
                null,
                null,
                $"what is done ({string.Join(", ", table.Actions)}) is the same in every row, so that there is nothing to tell apart; choose other columns for --actions."
            );
        }
    }

    private static bool SaysTheSame(DemonstrationTable table)
    {
        var (seen, done) = (table.Observations.Count, table.Actions.Count);
        var actions = table
            .Tasks.SelectMany(task => task.Demonstrations)
            .SelectMany(steps => steps.Chunk(seen + done))
            .Select(step => step.AsMemory(seen));
        var first = actions.First();
        return actions.All(step => step.Span.SequenceEqual(first.Span));
    }

    /// <summary>Trains and measures.</summary>
    /// <param name="table">The demonstrations.</param>
    /// <param name="options">How to learn.</param>
    /// <param name="progress">Hears the loss of each training step.</param>
    /// <param name="cancel">Stops between two training steps.</param>
    /// <returns>What was learned and measured; the caller disposes of it.</returns>
    /// <exception cref="TableException">As <see cref="Require"/>.</exception>
    /// <exception cref="ArithmeticException">A loss is not finite.</exception>
    public static ImitationOutcome Run(
        DemonstrationTable table,
        ImitationOptions options,
        IProgress<double>? progress = null,
        CancellationToken cancel = default
    )
    {
        Require(table, options);
        var order = Enumerable.Range(0, table.Tasks.Count).ToArray();
        Seeds.Undivided(options.Seed).Shuffle(order);
        var held = Math.Clamp(
            (int)Math.Round(options.Test * order.Length),
            FewestOfAPart,
            order.Length - FewestOfAPart
        );
        int[] test = [.. order[..held].Order()];
        int[] train = [.. order[held..].Order()];
        using var known = DemonstrationSet.Of(table, train);
        using var unseen = DemonstrationSet.Of(table, test);
        var layout = new DemonstrationLayout(
            table.Observations,
            table.Actions,
            table.Steps,
            options.Width,
            options.Hidden
        );
        torch.manual_seed(options.Seed);
        var model = new ImitationModel(
            layout,
            options.Margin,
            options.EmbeddingWeight,
            options.SupportWeight,
            options.QueryWeight
        );
        try
        {
            using var agnostic = new TaskAgnosticController(layout);
            model.FitScales(known.Observations, known.Actions);
            using var learned = known.Scaled(model);
            using var measured = unseen.Scaled(model);
            using (var optimizer = torch.optim.Adam(model.Network.parameters(), options.LearningRate))
            {
                model.Network.Train(Episodes(learned, options), optimizer, progress, cancel);
            }

            agnostic.Train(Episodes(learned, options), options.LearningRate, cancel);
            model.eval();
            var names = test.Select(task => table.Tasks[task].Name).ToArray();
            var measurement = ImitationMeasurement.Of(model.Network, agnostic, measured, names, options);
            return new ImitationOutcome(model, measurement, Embed(model, table));
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>The same ones whenever they are asked for.</summary>
    private static IEnumerable<TaskDemonstrations> Episodes(DemonstrationSet set, ImitationOptions options)
    {
        var random = Seeds.Undivided(options.Seed);
        for (var i = 0; i < options.Iterations; i++)
        {
            yield return set.Draw(random, Math.Min(options.BatchTasks, set.Tasks), options.Support, options.Queries);
        }
    }

    /// <summary>Each task's sentence, made of all its demonstrations.</summary>
    private static float[][] Embed(ImitationModel model, DemonstrationTable table)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        return [.. Enumerable.Range(0, table.Tasks.Count).Select(EmbeddingOf)];

        float[] EmbeddingOf(int task)
        {
            using var set = DemonstrationSet.Of(table, [task]);
            return model.Sentence(set.Observations.unsqueeze(0), set.Actions.unsqueeze(0)).data<float>().ToArray();
        }
    }
}
