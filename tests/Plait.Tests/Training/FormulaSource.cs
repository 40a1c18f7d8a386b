using Plait.Data;
using Plait.Optimization;
using Plait.Tasks;
using Plait.Tests.Optimization;
using Plait.Torch;

namespace Plait.Tests.Training;

/// <summary>The same formulas in every step.</summary>
/// <param name="tasks">The tasks.</param>
/// <param name="losses">Their losses at the parameters as they are.</param>
internal sealed class FormulaSource(TaskSet tasks, Func<TaskLosses> losses) : IObjectiveSource
{
    public DataSizes Sizes => new(tasks, [.. tasks.Select(_ => 1L)], [.. tasks.Select(_ => 1)]);

    public bool SharesRows => true;

    public int Begin(ObjectiveRequest request) => request.Draws;

    public IObjective? Next(TaskSelection chosen, StepContext step) => new FunctionObjective(chosen, losses);

    public void Save(StateDictionary state) { }

    public void Load(StateDictionary state) { }
}
