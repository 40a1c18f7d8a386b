using Plait.Networks.Encoders;
using static TorchSharp.torch.nn;

namespace Plait.Networks.PredictionDistillation;

/// <summary>Draws from the latest states of the tasks what the next state of one of them needs.</summary>
/// <remarks>
/// Zhang et al. 2018, JTRL, its task-attentional module: a balance between the states, number by number; from the balanced
/// states a map M of attention, seen at half the size so that it reaches far; and (1 + M) ∘ state of every task, brought
/// together. The paper has two tasks and a balance of B and 1 − B, which is a softmax over two. Where it enlarges the map of
/// attention by transposed convolutions, this does so bilinearly.
/// </remarks>
internal sealed class TaskAttention : Module
{
    private readonly Module<Tensor, Tensor>? balance;
    private readonly Module<Tensor, Tensor> fusion;
    private readonly Module<Tensor, Tensor> wide;
    private readonly Module<Tensor, Tensor> attention;
    private readonly Module<Tensor, Tensor> merging;
    private readonly int states;

    /// <summary>Builds the layers for a number of states; a lone one is not balanced.</summary>
    public TaskAttention(int states, long channels)
        : base(nameof(TaskAttention))
    {
        this.states = states;
        var all = states * channels;
        balance = states == 1 ? null : Conv2d(all, all, 3, padding: 1);
        fusion = Layer(all);
        wide = Sequential(Layer(channels, stride: 2), Layer(channels));
        attention = Sequential(Conv2d(channels, channels, 3, padding: 1), Sigmoid());
        merging = Layer(all);
        RegisterComponents();

        Module<Tensor, Tensor> Layer(long inputs, int stride = 1) =>
            Sequential(ConvolutionUnits.Plain.Unit(new(inputs, channels, 3, stride)), ReLU());
    }

    /// <summary>One map of the states' shape.</summary>
    /// <param name="latest">One state a task that has one, [rows, channels, height, width] each.</param>
    public Tensor Attend(IReadOnlyList<Tensor> latest)
    {
        using var scope = torch.NewDisposeScope();
        var side = torch.cat([.. latest], 1); // [rows, states · channels, height, width]
        var fused = fusion.call(balance is null ? side : PerState(side).mul(Balance(side)).view(side.shape));
        var mask = attention.call(Enlargement.Resize(wide.call(fused), side.size(2), side.size(3)));
        var attended = PerState(side).mul(mask.add(1).unsqueeze(1)).view(side.shape);
        return merging.call(attended).MoveToOuterDisposeScope();
    }

    /// <summary>How much of each state's numbers goes on; sums to one over states: [rows, states, channels, height, width].</summary>
    internal Tensor Balance(Tensor side) => PerState(balance!.call(side)).softmax(1);

    private Tensor PerState(Tensor side) => side.view(side.size(0), states, -1, side.size(2), side.size(3));
}
