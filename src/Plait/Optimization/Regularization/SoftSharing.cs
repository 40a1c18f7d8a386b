using Plait.Catalogue;
using Plait.Networks;
using Plait.Tasks;
using TorchSharp.Modules;

namespace Plait.Optimization.Regularization;

/// <summary>Draws the tasks' private parameters towards their mean.</summary>
/// <remarks>
/// Evgeniou and Pontil 2004, <i>Regularized multi-task learning</i>, lemma 2.1: strength times the sum over tasks of ‖W_t - mean W‖².
/// Parameters correspond when they stand at the same place among their tasks' private parameters and have the same shape for
/// every task; heads of different widths are left alone.
/// </remarks>
[Method(
    "soft-sharing",
    Survey = "3.2",
    Paper = "Evgeniou and Pontil 2004, Regularized multi-task learning",
    Summary = "Draws the tasks' private parameters towards their mean."
)]
public sealed class SoftSharing : Regularizer
{
    private readonly double strength;

    /// <summary>Sets the strength.</summary>
    /// <param name="strength">Times the sum of squared distances; 0 or more.</param>
    public SoftSharing(double strength = 1e-3)
    {
        if (!(strength >= 0) || double.IsInfinity(strength))
        {
            throw new ArgumentException($"The strength is finite and 0 or more; got {strength}.", nameof(strength));
        }

        this.strength = strength;
    }

    /// <inheritdoc/>
    public override void Begin(MultiTaskNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        if (!Corresponding(network).Any())
        {
            throw new NotSupportedException(
                $"The tasks of {network.GetName()} have no private parameters that correspond, so there is nothing to share softly; use an architecture with one network a task."
            );
        }
    }

    /// <inheritdoc/>
    public override Tensor Penalty(MultiTaskNetwork network, StepContext step)
    {
        ArgumentNullException.ThrowIfNull(network);
        using var scope = torch.NewDisposeScope();
        var parts = new List<Tensor>();
        foreach (var parameters in Corresponding(network))
        {
            var stacked = torch.stack(parameters); // [tasks, ...]
            parts.Add(stacked.sub(stacked.mean([0L], keepdim: true)).square().sum());
        }

        return torch.stack(parts).sum().mul(strength).MoveToOuterDisposeScope();
    }

    private static IEnumerable<Parameter[]> Corresponding(MultiTaskNetwork network)
    {
        Parameter[][] ofTask =
        [
            .. Enumerable.Range(0, network.Tasks.Count).Select(task => network.ParametersOf(task).ToArray()),
        ];
        for (var place = 0; place < ofTask.Min(own => own.Length); place++)
        {
            if (Array.TrueForAll(ofTask, own => own[place].shape.SequenceEqual(ofTask[0][place].shape)))
            {
                yield return [.. ofTask.Select(own => own[place])];
            }
        }
    }
}
