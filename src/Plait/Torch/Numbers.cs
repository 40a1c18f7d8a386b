using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Plait.Torch;

/// <summary>Reads small tensors into managed numbers without a call for each element.</summary>
internal static class Numbers
{
    /// <summary>The distance of 1 to the next number of a float type.</summary>
    public static double Rounding(ScalarType type) =>
        type switch
        {
            ScalarType.Float64 => double.BitIncrement(1) - 1,
            ScalarType.Float16 => (double)(Half.BitIncrement((Half)1) - (Half)1),
            ScalarType.BFloat16 => 1.0 / 128,
            _ => MathF.BitIncrement(1) - 1,
        };

    /// <summary>Where the numbers of a contiguous tensor on the CPU begin; they stay there as long as the tensor lives.</summary>
    public static unsafe nint AddressOf(Tensor tensor) =>
        (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(tensor.bytes));

    /// <summary>All elements of a float tensor, row by row, as doubles.</summary>
    public static double[] Read(Tensor tensor)
    {
        using var scope = torch.NewDisposeScope();
        var local = tensor.detach().cpu().contiguous();
        var result = new double[local.numel()];
        if (local.dtype == ScalarType.Float64)
        {
            MemoryMarshal.Cast<byte, double>(local.bytes).CopyTo(result);
            return result;
        }

        var floats = MemoryMarshal.Cast<byte, float>(
            (local.dtype == ScalarType.Float32 ? local : local.to(ScalarType.Float32)).bytes
        );
        for (var i = 0; i < floats.Length; i++)
        {
            result[i] = floats[i];
        }

        return result;
    }
}
