using Plait.Catalogue;
using Plait.Networks;
using Plait.Tasks;

namespace Plait.Optimization.Regularization;

/// <summary>Draws the tasks' private parameters towards their mean.</summary>
/// <remarks>
/// Evgeniou and Pontil 2004, <i>Regularized multi-task learning</i>, lemma 2.1: strength times the sum over tasks of ‖W_t - mean W‖².
/// Parameters correspond when they stand at the same place among their tasks' private parameters and have the same shape for
/// every task; heads of different widths are left alone. The squared distances of all pairs, as Duong et al. 2015, <i>Low Resource
/// Dependency Parsing</i>, section 3, have them for two languages, are this sum times the number of tasks: to have that penalty multiply
/// the strength by it.
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
    public SoftSharing(double strength = 1e-3) => this.strength = Strength.Require(strength);

    /// <inheritdoc/>
    public override void Begin(MultiTaskNetwork network) =>
        CorrespondingParameters.Require(network, CorrespondingParameters.Of(network), "share softly");

    /// <inheritdoc/>
    public override Tensor Penalty(MultiTaskNetwork network, StepContext step)
    {
        ArgumentNullException.ThrowIfNull(network);
        using var scope = torch.NewDisposeScope();
        var parts = new List<Tensor>();
        foreach (var parameters in CorrespondingParameters.Of(network))
        {
            var stacked = torch.stack(parameters); // [tasks, ...]
            parts.Add(stacked.sub(stacked.mean([0L], keepdim: true)).square().sum());
        }

        return torch.stack(parts).sum().mul(strength).MoveToOuterDisposeScope();
    }
}
