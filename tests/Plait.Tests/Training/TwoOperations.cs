using Plait.Data;
using Plait.Networks;
using Plait.Tasks;
using Plait.Tasks.Answers;
using TorchSharp.Modules;

namespace Plait.Tests.Training;

/// <summary>Two operations, of which gates that learn from search data choose: numbers as they are, or their sizes.</summary>
internal sealed class TwoOperations : MultiTaskNetwork
{
    private readonly Parameter gates = new(torch.zeros(2));
    private readonly Parameter scale = new(torch.ones(1));
    private readonly ParameterList heads;
    private readonly BatchNorm1d? norm;
    private readonly Func<StepContext, bool> moves;

    /// <param name="moves">When the gates move; in each step when null.</param>
    /// <param name="normalises">Whether a layer measures the batches.</param>
    public TwoOperations(Func<StepContext, bool>? moves = null, bool normalises = false)
        : base(Both, nameof(TwoOperations))
    {
        this.moves = moves ?? ParameterGroup.EveryNth(1);
        heads = [.. Both.Select((_, task) => new Parameter(torch.tensor([0.5f + task])))];
        norm = normalises ? torch.nn.BatchNorm1d(1, affine: false) : null;
        RegisterComponents();
    }

    public static TaskSet Both { get; } = new(LearningTask.Regression("once"), LearningTask.Regression("twice"));

    /// <summary>Rows x from -1 to 1, and targets that are x, or |x|, once and twice.</summary>
    public static TensorData Data(int rows, bool sizes)
    {
        using var scope = torch.NewDisposeScope();
        var x = torch.linspace(-1, 1, rows).view(rows, 1);
        var y = (sizes ? x.abs() : x).squeeze(1);
        return TensorData.Shared(Both, x, [TaskTarget.FromRaw(y), TaskTarget.FromRaw(y.mul(2))]);
    }

    public Tensor Gates => gates;

    /// <summary>All that learns but the gates.</summary>
    public float[] Weights => [.. heads.Prepend(scale).SelectMany(one => one.data<float>().ToArray())];

    /// <summary>How much of the output is made of sizes.</summary>
    public double ShareOfSizes => gates.softmax(0)[1].item<float>();

    public override IEnumerable<Parameter> SharedParameters => [gates, scale];

    public override IEnumerable<Parameter> ParametersOf(int task) => [heads[task]];

    public override IReadOnlyList<ParameterGroup> ParameterGroups =>
        base.ParameterGroups.SetApart(
            new ParameterGroup("gates", [gates]) { Learns = LearningSplit.Search, Moves = moves }
        );

    protected override void Forward(BatchInput input, TaskSelection tasks, TaskOutputs outputs)
    {
        var x = (norm is null ? input.Values : norm.call(input.Values)).mul(scale); // [rows, 1]
        var chosen = gates.softmax(0);
        var mixed = x.mul(chosen[0]).add(x.abs().mul(chosen[1]));
        foreach (var task in tasks.Indices)
        {
            outputs[task] = mixed.mul(heads[task]);
        }
    }
}
