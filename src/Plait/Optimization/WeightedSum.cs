using Plait.Numerics;

namespace Plait.Optimization;

/// <summary>Weighted sums of large tensors.</summary>
internal static class WeightedSum
{
    /// <summary>Adds up the tensors, each times its factor.</summary>
    /// <param name="tensors">Of one shape, type and device.</param>
    /// <param name="factors">One a tensor.</param>
    /// <param name="like">A tensor of that shape, type and device, for when there is none to add.</param>
    public static Tensor Of(Tensor[] tensors, double[] factors, Tensor like)
    {
        if (like.dtype == ScalarType.Float32 && like.device.type == DeviceType.CPU && like.is_contiguous())
        {
            var total = torch.empty_like(like);
            var contiguous = Array.ConvertAll(tensors, tensor => tensor.is_contiguous() ? tensor : tensor.contiguous());
            LongVectors.Combine(
                Array.ConvertAll(contiguous, Torch.Numbers.AddressOf),
                factors,
                Torch.Numbers.AddressOf(total),
                total.numel()
            );
            GC.KeepAlive(contiguous);
            return total;
        }

        var sum = torch.zeros_like(like);
        for (var i = 0; i < tensors.Length; i++)
        {
            sum.add_(tensors[i], factors[i]);
        }

        return sum;
    }
}
