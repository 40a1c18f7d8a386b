using Plait.Catalogue;
using Plait.Jobs.Runs;

namespace Plait.Jobs.Plans;

/// <summary>Finds the networks that a run of a comparison kept and that take further tasks.</summary>
public static class SavedNetworks
{
    /// <summary>The networks of one recipe, one a seed.</summary>
    /// <param name="store">The store of the run.</param>
    /// <param name="run">A comparison, an earlier extension of its networks, or one training of either.</param>
    /// <param name="recipe">The recipe's name; null where one alone has networks that take further tasks.</param>
    /// <returns>The recipe, and its networks.</returns>
    /// <exception cref="ArgumentException">There are none, or it is not clear which; the message says why.</exception>
    /// <exception cref="FileNotFoundException">A network that was kept is gone.</exception>
    public static (string Recipe, IReadOnlyList<SavedJob> Networks) Of(RunStore store, RunRecord run, string? recipe)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(run);
        if (run.Status != RunStatus.Finished)
        {
            throw Wrong(
                $"run {run.Id} is {run.Status.ToString().ToLowerInvariant()}; a run that is finished can be extended: plait resume {run.Parent ?? run.Id}"
            );
        }

        var trainings = run.Kind == RunKind.Training ? [run] : store.Children(run.Id);
        if (trainings.Count == 0)
        {
            throw Wrong($"run {run.Id} ({run.Name}) has no trainings; name a run of plait compare --keep-networks.");
        }

        var jobs = trainings.Select(training =>
            (Training: training, Job: TrainingJob.FromJson(training.Specification))
        );
        var takers = jobs.Where(one => FurtherTasks.AreTakenBy(one.Job)).ToArray();
        if (takers.Length == 0)
        {
            var names = string.Join(", ", trainings.Select(training => training.Name).Distinct());
            throw Wrong(
                $"no network of run {run.Id} ({names}) takes further tasks; {string.Join(", ", FurtherTasks.Takers)} does: plait compare --networks {FurtherTasks.Takers.First()} --keep-networks"
            );
        }

        var chosen = Chosen(run, recipe, [.. takers.Select(one => one.Training.Name).Distinct()]);
        return (
            chosen,
            [
                .. takers
                    .Where(one => one.Training.Name == chosen)
                    .Select(one => Kept(store, one.Training, one.Job.KeepsNetwork)),
            ]
        );
    }

    private static string Chosen(RunRecord run, string? recipe, string[] recipes) =>
        recipe is null
            ? recipes is [var only]
                ? only
                : throw Wrong(
                    $"run {run.Id} has networks of several recipes that take further tasks; say which with --recipe: {string.Join(", ", recipes)}."
                )
            : recipes.Contains(recipe)
                ? recipe
                : throw Wrong(
                    $"run {run.Id} has no recipe '{recipe}' whose networks take further tasks{NameSuggestion.Hint(recipe, recipes)}; choose from {string.Join(", ", recipes)}."
                );

    private static SavedJob Kept(RunStore store, RunRecord training, bool keeps)
    {
        var folder = store.PathOf(training.Id);
        return !keeps
                ? throw Wrong(
                    $"run {training.Parent ?? training.Id} has not kept its networks; train them again with --keep-networks."
                )
            : SavedNetwork.IsIn(folder) ? new SavedJob(folder, SavedNetwork.JobOf(folder))
            : throw new FileNotFoundException(
                $"{folder}: the network that run {training.Parent ?? training.Id} kept here is gone; train it again with --keep-networks."
            );
    }

    private static ArgumentException Wrong(string message) => new(message);
}
