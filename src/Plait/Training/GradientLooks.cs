using Plait.Networks;
using Plait.Optimization;
using Plait.Tasks;

namespace Plait.Training;

/// <summary>Looks at the cosines between the task gradients from time to time, on a pass of its own; see <see cref="LookingMode"/>.</summary>
/// <param name="network">The network.</param>
/// <param name="interval">Steps between two looks; 0 never looks.</param>
/// <param name="rowMemory">Bytes that the gradients may take at once.</param>
internal sealed class GradientLooks(MultiTaskNetwork network, int interval, long rowMemory)
{
    /// <summary>Looks, where it is time to and there are two tasks to compare.</summary>
    /// <param name="objective">The losses of the coming step; the first part that has any is looked at.</param>
    /// <param name="context">Where the run stands.</param>
    /// <returns>What was seen, or null.</returns>
    /// <exception cref="NonFiniteException">A loss or a gradient is not finite.</exception>
    public GradientRecord? Look(IObjective objective, StepContext context)
    {
        if (interval <= 0 || context.Step % interval != 0)
        {
            return null;
        }

        var first = LooksBeforeSteps.FirstOf(objective);
        return first.Tasks.Count > 1 ? Record(first.Parts[0], context) : null;
    }

    private GradientRecord Record(IObjectivePart part, StepContext context)
    {
        using var scope = torch.NewDisposeScope();
        using var mode = new LookingMode(network);
        var (losses, cut) = part.Forward(withGraph: true, cut: true);
        NonFiniteException.ThrowIfAny(losses);
        var place = cut is null ? GradientLocation.Parameters : GradientLocation.Representation;
        using var gradients = TaskGradients.OfGraph(losses, network, cut, [], rowMemory);
        var gramian = gradients.Gramian(place);
        return GradientRecords.From(context.Step, network.Tasks.Count, gramian) with
        {
            Compliance = gramian.Count < 2 ? double.NaN : UpdateCompliance.Of(gradients, place),
        };
    }
}
