using Plait.Networks.Encoders;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Networks.SingleTasking;

/// <summary>Batch normalisation with one scale and shift for all tasks, and running statistics for each.</summary>
/// <remarks>
/// Where every task has a forward pass of its own, training normalises by that pass's statistics anyway. Kept together, the running
/// ones would be a mixture that no task was trained with; kept apart, evaluation is what training was, and nothing more is learned.
/// </remarks>
internal sealed class TaskStatisticsNorm : Module<Tensor, Tensor>, ITaskDependent
{
    private const double Momentum = 0.1; // PyTorch's, as in every other normalisation of an encoder
    private const double Epsilon = 1e-5;
    private const string Means = "running_means";
    private const string Variances = "running_variances";

    private readonly ActiveTask turn;
    private readonly Parameter weight; // [channels]
    private readonly Parameter bias; // [channels]

    /// <summary>A normalisation that has seen nothing.</summary>
    public TaskStatisticsNorm(ActiveTask turn, int tasks, long channels)
        : base(nameof(TaskStatisticsNorm))
    {
        this.turn = turn;
        weight = Parameter(torch.ones(channels));
        bias = Parameter(torch.zeros(channels));
        register_buffer(Means, torch.zeros(tasks, channels).DetachFromDisposeScope());
        register_buffer(Variances, torch.ones(tasks, channels).DetachFromDisposeScope());
        RegisterComponents();
    }

    /// <inheritdoc/>
    public IEnumerable<Parameter> ParametersOf(int task) => [];

    /// <summary>Starts all tasks from what another normalisation has learned and seen.</summary>
    public void Adopt(BatchNorm2d other)
    {
        using var noGrad = torch.no_grad();
        weight.copy_(other.weight!);
        bias.copy_(other.bias!);
        get_buffer(Means)!.copy_(other.running_mean!);
        get_buffer(Variances)!.copy_(other.running_var!);
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var mean = get_buffer(Means)!.select(0, turn.Task);
        using var variance = get_buffer(Variances)!.select(0, turn.Task);
        return functional.batch_norm(input, mean, variance, weight, bias, training, Momentum, Epsilon);
    }
}
