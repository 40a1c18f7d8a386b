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
            when (failure is ExternalException or ArgumentException or InvalidOperationException
                && FaultOf(network, batch) is { } fault
            )
        {
            throw new ArgumentException(fault, failure);
        }
    }

    private static string? FaultOf(MultiTaskNetwork network, MultiTaskBatch batch)
    {
        var any = network.modules().OfType<Encoder>().FirstOrDefault();
        foreach (var (input, tasks) in batch.Groups)
        {
            if (
                (network.EncoderOf(tasks.Indices[0]) ?? any) is { } encoder
                && encoder.Input.FaultOf(input) is { } fault
            )
            {
                return encoder.Input.Shape is { } wanted && input.Parts is [{ Lengths: null, Name.Length: 0 } given]
                    ? $"Task '{tasks[0].Name}' brings rows of shape {TargetShapes.Text(given.Values.shape.AsSpan(1))}, and the network's encoder was built for {TargetShapes.Text([.. wanted])}; build it for the data's InputSpec, or give it the rows that it was built for."
                    : $"Task '{tasks[0].Name}' brings rows that {encoder.GetName()} does not read: {fault} An encoder that reads them is {ReadsAttribute.Advice(InputSpec.Of(input))}.";
            }
        }

        return null;
    }
}
