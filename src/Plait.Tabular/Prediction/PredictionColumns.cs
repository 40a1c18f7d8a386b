using System.Runtime.InteropServices;

namespace Plait.Tabular;

/// <summary>The columns that one target has in a file of predictions, and what they say of a network's output.</summary>
internal sealed class PredictionColumns(TargetEncoding target, bool withProbabilities)
{
    private const float Even = 0.5f;

    private readonly double[] probabilities = new double[target.Classes.Count];

    public IEnumerable<string> Names =>
        target.Kind switch
        {
            TargetKind.Regression => [target.Name],
            TargetKind.Binary => [target.Name, $"{target.Name}_probability"],
            _ when withProbabilities =>
            [
                target.Name,
                .. target.Classes.Select(name => $"{target.Name}_probability_{name}"),
            ],
            _ => [target.Name],
        };

    /// <summary>Values of one row in a network's output.</summary>
    public int Width => target.Kind == TargetKind.Classification ? target.Classes.Count : 1;

    /// <summary>The output of a batch as numbers, row by row.</summary>
    public float[] Read(Tensor output)
    {
        using var scope = torch.NewDisposeScope();
        var local = output.detach().cpu().to(ScalarType.Float32).contiguous();
        return local.numel() % Width == 0
            ? MemoryMarshal.Cast<byte, float>(local.bytes).ToArray()
            : throw new ArgumentException(
                $"Outputs of shape [{string.Join(", ", output.shape)}] are not {Width} a row, which target '{target.Name}' needs."
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

        switch (target.Kind)
        {
            case TargetKind.Regression:
                fields.Add(target.Restore(output[0]));
                break;
            case TargetKind.Binary:
                var positive = (float)(1 / (1 + Math.Exp(-(double)output[0])));
                fields.Add(target.Classes[positive >= Even ? 1 : 0]);
                fields.Add(positive);
                break;
            default:
                WriteClasses(fields, output);
                break;
        }
    }

    private void WriteClasses(CsvFields fields, ReadOnlySpan<float> logits)
    {
        var best = 0;
        for (var i = 1; i < logits.Length; i++)
        {
            best = logits[i] > logits[best] ? i : best;
        }

        fields.Add(target.Classes[best]);
        if (!withProbabilities)
        {
            return;
        }

        var sum = 0.0;
        for (var i = 0; i < logits.Length; i++)
        {
            probabilities[i] = Math.Exp((double)logits[i] - logits[best]); // the largest is taken off so that none overflows
            sum += probabilities[i];
        }

        foreach (var probability in probabilities)
        {
            fields.Add((float)(probability / sum));
        }
    }
}
