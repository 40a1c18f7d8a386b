using Plait.Networks;
using Plait.Optimization;
using Plait.Tasks;

namespace Plait.Tests.Optimization;

/// <summary>Losses that are formulas: an objective without any data.</summary>
/// <param name="tasks">The tasks that have a loss.</param>
/// <param name="losses">Computes their losses at the parameters as they are.</param>
/// <param name="independent">Other losses, by a number from 0; the same when null.</param>
internal sealed class FunctionObjective(
    TaskSelection tasks,
    Func<TaskLosses> losses,
    Func<int, IObjective>? independent = null
) : IObjective, IObjectivePart
{
    public TaskSelection Tasks => tasks;

    public IReadOnlyList<IObjectivePart> Parts => [this];

    public IObjective Joined => this;

    public IObjective Alone => this;

    public IObjective Independent(int number) => independent is null ? this : independent(number);

    public IObjective Share(double share) => this;

    public TaskLosses Measure()
    {
        using var noGrad = torch.no_grad();
        return losses();
    }

    public (TaskLosses Losses, SharedRepresentation? Cut) Forward(bool withGraph, bool cut)
    {
        using var mode = torch.set_grad_enabled(withGraph);
        return (losses(), null);
    }
}
