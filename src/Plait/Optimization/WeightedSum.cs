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
        var sum = torch.zeros_like(like);
        if (sum.dtype == ScalarType.Float32 && sum.device.type == DeviceType.CPU && sum.is_contiguous())
        {
            var contiguous = Array.ConvertAll(tensors, tensor => tensor.contiguous());
            LongVectors.Combine(
                Array.ConvertAll(contiguous, Torch.Numbers.AddressOf),
                factors,
                Torch.Numbers.AddressOf(sum),
                sum.numel()
            );
            GC.KeepAlive(contiguous);
            return sum;
        }

        for (var i = 0; i < tensors.Length; i++)
        {
            sum.add_(tensors[i], factors[i]);
        }

        return sum;
    }
}
