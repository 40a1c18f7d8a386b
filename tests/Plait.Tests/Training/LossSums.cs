using Plait.Optimization;
using Plait.Tasks;
using Plait.Torch;

namespace Plait.Tests.Training;

/// <summary>A callback that has a state: for each task the sum of the losses that it saw.</summary>
internal sealed class LossSums(int interval = 1) : TrainingCallback
{
    private double[] sums = [];

    public override int Interval => interval;

    public override void Begin(TaskSet tasks) => sums = new double[tasks.Count];

    public override void Observe(InnerProblem training, StepContext step)
    {
        var tasks = training.Objective.Tasks;
        if (tasks.Count == 0)
        {
            return;
        }

        var losses = training.Losses(training.Objective).Numbers;
        for (var i = 0; i < tasks.Count; i++)
        {
            sums[tasks.Indices[i]] += losses[i];
        }
    }

    public override void Save(StateDictionary state) => state.Set("sums", sums);

    public override void Load(StateDictionary state) => sums = state.Numbers("sums");
}
