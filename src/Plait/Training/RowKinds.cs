using Plait.Data;
using Plait.Networks;

namespace Plait.Training;

/// <summary>Tries a network on one batch before training where tasks bring rows of different kinds, which few networks read.</summary>
internal static class RowKinds
{
    /// <summary>Goes forward once, in eval mode and without a graph; chance goes on as if nothing happened.</summary>
    /// <param name="network">The network.</param>
    /// <param name="source">The training data; nothing is read where the rows of all tasks are of one kind.</param>
    /// <exception cref="ArgumentException">The network does not read the rows of some task.</exception>
    public static void Require(MultiTaskNetwork network, MultiTaskDataLoader source)
    {
        if (AreAlike(source))
        {
            return;
        }

        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        using var random = torch.get_rng_state();
        var wasTraining = network.training;
        network.eval();
        try
        {
            using var batch = source.Read(source.Tasks.All, new long[source.Tasks.Count]);
            var there = batch.To(network.Device, network.parameters().First().dtype);
            InputCheck.Forward(network, there, there.Tasks);
        }
        finally
        {
            network.train(wasTraining);
            torch.set_rng_state(random);
        }
    }

    private static bool AreAlike(MultiTaskDataLoader source)
    {
        var specs = source.Streams.FirstTasks.Select(source.InputSpecOf).ToArray();
        return Array.Exists(specs, spec => spec is null)
            || specs.Aggregate((all, spec) => all?.With(spec!)) is not null;
    }
}
