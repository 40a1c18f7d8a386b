using System.Runtime.InteropServices;
using Plait.Data;
using Plait.Networks;
using Plait.Tasks;
using Plait.Torch;

namespace Plait.Benchmarks.Jobs;

/// <summary>The loss of each row of a part, which a job kept in its folder.</summary>
public static class RowLosses
{
    private const string FileName = "row-losses.bin";

    /// <summary>Reads what a job kept.</summary>
    /// <param name="folder">The job's folder.</param>
    /// <returns>One a row of the part that has a target.</returns>
    /// <exception cref="IOException">The file is missing.</exception>
    public static double[] Load(string folder) =>
        MemoryMarshal.Cast<byte, double>(File.ReadAllBytes(Path.Combine(folder, FileName))).ToArray();

    internal static void Save(string folder, MultiTaskNetwork network, TensorData part) =>
        AtomicFile.Write(
            Path.Combine(folder, FileName),
            stream => stream.Write(MemoryMarshal.AsBytes<double>(Of(network, part)))
        );

    private static double[] Of(MultiTaskNetwork network, TensorData part)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        network.eval();
        var tasks = network.Tasks.All;
        var outputs = network.Forward(MultiTaskBatch.Unlabelled(tasks, part.InputOf(0)), tasks)[0];
        var target = part.TargetOf(0);
        var losses = new List<double>();
        for (var row = 0L; row < outputs.size(0); row++)
        {
            using var inner = torch.NewDisposeScope();
            var own = TaskTarget.Of(target.Values.narrow(0, row, 1), target.Present?.narrow(0, row, 1));
            if (own.PresentCount > 0)
            {
                losses.Add(tasks[0].Loss.Compute(outputs.narrow(0, row, 1), own).to(ScalarType.Float64).item<double>());
            }
        }

        return [.. losses];
    }
}
