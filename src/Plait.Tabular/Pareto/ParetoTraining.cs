using Plait.Catalogue;
using Plait.Networks.Conditional;
using Plait.Tabular.Models;
using Plait.Training;

namespace Plait.Tabular.Pareto;

/// <summary>Trains models along the Pareto front of a table's targets, so that somebody can look at the trade-offs and pick one.</summary>
/// <remarks>Each point is kept as a model's folder of its own, and a broken-off front goes on from the last checkpoint.</remarks>
public static class ParetoTraining
{
    /// <summary>Trains, or goes on with the front of the same job that is in the folder.</summary>
    /// <param name="job">What to do.</param>
    /// <param name="folder">Where the front goes; made where it is absent.</param>
    /// <param name="watch">Shows one training at work: told its number from 0, how many there are, and the training itself.</param>
    /// <param name="warn">Takes what a person should know of the table.</param>
    /// <param name="cancel">Stops between steps, after a checkpoint.</param>
    /// <exception cref="OperationCanceledException">It was cancelled; the same call goes on.</exception>
    /// <exception cref="FormatException">
    /// A method is unknown, a number of the job is out of its range, or parts of the recipe do not go together.
    /// </exception>
    /// <exception cref="TableException">The table cannot be read, a target cannot be learned, or the rows are too few.</exception>
    /// <exception cref="IOException">The folder holds something else, or cannot be written.</exception>
    public static ParetoFront Run(
        ParetoJob job,
        string folder,
        Action<int, int, Action<IProgress<TrainingProgress>>> watch,
        Action<string> warn,
        CancellationToken cancel = default
    )
    {
        ArgumentNullException.ThrowIfNull(job);
        ArgumentNullException.ThrowIfNull(watch);
        ArgumentNullException.ThrowIfNull(warn);
        var method = ParetoMethod.Parse(job.Method);
        var targets = job.Training.Targets.Count;
        if (targets < 2)
        {
            throw new FormatException("A Pareto front is between targets, so it needs two or more; got one.");
        }

        job = job with
        {
            Training = job.Training with
            {
                ModelFolder = null,
                TableChecksum = TabularJob.ChecksumOf(job.Training.Table),
            },
        };
        var preferences = method.Preferences(targets, job.Points);
        var front = new FrontFolder(folder);
        ParetoFront known;
        using (var first = Prepare(job, method, preferences, 0))
        {
            Check(first);
            foreach (var warning in first.Warnings)
            {
                warn(warning);
            }

            known = front.Open(Begin(job, first));
        }

        while (known.Points.Count < preferences.Count)
        {
            known = method.IsConditioned
                ? Ask(job, method, preferences, front, known, watch, cancel)
                : Train(job, method, preferences, front, known, watch, cancel);
        }

        front.DeleteCheckpoints();
        return known;
    }

    private static TabularTraining Prepare(
        ParetoJob job,
        ParetoMethod method,
        IReadOnlyList<double[]> preferences,
        int place
    ) =>
        TabularTraining.Prepare(
            job.Training with
            {
                Run = method.Specify(job.Training.Run, preferences[place], place, preferences.Count),
            }
        );

    private static void Check(TabularTraining first)
    {
        try
        {
            first.Check();
            if (!first.LearnsShared)
            {
                throw new NotSupportedException(
                    "No parameter that learns is shared by targets, so a trade-off between them changes nothing and all points would be one: let the encoder learn, or train a network that shares something."
                );
            }
        }
        catch (Exception failure)
            when (failure is ArgumentException or InvalidOperationException or NotSupportedException)
        {
            throw new FormatException(ArgumentMessage.Of(failure), failure);
        }
    }

    private static ParetoFront Begin(ParetoJob job, TabularTraining training)
    {
        var reference = job.Reference?.ToArray() ?? training.GuessingLosses();
        if (reference.Length != training.Tasks.Count || !reference.All(double.IsFinite))
        {
            throw new FormatException(
                $"The reference is one loss for each of {training.Tasks.Count} targets, such as 1,0.7; got {string.Join(",", reference)}."
            );
        }

        return new ParetoFront
        {
            Job = $"{job.Method} {job.Points} {string.Join('/', job.Reference ?? [])} {job.Training.ToJson()}",
            Method = job.Method,
            Tasks = [.. training.Tasks.Select(task => task.Name)],
            Reference = reference,
        };
    }

    private static ParetoFront Train(
        ParetoJob job,
        ParetoMethod method,
        IReadOnlyList<double[]> preferences,
        FrontFolder folder,
        ParetoFront front,
        Action<int, int, Action<IProgress<TrainingProgress>>> watch,
        CancellationToken cancel
    )
    {
        var place = front.Points.Count;
        var name = FrontFolder.ModelOf(place);
        using var training = Prepare(job, method, preferences, place);
        TabularModel? trained = null;
        watch(
            place,
            preferences.Count,
            progress => trained = training.Run(folder.Checkpoints(name), progress, cancel).Model
        );
        using var model = trained!;
        return Add(folder, front, training, model, name, preferences[place], cancel);
    }

    private static ParetoFront Ask(
        ParetoJob job,
        ParetoMethod method,
        IReadOnlyList<double[]> preferences,
        FrontFolder folder,
        ParetoFront front,
        Action<int, int, Action<IProgress<TrainingProgress>>> watch,
        CancellationToken cancel
    )
    {
        using var training = Prepare(job, method, preferences, 0);
        TabularModel? trained = null;
        watch(0, 1, progress => trained = training.Run(folder.Checkpoints("all"), progress, cancel).Model);
        using var model = trained!;
        for (var place = front.Points.Count; place < preferences.Count; place++)
        {
            ((PreferenceNetwork)model.Network).Prefer(preferences[place]);
            front = Add(folder, front, training, model, FrontFolder.ModelOf(place), preferences[place], cancel);
        }

        return front;
    }

    private static ParetoFront Add(
        FrontFolder folder,
        ParetoFront front,
        TabularTraining training,
        TabularModel model,
        string name,
        double[] preference,
        CancellationToken cancel
    )
    {
        var losses = training.ChoosingLosses(model.Network, cancel);
        var report = training.Test(model.Network, cancel);
        new TabularModel(model.Network, model.Preprocessing, model.Run, report).Save(folder.PathOf(name));
        front = front with
        {
            Points = [.. front.Points, new ParetoPoint(name, preference, losses, report?.Targets ?? [])],
        };
        folder.Write(front);
        return front;
    }
}
