using Plait.Catalogue;
using Plait.Data;
using Plait.Networks;
using Plait.Networks.SingleTasking;

namespace Plait.Jobs;

/// <summary>Starts a job's network from networks that other jobs trained for one task each.</summary>
internal static class JobStart
{
    private const string SingleTaskName = "single-task"; // one encoder and one head a task, without options

    /// <summary>Takes over what kept networks have learned.</summary>
    /// <param name="network">What is about to be trained.</param>
    /// <param name="folders">The folders of the jobs that trained the others.</param>
    /// <param name="data">The data that those were trained on.</param>
    /// <exception cref="NotSupportedException">The network has nothing that starts so.</exception>
    /// <exception cref="ArgumentException">A task has no kept network, or one is of another make.</exception>
    public static void From(MultiTaskNetwork network, IReadOnlyList<string> folders, IDataParts data)
    {
        using var scope = torch.NewDisposeScope();
        var kept = folders.Select(folder => SavedNetwork.Load(folder, data)).ToArray();
        try
        {
            Towers(network).StartFrom([.. kept.Select(one => one.Network).OfType<SingleTask>()]);
        }
        finally
        {
            Array.ForEach(kept, one => one.Dispose());
        }
    }

    /// <summary>Goes through the same with fresh networks of single tasks, so that what does not fit is known before any is trained.</summary>
    /// <exception cref="NotSupportedException">The network has nothing that starts so.</exception>
    /// <exception cref="ArgumentException">Encoders or heads of this network are of another make than those of single tasks.</exception>
    public static void Rehearse(MultiTaskNetwork network, TrainingJob job, InputSpec input)
    {
        var towers = Towers(network);
        using var scope = torch.NewDisposeScope();
        using var single = (SingleTask)(job.Run with { Network = SingleTaskName }).CreateNetwork(network.Tasks, input);
        try
        {
            towers.StartFrom([single]);
        }
        catch (ArgumentException failure)
        {
            throw new ArgumentException(
                $"'{job.Run.Network}' starts from networks of single tasks: {failure.Message}",
                failure
            );
        }
    }

    private static IStartsFromSingleTasks Towers(MultiTaskNetwork network) =>
        network as IStartsFromSingleTasks
        ?? throw new NotSupportedException(
            $"{network.GetType().Name} has no network for each task that could start from one of a single task; {string.Join(", ", MethodCatalog.Of(MethodKind.Architecture).Where(entry => entry.Type.IsAssignableTo(typeof(IStartsFromSingleTasks))).Select(entry => entry.Name))} have."
        );
}
