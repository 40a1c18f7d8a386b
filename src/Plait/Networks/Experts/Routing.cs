using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Networks.Experts;

/// <summary>How sub-networks are connected to those of the next level.</summary>
public enum SubNetworkConnection
{
    /// <summary>By a matrix for each pair, times the pair's gate: SNR-Trans.</summary>
    Transform,

    /// <summary>By the pair's gate alone: SNR-Aver.</summary>
    Average,
}

/// <summary>Gated connections from the sub-networks of one level to some receivers above.</summary>
/// <remarks>
/// Ma et al. 2019, <i>SNR</i>: v_i = Σ_j z_ij W_ij u_j, or v_i = Σ_j z_ij u_j. All gated matrices side by side are one
/// linear layer, on maps a convolution of 1 x 1.
/// </remarks>
internal sealed class Routing : Module
{
    private const double HalfOpen = 0.5;

    private readonly Parameter openness; // log α, [receivers, senders]
    private readonly Parameter? transform; // [receivers · width, senders · width]; null for averages
    private readonly long width; // of what one sender sends
    private float[]? noise; // of this step's draw; null before the first

    /// <summary>Builds the connections; all gates start half open, and matrices so that what they let through has the variance of what is sent.</summary>
    public Routing(int receivers, int senders, long width, SubNetworkConnection connection)
        : base(nameof(Routing))
    {
        this.width = width;
        openness = Parameter(torch.zeros(receivers, senders));
        if (connection == SubNetworkConnection.Transform)
        {
            transform = Parameter(torch.empty(receivers * width, senders * width));
            var bound = Math.Sqrt(3.0 / (senders * width)) / HalfOpen;
            init.uniform_(transform, -bound, bound);
        }

        RegisterComponents();
    }

    /// <summary>Multiply-adds of a row, or of a pixel where maps are routed.</summary>
    public long MacsOfPixel => transform?.numel() ?? openness.numel() * width;

    /// <summary>How many gates are expected to be open in a draw, a scalar tied to the parameters.</summary>
    public Tensor OpenGates => HardConcrete.OpenProbability(openness).sum();

    /// <summary>Draws the gates that hold until the next draw, in training.</summary>
    public void Draw(Random random)
    {
        noise ??= new float[openness.numel()];
        for (var i = 0; i < noise.Length; i++)
        {
            noise[i] = HardConcrete.Noise(random);
        }
    }

    /// <summary>The gates as they act now, drawn in training (once there was a draw) and settled in evaluation: [receivers, senders].</summary>
    public Tensor Gates() =>
        training && noise is not null
            ? HardConcrete.Drawn(
                openness,
                torch.tensor(noise, dtype: openness.dtype, device: openness.device).view(openness.shape)
            )
            : HardConcrete.Settled(openness);

    /// <summary>What the receivers of several routings from the same level get.</summary>
    /// <param name="sent">[rows, senders, ...].</param>
    /// <param name="routings">Whose receivers, one after the other.</param>
    /// <returns>[rows, receivers, ...].</returns>
    public static Tensor Together(Tensor sent, IReadOnlyList<Routing> routings)
    {
        var gates = torch.cat([.. routings.Select(routing => routing.Gates())]);
        if (routings[0].transform is null)
        {
            return Mixture.Of(gates.unsqueeze(0).expand(sent.size(0), -1, -1), sent);
        }

        var (receivers, senders, width) = (gates.size(0), gates.size(1), sent.size(2));
        var matrices = torch
            .cat([.. routings.Select(routing => routing.transform!)])
            .view(receivers, width, senders, width)
            .mul(gates.view(receivers, 1, senders, 1))
            .view(receivers * width, senders * width);
        var read = sent.flatten(1, 2);
        return (
            sent.dim() == 3
                ? functional.linear(read, matrices)
                : functional.conv2d(read, matrices.unsqueeze(-1).unsqueeze(-1))
        ).view([sent.size(0), receivers, .. sent.shape.AsSpan(2)]);
    }
}
