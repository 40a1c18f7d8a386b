using Plait.Catalogue;
using Plait.Tasks;
using Plait.Torch;

namespace Plait.Optimization.GradientModulation;

/// <summary>Turns each task's gradient towards every other one until they are as similar as that pair of tasks usually is, then adds them up.</summary>
/// <remarks>
/// <para>Wang et al. 2021, <i>Gradient Vaccine: Investigating and Improving Multi-task Optimization in Massively Multilingual Models</i>,
/// algorithm 1 and equation 2. Like PCGrad it only ever mixes the original gradients, and it needs the lengths of the mixtures
/// as well: with unit gradients as the measure, a mixture of length n at the cosine ρ below its target ρ' gains
/// n (ρ' √(1-ρ²) - ρ √(1-ρ'²)) / √(1-ρ'²) of the other, which leaves its part across the other, n √(1-ρ²), as it was, so its
/// length after is that part over √(1-ρ'²).</para>
/// <para>The targets are running means of the cosines, one for each ordered pair of tasks. One pair of gradients is the whole
/// model's, the first of the paper's three granularities; its choice of parameters by layer is left out.</para>
/// </remarks>
[Method(
    "gradvac",
    Survey = "3.4",
    Paper = "Wang et al. 2021, Gradient Vaccine: Investigating and Improving Multi-task Optimization in Massively Multilingual Models",
    Arxiv = "2010.05874",
    Summary = "Turns task gradients towards one another up to the similarity that each pair usually has, then adds them up."
)]
[Updates(UpdateProperties.Homogeneous | UpdateProperties.IdentityForOne)]
public sealed class GradVac : GramianAggregator
{
    private readonly double beta;
    private readonly double target;
    private double[] targets = []; // [tasks, tasks], by their places in the set
    private int tasks;

    /// <summary>Sets the options.</summary>
    /// <param name="beta">How much of a step's cosine goes into the running mean, from 0 to 1; 0.01 in the paper.</param>
    /// <param name="target">The running mean of every pair at the start, between -1 and 1; 0 in the paper.</param>
    /// <param name="at">Where the gradients are taken: at the parameters as in the paper, or at the shared representation.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public GradVac(double beta = 0.01, double target = 0, GradientLocation at = GradientLocation.Parameters)
        : base(at)
    {
        if (beta is not (>= 0 and <= 1))
        {
            throw new ArgumentException($"beta is a share from 0 to 1; got {beta}.", nameof(beta));
        }

        if (target is not (> -1 and < 1))
        {
            throw new ArgumentException($"target is a cosine between -1 and 1; got {target}.", nameof(target));
        }

        this.beta = beta;
        this.target = target;
    }

    /// <inheritdoc/>
    public override void Begin(int tasks)
    {
        this.tasks = tasks;
        targets = new double[tasks * tasks];
        Array.Fill(targets, target);
    }

    /// <inheritdoc/>
    protected internal override void Weigh(GramianView gramian, Span<double> weights, StepContext step)
    {
        ArgumentNullException.ThrowIfNull(step);
        var count = gramian.Count;
        var known = gramian.Tasks.IsEmpty ? count : step.Tasks.Count;
        if (tasks != known)
        {
            Begin(known);
        }

        var random = step.Random();
        Span<double> mixture = count <= 64 ? stackalloc double[count] : new double[count];
        Span<int> order = count <= 64 ? stackalloc int[count] : new int[count];
        for (var i = 0; i < count; i++)
        {
            order[i] = i;
        }

        weights.Clear();
        for (var i = 0; i < count; i++)
        {
            random.Shuffle(order);
            Turn(gramian, i, order, mixture);
            for (var j = 0; j < count; j++)
            {
                weights[j] +=
                    j == i ? mixture[j]
                    : mixture[j] == 0 ? 0
                    : mixture[j] * Norm(gramian, i) / Norm(gramian, j);
            }
        }
    }

    /// <inheritdoc/>
    public override void Save(StateDictionary state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Set("targets", targets);
    }

    /// <inheritdoc/>
    public override void Load(StateDictionary state)
    {
        ArgumentNullException.ThrowIfNull(state);
        targets = state.Numbers("targets");
        tasks = (int)Math.Round(Math.Sqrt(targets.Length));
    }

    /// <summary>Turns one gradient towards the others.</summary>
    /// <param name="gramian">Inner products.</param>
    /// <param name="own">The gradient.</param>
    /// <param name="order">In which order it meets the others.</param>
    /// <param name="mixture">Receives how much of each unit gradient is in it, in units of its length at the start.</param>
    private void Turn(GramianView gramian, int own, ReadOnlySpan<int> order, Span<double> mixture)
    {
        mixture.Clear();
        mixture[own] = 1;
        var length = 1.0;
        foreach (var other in order)
        {
            if (other == own || gramian[own, own] == 0 || gramian[other, other] == 0 || length == 0)
            {
                continue;
            }

            var cosine = Math.Clamp(Along(gramian, other, mixture) / length, -1, 1);
            ref var wanted = ref targets[(TaskOf(gramian, own) * tasks) + TaskOf(gramian, other)];
            if (cosine < wanted && wanted < 1)
            {
                var across = length * Math.Sqrt((1 - cosine) * (1 + cosine));
                var sine = Math.Sqrt((1 - wanted) * (1 + wanted));
                mixture[other] += (across * wanted / sine) - (length * cosine);
                length = across / sine;
            }

            wanted = ((1 - beta) * wanted) + (beta * cosine);
        }
    }

    /// <summary>The length of a mixture along a unit gradient.</summary>
    private static double Along(GramianView gramian, int unit, ReadOnlySpan<double> mixture)
    {
        var sum = 0.0;
        for (var k = 0; k < mixture.Length; k++)
        {
            if (mixture[k] != 0)
            {
                sum += k == unit ? mixture[k] : mixture[k] * gramian[unit, k] / Norm(gramian, unit) / Norm(gramian, k);
            }
        }

        return sum;
    }

    private static double Norm(GramianView gramian, int i) => Math.Sqrt(gramian[i, i]);

    private static int TaskOf(GramianView gramian, int i) => gramian.Tasks.IsEmpty ? i : gramian.Tasks[i];
}
