using System.Collections.Concurrent;

namespace Plait.Tasks.Losses;

/// <summary>A few constant numbers of a loss, held once for each device and number type that asks for them.</summary>
/// <remarks>The tensors outlive the dispose scope, and serve training even when an evaluation without gradients asked for them first.</remarks>
internal sealed class ConstantVector(IReadOnlyList<float> values)
{
    private readonly float[] values = [.. values];
    private readonly ConcurrentDictionary<(ScalarType Type, DeviceType Device, int Index), Tensor> copies = new();

    /// <summary>The numbers.</summary>
    public IReadOnlyList<float> Values => values;

    /// <summary>How many numbers there are.</summary>
    public int Count => values.Length;

    /// <summary>Whether one of them is zero.</summary>
    public bool HasZero => values.Contains(0);

    /// <summary>The numbers in the type and on the device of another tensor, [count]; not the caller's to dispose.</summary>
    public Tensor Like(Tensor other) =>
        copies.GetOrAdd(
            (other.dtype, other.device_type, other.device_index),
            static (place, numbers) =>
            {
                using var training = torch.inference_mode(false);
                return torch
                    .tensor(numbers, place.Type, new Device(place.Device, place.Index))
                    .DetachFromDisposeScope();
            },
            values
        );
}
