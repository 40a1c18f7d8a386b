using System.Globalization;

namespace Plait.Torch;

/// <summary>Names of devices, and whether they are there.</summary>
public static class Devices
{
    /// <summary>The device of a name.</summary>
    /// <param name="name">"cpu", "cuda", "cuda:1" or "mps".</param>
    /// <exception cref="FormatException">The name is none of these.</exception>
    /// <exception cref="PlatformNotSupportedException">The device is not there.</exception>
    public static Device Parse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var parts = name.Trim().ToLowerInvariant().Split(':');
        var index = 0;
        if (
            parts.Length > 2
            || (
                parts.Length == 2
                && (
                    parts[0] != "cuda"
                    || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out index)
                )
            )
        )
        {
            throw Unknown(name);
        }

        return parts[0] switch
        {
            "cpu" => torch.CPU,
            "cuda" => Cuda(index),
            "mps" => torch.mps_is_available()
                ? torch.MPS
                : throw new PlatformNotSupportedException(
                    "There is no Metal device ('mps') on this machine; use --device cpu."
                ),
            _ => throw Unknown(name),
        };
    }

    /// <summary>Whether two names mean one device; TorchSharp's devices compare by reference.</summary>
    internal static bool AreSame(Device first, Device second) =>
        first.type == second.type && Math.Max(first.index, 0) == Math.Max(second.index, 0);

    /// <summary>A tensor on a device; Metal has no double precision, so doubles become singles there.</summary>
    internal static Tensor Move(Tensor tensor, Device device) =>
        device.type == DeviceType.MPS && tensor.dtype == ScalarType.Float64
            ? tensor.to(ScalarType.Float32).to(device)
            : tensor.to(device);

    private static Device Cuda(int index)
    {
        if (!torch.cuda.is_available())
        {
            throw new PlatformNotSupportedException(
                "There is no CUDA device here, or the libtorch that is installed is the CPU's: use --device cpu, or reference a CUDA build of libtorch."
            );
        }

        return index < torch.cuda.device_count()
            ? torch.device(DeviceType.CUDA, index)
            : throw new PlatformNotSupportedException(
                $"There is no device cuda:{index}; this machine has {torch.cuda.device_count()}, from cuda:0."
            );
    }

    private static FormatException Unknown(string name) =>
        new($"'{name}' is no device; write cpu, cuda, cuda:1 or mps.");
}
