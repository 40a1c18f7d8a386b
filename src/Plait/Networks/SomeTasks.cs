using Plait.Data;
using Plait.Networks.Encoders;
using Plait.Tasks;
using TorchSharp.Modules;

namespace Plait.Networks;

/// <summary>A network seen through some of its tasks: these alone are computed and trained. It has no shared representation.</summary>
internal sealed class SomeTasks : MultiTaskNetwork
{
    private readonly MultiTaskNetwork whole;
    private readonly int[] places; // of each task here, in the whole

    /// <summary>Chooses tasks of a network.</summary>
    /// <param name="whole">The network, now owned by this one.</param>
    /// <param name="chosen">Names tasks of it.</param>
    /// <exception cref="ArgumentException">It has no task of some name, or none is chosen.</exception>
    public SomeTasks(MultiTaskNetwork whole, IEnumerable<string> chosen)
        : base(Chosen(whole, chosen), whole.GetName())
    {
        this.whole = whole;
        places = [.. Tasks.Select(whole.Tasks.IndexOf)];
        RegisterComponents();
    }

    /// <summary>The network with all of its tasks.</summary>
    public MultiTaskNetwork Whole => whole;

    /// <inheritdoc/>
    internal override string MethodName => whole.MethodName;

    /// <inheritdoc/>
    public override IEnumerable<Parameter> SharedParameters => whole.SharedParameters;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Notices => whole.Notices;

    /// <inheritdoc/>
    public override IEnumerable<Parameter> ParametersOf(int task) => whole.ParametersOf(places[task]);

    /// <inheritdoc/>
    public override FeatureSpec? FeatureSpecOf(int task) => whole.FeatureSpecOf(places[task]);

    /// <inheritdoc/>
    public override Encoder? EncoderOf(int task) => whole.EncoderOf(places[task]);

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterGroup> ParameterGroups => whole.ParameterGroups;

    /// <inheritdoc/>
    protected override void Forward(BatchInput input, TaskSelection tasks, TaskOutputs outputs)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(tasks);
        ArgumentNullException.ThrowIfNull(outputs);
        var own = whole.Tasks.Select(tasks.Select(task => whole.Tasks.IndexOf(task)));
        var said = whole.Forward(MultiTaskBatch.Unlabelled(own, input), own);
        foreach (var task in tasks.Indices)
        {
            var place = places[task];
            outputs[task] = said[place];
            if (said.FeaturesOf(place) is { } features)
            {
                outputs.SetFeatures(task, features);
            }

            foreach (var further in said.AuxiliaryOutputsOf(place))
            {
                outputs.AddAuxiliary(task, further);
            }

            if (said.PenaltyOf(place) is { } penalty)
            {
                outputs.AddPenalty(task, penalty);
            }
        }
    }

    /// <inheritdoc/>
    public override void BeginStep(StepContext step) => whole.BeginStep(step);

    private static TaskSet Chosen(MultiTaskNetwork whole, IEnumerable<string> chosen)
    {
        ArgumentNullException.ThrowIfNull(whole);
        var names = chosen.ToHashSet(StringComparer.Ordinal);
        return names.All(whole.Tasks.Contains)
            ? new TaskSet(whole.Tasks.Where(task => names.Contains(task.Name)))
            : throw new ArgumentException(
                $"The network's tasks are {string.Join(", ", whole.Tasks)}; got {string.Join(", ", names)}.",
                nameof(chosen)
            );
    }
}
