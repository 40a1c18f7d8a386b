using System.Runtime.InteropServices;
using Plait.Data;
using Plait.Networks;
using Plait.Networks.Encoders;
using Plait.Tasks;

namespace Plait.Training;

/// <summary>Goes forward, and says what is wrong where the input is not what the network was built for.</summary>
/// <remarks>Nothing is looked at before the network fails, so a step costs no more, and a network may read what it likes.</remarks>
internal static class InputCheck
{
    /// <exception cref="ArgumentException">The rows of a task have another shape than the network reads.</exception>
    public static TaskOutputs Forward(
        MultiTaskNetwork network,
        MultiTaskBatch batch,
        TaskSelection tasks,
        bool cut = false
    )
    {
        try
        {
            return network.Forward(batch, tasks, cut);
        }
        catch (Exception failure)
            when (failure is ExternalException or ArgumentException && FaultOf(network, batch) is { } fault)
        {
            throw new ArgumentException(fault, failure);
        }
    }

    private static string? FaultOf(MultiTaskNetwork network, MultiTaskBatch batch)
    {
        var wanted = network.modules().OfType<Encoder>().FirstOrDefault()?.InputShape;
        foreach (var task in batch.Tasks.Indices)
        {
            var given = batch.InputOf(task).shape[1..];
            if (wanted is not null && !wanted.SequenceEqual(given))
            {
                return $"Task '{network.Tasks[task].Name}' brings rows of shape {TargetShapes.Text(given)}, and the network's encoder was built for {TargetShapes.Text([.. wanted])}; build it for the data's InputShape, or give it the rows that it was built for.";
            }
        }

        return null;
    }
}
