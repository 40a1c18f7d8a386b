using Plait.Catalogue;
using Plait.Data;
using Plait.Networks;
using Plait.Networks.SingleTasking;
using Plait.Optimization;
using Plait.Tasks;

namespace Plait.Training;

/// <summary>Refuses, before the first step, what does not go together: recipe, network and data.</summary>
internal static class RecipeCheck
{
    /// <exception cref="ArgumentException">The data's tasks are not the network's, or tasks bring rows of different kinds that the network does not read.</exception>
    /// <exception cref="NotSupportedException">Something else does not go together.</exception>
    public static void Require(
        Recipe recipe,
        MultiTaskNetwork network,
        RunSources sources,
        MultiTaskDataLoader? validation
    )
    {
        var train = sources.Training;
        RequireStart(network);
        RequireTasks(network, train.Sizes.Tasks);
        if (validation is not null)
        {
            RequireTasks(network, validation.Tasks);
        }

        RequireSearch(network, sources);

        var (aggregator, weighting) = (recipe.Aggregator, recipe.Weighting);
        var location = aggregator.LocationIn(network, train.SharesRows);
        RequireLocation(location, aggregator, network, train);
        if (weighting.ObservedLocation is { } observed)
        {
            RequireLocation(observed, weighting, network, train);
        }

        if (
            recipe.AccumulatedBatches > 1
            && location == GradientLocation.Representation
            && aggregator.ReadsRepresentation
        )
        {
            throw new NotSupportedException(
                $"{NameOf(aggregator)} works at the shared representation, which differs from batch to batch: accumulate no batches (AccumulatedBatches, --accumulate 1), or choose an aggregator that takes the gradients at the parameters{(aggregator.Location == GradientLocation.Parameters ? $" ({NameOf(aggregator)}:at=parameters)" : "")}."
            );
        }

        RequireRepresentation(recipe, network, train);
        train.Require(network);
        sources.Search?.Require(network);
    }

    private static void RequireStart(MultiTaskNetwork network)
    {
        if (network is IStartsFromSingleTasks { AwaitsSingleTasks: true })
        {
            throw new NotSupportedException(
                $"{NameOf(network)} is to start from trained networks of single tasks (start=single-task), and has been given none: compare trains them and starts it from those of its seed; in code call StartFrom; or leave the option out (start=fresh)."
            );
        }
    }

    private static void RequireLocation(
        GradientLocation location,
        TrainingComponent method,
        MultiTaskNetwork network,
        IObjectiveSource train
    )
    {
        if (location == GradientLocation.Representation && !network.HasSharedRepresentation)
        {
            throw new NotSupportedException(
                $"{NameOf(method)} takes gradients at the shared representation, and {NameOf(network)} has no single one: {Elsewhere(method)}, or train a network such as hps."
            );
        }

        if (location == GradientLocation.Representation && !train.SharesRows)
        {
            throw new NotSupportedException(
                $"{NameOf(method)} takes gradients at the shared representation of the same rows, and here some tasks bring their own: {Elsewhere(method)}."
            );
        }

        if (location == GradientLocation.Representation && !network.LearnsShared)
        {
            throw new NotSupportedException(
                $"{NameOf(method)} takes gradients at the shared representation, and no shared parameter of {NameOf(network)} learns: let its encoder learn, take them at the parameters (at=parameters) where the method lets you, or choose another method."
            );
        }

        if (location == GradientLocation.LastSharedLayer && network.LastSharedLayer.Count == 0)
        {
            throw new NotSupportedException(
                $"{NameOf(method)} takes gradients at the last shared layer, and {NameOf(network)} has none that is trained: {Elsewhere(method)}."
            );
        }
    }

    /// <summary>Terms that read the representation want one of all tasks, in the step's own pass.</summary>
    private static void RequireRepresentation(Recipe recipe, MultiTaskNetwork network, IObjectiveSource train)
    {
        if (
            recipe.Auxiliaries.FirstOrDefault(auxiliary => auxiliary.NeedsRepresentation) is not { } reader
            || !network.HasSharedRepresentation
        )
        {
            return;
        }

        if (!train.SharesRows)
        {
            throw new NotSupportedException(
                $"{NameOf(reader)} reads the shared representation of the same rows, and here some tasks bring their own: leave it out, or train on data whose tasks look at the same rows."
            );
        }

        if (!network.LearnsShared)
        {
            throw new NotSupportedException(
                $"{NameOf(reader)} reads the shared representation, and no shared parameter of {NameOf(network)} learns: let its encoder learn, or leave it out."
            );
        }

        if (recipe.BilevelOptimizers(network).Concat<object>(recipe.Callbacks).FirstOrDefault() is { } looking)
        {
            throw new NotSupportedException(
                $"{NameOf(looking)} looks at losses beside the step's own pass, where {NameOf(reader)} has no shared representation to read: leave out one of the two."
            );
        }
    }

    /// <summary>What learns from search data wants some, and they want what learns from them.</summary>
    private static void RequireSearch(MultiTaskNetwork network, RunSources sources)
    {
        if (sources.Search is not { } search)
        {
            if (sources.Searched.Count > 0)
            {
                throw new NotSupportedException(
                    $"'{sources.Searched[0].Name}' of {NameOf(network)} learns from search data, apart from the training data, and there are none: give the trainer some (Search), such as half of the training rows."
                );
            }

            return;
        }

        if (ReferenceEquals(search, sources.Training))
        {
            throw new NotSupportedException(
                "The search data are the same source as the training data, which stands at one place alone: give Search a source of its own."
            );
        }

        RequireTasks(network, search.Sizes.Tasks);
        if (sources.Searched.Count == 0)
        {
            throw new NotSupportedException(
                $"There are search data, and nothing of {NameOf(network)} learns from them: leave them out (Search), or train a network that has groups for them."
            );
        }
    }

    private static void RequireTasks(MultiTaskNetwork network, TaskSet tasks)
    {
        if (!tasks.Select(task => task.Name).SequenceEqual(network.Tasks.Select(task => task.Name)))
        {
            throw new ArgumentException(
                $"The data's tasks ({string.Join(", ", tasks)}) are not the network's ({string.Join(", ", network.Tasks)})."
            );
        }
    }

    /// <summary>What to write for gradients at the parameters: the method's own option where it has one, else a method that takes them there.</summary>
    private static string Elsewhere(TrainingComponent method)
    {
        var entry = MethodCatalog.All.FirstOrDefault(entry => entry.Type == method.GetType());
        return entry?.Options.Any(option => option.StartsWith("at=", StringComparison.Ordinal)) == true
                ? $"write {entry.Name}:at=parameters"
            : method is GradientAggregator ? "choose an aggregator that takes them at the parameters, such as pcgrad"
            : "choose another method, such as equal";
    }

    private static string NameOf(MultiTaskNetwork network) => network.MethodName;

    private static string NameOf(object part) => MethodCatalog.NameOf(part);
}
