using System.Runtime.InteropServices;
using Plait.Tasks;
using Plait.Tasks.Answers;

namespace Plait.Tabular;

/// <summary>The columns that one target has in a file of predictions, and what they say of a network's output.</summary>
internal sealed class PredictionColumns(TargetEncoding target, bool withProbabilities)
{
    private readonly AnswerKind kind = target.Answers;
    private readonly FittedTarget fitted = target.Fitted;

    public IEnumerable<string> Names => kind.Columns(fitted, withProbabilities);

    /// <summary>Values of one row in a network's output.</summary>
    public int Width { get; } = target.Answers.Create(target.Fitted).Channels;

    /// <summary>The output of a batch as numbers, row by row.</summary>
    public float[] Read(Tensor output)
    {
        using var scope = torch.NewDisposeScope();
        var local = output.detach().cpu().to(ScalarType.Float32).contiguous();
        return local.numel() % Width == 0
            ? MemoryMarshal.Cast<byte, float>(local.bytes).ToArray()
            : throw new ArgumentException(
                $"Outputs of shape {TargetShapes.Text(output.shape)} are not {Width} a row, which target '{target.Name}' needs."
            );
    }

    /// <summary>Writes one row's fields.</summary>
    /// <exception cref="TableException">The output is not finite.</exception>
    public void Write(CsvFields fields, ReadOnlySpan<float> output, long row)
    {
        foreach (var value in output)
        {
            if (!float.IsFinite(value))
            {
                throw new TableException(
                    $"The prediction of '{target.Name}' for row {row} is not a finite number ({value}); check that row for extreme values, or train anew with a smaller learning rate."
                );
            }
        }

        kind.Write(fields, fitted, output, withProbabilities);
    }
}
