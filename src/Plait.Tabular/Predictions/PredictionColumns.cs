using System.Runtime.InteropServices;
using Plait.Tabular.Features;
using Plait.Tasks;

namespace Plait.Tabular.Predictions;

/// <summary>The columns that one target has in a file of predictions, and what they say of a network's output.</summary>
/// <remarks>What an output says is asked of the target's answer, as metrics ask it; the kind puts it into words.</remarks>
internal sealed class PredictionColumns(TargetEncoding target, bool withProbabilities)
{
    private readonly AnswerKind kind = target.Answers;
    private readonly FittedTarget fitted = target.Fitted;
    private readonly Answer answer = target.Answers.Create(target.Fitted);

    public IEnumerable<string> Names => kind.Columns(fitted, withProbabilities);

    /// <summary>What a network says of some rows.</summary>
    /// <exception cref="ArgumentException">The output has not as many numbers a row as the target needs.</exception>
    public PredictedRows Read(Tensor output)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var local = output.detach().cpu().to(ScalarType.Float32).contiguous();
        if (local.numel() % answer.Channels != 0)
        {
            throw new ArgumentException(
                $"Outputs of shape {TargetShapes.Text(output.shape)} are not {answer.Channels} a row, which target '{target.Name}' needs."
            );
        }

        // In double precision, so that the digits of a prediction are those of the output and not of what is computed from it.
        var precise = local.reshape(-1, answer.Channels).to(ScalarType.Float64);
        var probabilities = answer.Probabilities(precise)?.to(ScalarType.Float32);
        return new(
            (int)precise.size(0),
            Numbers<float>(local),
            Numbers<double>(answer.Decide(precise).to(ScalarType.Float64)),
            probabilities is null ? [] : Numbers<float>(probabilities)
        );
    }

    /// <summary>Writes one row's fields.</summary>
    /// <param name="fields">Where to.</param>
    /// <param name="rows">What <see cref="Read"/> gave.</param>
    /// <param name="place">The row's place there.</param>
    /// <param name="row">Its number in the file, from 1.</param>
    /// <exception cref="TableException">The output is not finite.</exception>
    public void Write(CsvFields fields, PredictedRows rows, int place, long row)
    {
        foreach (var value in PredictedRows.Of(rows.Outputs, rows.Count, place))
        {
            if (!float.IsFinite(value))
            {
                throw new TableException(
                    $"The prediction of '{target.Name}' for row {row} is not a finite number ({value}); check that row for extreme values, or train anew with a smaller learning rate."
                );
            }
        }

        var prediction = new Prediction(
            PredictedRows.Of(rows.Decisions, rows.Count, place),
            PredictedRows.Of(rows.Probabilities, rows.Count, place)
        );
        kind.Write(fields, fitted, prediction, withProbabilities);
    }

    private static T[] Numbers<T>(Tensor tensor)
        where T : struct => MemoryMarshal.Cast<byte, T>(tensor.contiguous().bytes).ToArray();
}

/// <summary>What a network says of some rows for one target, row by row, as many numbers a row in each list.</summary>
/// <param name="Count">How many rows.</param>
/// <param name="Outputs">The output.</param>
/// <param name="Decisions">What it decides.</param>
/// <param name="Probabilities">Of classes, labels or a yes; none where it tells none.</param>
internal sealed record PredictedRows(int Count, float[] Outputs, double[] Decisions, float[] Probabilities)
{
    /// <summary>The numbers of one row.</summary>
    public static ReadOnlySpan<T> Of<T>(T[] numbers, int rows, int place) =>
        numbers.AsSpan(numbers.Length / rows * place, numbers.Length / rows);
}
