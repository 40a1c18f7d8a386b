using System.Runtime.InteropServices;
using Plait.Data;
using Plait.Networks;
using Plait.Tasks;
using Plait.Torch;

namespace Plait.Jobs;

/// <summary>The loss of each row that was not learned from, which a job kept in its folder.</summary>
public static class RowLosses
{
    /// <summary>Reads what a job kept of the validation part: what to choose by.</summary>
    /// <param name="folder">The job's folder.</param>
    /// <returns>One a row that has a target.</returns>
    /// <exception cref="IOException">The file is missing.</exception>
    public static double[] OfValidation(string folder) => Load(ValidationFile(folder));

    /// <summary>Reads what a job kept of the test part: what to report.</summary>
    /// <param name="folder">The job's folder.</param>
    /// <returns>One a row that has a target.</returns>
    /// <exception cref="IOException">The file is missing.</exception>
    public static double[] OfTest(string folder) => Load(TestFile(folder));

    internal static void Save(string folder, MultiTaskNetwork network, TensorData validation, TensorData test)
    {
        Save(ValidationFile(folder), Of(network, validation));
        Save(TestFile(folder), Of(network, test));
    }

    private static string ValidationFile(string folder) => Path.Combine(folder, "validation-row-losses.bin");

    private static string TestFile(string folder) => Path.Combine(folder, "test-row-losses.bin");

    private static double[] Load(string file) => MemoryMarshal.Cast<byte, double>(File.ReadAllBytes(file)).ToArray();

    private static void Save(string file, double[] losses) =>
        AtomicFile.Write(file, stream => stream.Write(MemoryMarshal.AsBytes<double>(losses)));

    private static double[] Of(MultiTaskNetwork network, TensorData part)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        network.eval();
        var tasks = network.Tasks.All;
        var outputs = network.Forward(MultiTaskBatch.Unlabelled(tasks, part.BatchInputOf(0)), tasks)[0];
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
