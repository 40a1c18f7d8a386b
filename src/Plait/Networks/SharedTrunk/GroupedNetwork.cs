using Plait.Catalogue;
using Plait.Data;
using Plait.Networks.Encoders;
using Plait.Networks.Heads;
using Plait.Tasks;
using TorchSharp.Modules;

namespace Plait.Networks.SharedTrunk;

/// <summary>One trunk for each group of tasks: what is learned together shares everything but the heads, the rest nothing.</summary>
/// <remarks>
/// Standley et al. 2020, <i>Which Tasks Should Be Learned Together in Multi-task Learning?</i>, section 3: a set of networks, in which a
/// task may be learned by several and is answered by one of them. Groups share no parameter, so they
/// learn as if alone, but for what looks at the whole: the choice of the epoch and the clipping of gradients.
/// </remarks>
[Method(
    "grouped",
    Survey = "4.1",
    Paper = "Standley et al. 2020, Which Tasks Should Be Learned Together in Multi-task Learning?",
    Arxiv = "1905.07553",
    Summary = "One shared trunk for each group of tasks, as a grouping chose them."
)]
public sealed class GroupedNetwork : MultiTaskNetwork
{
    private readonly int[][] groups;
    private readonly int[] serving;
    private readonly int[] firstHeads; // of each group
    private readonly ModuleList<Encoder> encoders;
    private readonly ModuleList<TaskHead> heads; // group after group, in the order of its tasks

    /// <summary>Builds a trunk and heads for each group.</summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="encoder">The trunk of the first group, now owned by this network; the others get new ones like it.</param>
    /// <param name="groups">For each group, its tasks' places in the set: "0-2/1-3" is two groups of two. One group of all when null.</param>
    /// <param name="serving">For each task, the place of the group that answers for it; the first that has it when null.</param>
    /// <param name="headWidths">Hidden widths of heads of linear layers; none for one layer.</param>
    /// <param name="head">What heads of dense tasks are like; <see cref="ConvolutionHead"/> when null.</param>
    /// <exception cref="ArgumentException">A place is no task's, comes twice in a group, is in no group, or is served by a group without it.</exception>
    public GroupedNetwork(
        TaskSet tasks,
        Encoder encoder,
        string[]? groups = null,
        int[]? serving = null,
        int[]? headWidths = null,
        DenseHead? head = null
    )
        : base(tasks, nameof(GroupedNetwork))
    {
        ArgumentNullException.ThrowIfNull(tasks);
        ArgumentNullException.ThrowIfNull(encoder);
        this.groups = groups is null
            ?
            [
                [.. Enumerable.Range(0, tasks.Count)],
            ]
            : [.. groups.Select(group => Places(tasks, group))];
        this.serving =
            serving ?? [.. tasks.Select((_, task) => Array.FindIndex(this.groups, one => one.Contains(task)))];
        RequireServed(tasks);
        firstHeads = [.. this.groups.Select((_, group) => this.groups.Take(group).Sum(one => one.Length))];
        encoders = new ModuleList<Encoder>([
            encoder,
            .. Enumerable.Range(1, this.groups.Length - 1).Select(_ => encoder.Replicate()),
        ]);
        heads = new ModuleList<TaskHead>([
            .. this.groups.SelectMany(group => group.Select(task => Head.For(tasks[task], encoder, headWidths, head))),
        ]);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override IEnumerable<Parameter> SharedParameters =>
        encoders.Where((_, group) => groups[group].Length > 1).SelectMany(encoder => encoder.parameters());

    /// <inheritdoc/>
    public override IEnumerable<Parameter> ParametersOf(int task) =>
        encoders
            .Where((_, group) => groups[group].SequenceEqual([task]))
            .SelectMany(encoder => encoder.parameters())
            .Concat(
                HeadPlaces().Where(place => place.Task == task).SelectMany(place => heads[place.Head].parameters())
            );

    /// <inheritdoc/>
    public override Encoder EncoderOf(int task) => encoders[serving[task]];

    /// <inheritdoc/>
    public override FeatureSpec FeatureSpecOf(int task) => encoders[0].Output;

    /// <inheritdoc/>
    /// <remarks>While training, a task that several groups learn has a further answer of each of the others.</remarks>
    protected override void Forward(BatchInput input, TaskSelection tasks, TaskOutputs outputs)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(tasks);
        ArgumentNullException.ThrowIfNull(outputs);
        for (var group = 0; group < groups.Length; group++)
        {
            Forward(group, input, tasks, outputs);
        }
    }

    /// <inheritdoc/>
    /// <remarks>One trunk after the other, whatever the rows of its tasks, so that what its dropout draws hangs on no other trunk.</remarks>
    protected override void ForwardGroups(IReadOnlyList<InputGroup> groups, TaskOutputs outputs)
    {
        ArgumentNullException.ThrowIfNull(groups);
        for (var group = 0; group < this.groups.Length; group++)
        {
            foreach (var (input, tasks) in groups)
            {
                Forward(group, input, tasks, outputs);
            }
        }
    }

    private void Forward(int group, BatchInput input, TaskSelection tasks, TaskOutputs outputs)
    {
        Features? features = null;
        for (var i = 0; i < groups[group].Length; i++)
        {
            var task = groups[group][i];
            var answers = serving[task] == group;
            if (!tasks.Contains(task) || !(answers || training))
            {
                continue;
            }

            features ??= encoders[group].Features(input);
            var output = heads[firstHeads[group] + i].call(features);
            if (answers)
            {
                outputs[task] = output;
                outputs.SetFeatures(task, features);
            }
            else
            {
                outputs.AddAuxiliary(task, output);
            }
        }
    }

    private IEnumerable<(int Group, int Task, int Head)> HeadPlaces()
    {
        var head = 0;
        for (var group = 0; group < groups.Length; group++)
        {
            foreach (var task in groups[group])
            {
                yield return (group, task, head++);
            }
        }
    }

    private static int[] Places(TaskSet tasks, string group)
    {
        var places = group
            .Split('-')
            .Select(text => int.TryParse(text, out var place) && place < tasks.Count ? place : -1)
            .ToArray();
        return places.Contains(-1) || places.Distinct().Count() != places.Length
            ? throw new ArgumentException(
                $"A group is places of tasks from 0 to {tasks.Count - 1}, each once, such as 0-1; got '{group}'."
            )
            : places;
    }

    private void RequireServed(TaskSet tasks)
    {
        if (serving.Length != tasks.Count)
        {
            throw new ArgumentException(
                $"serving names a group for each of {tasks.Count} tasks; got {serving.Length}."
            );
        }

        for (var task = 0; task < tasks.Count; task++)
        {
            if (serving[task] < 0 || serving[task] >= groups.Length || !groups[serving[task]].Contains(task))
            {
                throw new ArgumentException(
                    $"Task '{tasks[task].Name}' is in no group, or is served by one that does not learn it."
                );
            }
        }
    }
}
