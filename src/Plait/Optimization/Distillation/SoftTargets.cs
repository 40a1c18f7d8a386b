using Plait.Catalogue;

namespace Plait.Optimization.Distillation;

/// <summary>Draws the student's softened probabilities to those of its teachers.</summary>
/// <remarks>
/// <para>Hinton, Vinyals and Dean 2015, <i>Distilling the Knowledge in a Neural Network</i>, section 2: hard · L(labels) + weight ·
/// τ² KL(softmax(z_T / τ) ‖ softmax(z_S / τ)). τ² keeps the term's gradient alike when τ changes. The paper's best speech model
/// (section 4) has τ = 2 and a relative weight of 0.5 on the labels.</para>
/// <para>Yes-or-no outputs are Bernoulli distributions of logits z / τ. Numbers have no temperature: the term is the task's own loss
/// with the teachers' mean as target.</para>
/// </remarks>
[Method(
    "soft-targets",
    Survey = "3.5",
    Paper = "Hinton, Vinyals and Dean 2015, Distilling the Knowledge in a Neural Network",
    Arxiv = "1503.02531",
    Summary = "Draws the student's softened probabilities to those of its teachers."
)]
public sealed class SoftTargets : Distillation
{
    private readonly double tau;
    private readonly double weight;
    private readonly double hard;

    /// <summary>Sets the options.</summary>
    /// <param name="teachers">The teachers.</param>
    /// <param name="tau">The temperature; finite, above 0. Higher shows more of how a teacher ranks the wrong classes.</param>
    /// <param name="weight">Times the term; 0 or more.</param>
    /// <param name="hard">Times the loss so far, which is that of the labels; 0 or more. 0 learns from the teachers alone.</param>
    /// <exception cref="ArgumentException">A number is out of its range.</exception>
    public SoftTargets(Teachers teachers, double tau = 2, double weight = 1, double hard = 0.5)
        : base(teachers)
    {
        if (!(tau > 0) || double.IsInfinity(tau))
        {
            throw new ArgumentException($"The temperature 'tau' is finite and above 0; got {tau}.", nameof(tau));
        }

        this.tau = tau;
        this.weight = RequireFactor(weight, nameof(weight));
        this.hard = RequireFactor(hard, nameof(hard));
    }

    /// <inheritdoc/>
    protected override Tensor Distil(Tensor loss, int task, IReadOnlyList<Tensor> taught, ForwardResult pass)
    {
        ArgumentNullException.ThrowIfNull(pass);
        var target = SoftTarget.Of(task, pass, taught, tau);
        var term = target.Divergence(pass.Outputs[task]).mul(weight);
        return hard == 0 ? term : term.add(loss, alpha: hard);
    }
}
