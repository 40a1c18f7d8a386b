using Plait.Catalogue;
using Plait.Networks;
using Plait.Torch;
using TorchSharp.Modules;

namespace Plait.Optimization.GradientModulation;

/// <summary>Teaches the network to give all tasks gradients of one kind, by an adversary that tells from a gradient which task it comes from.</summary>
/// <remarks>
/// <para>Maninis, Radosavovic and Kokkinos 2019, <i>Attentive Single-Tasking of Multiple Tasks</i>, section 3.3: the discriminator sees each task's
/// gradient by the shared features, of unit length at each place, and its loss flows back through it turned round: through
/// the gradient itself, by a second derivative. A task's loss becomes (1 - w) L + w L_adversary, and the strength of the turn rises
/// with the epoch e of E as 2 / (1 + exp(-10 (e+1)/E)) - 1.</para>
/// <para>Where all tasks read one representation, the features are its; where each has a pass of its own, as in the paper's network
/// (<see cref="Networks.SingleTasking.Astmt"/>), they are what the task's head reads.</para>
/// <para>A place where a task has no gradient, because it has no label there, says nothing and is left out. A weight of the task's
/// loss would change nothing, gradients being taken to unit length.</para>
/// </remarks>
[Method(
    "adversarial-gradients",
    Survey = "3.4",
    Paper = "Maninis, Radosavovic and Kokkinos 2019, Attentive Single-Tasking of Multiple Tasks",
    Arxiv = "1904.08918",
    Summary = "An adversary that tells tasks by their gradients makes the network give them gradients of one kind."
)]
public sealed class AdversarialGradients : AuxiliaryLoss
{
    private const double Steepness = 10; // of the rise of the reversal, Ganin and Lempitsky 2015, section 4.2

    private readonly double weight;
    private readonly double discriminatorRate;
    private TaskDiscriminator? discriminator;

    /// <summary>Sets the options.</summary>
    /// <param name="weight">The adversary's share of each task's loss, from 0 to 1; 0.01 in the authors' code.</param>
    /// <param name="discriminatorRate">How many times the recipe's learning rate the discriminator takes, above 0; 10 in the authors' code.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public AdversarialGradients(double weight = 0.01, double discriminatorRate = 10)
    {
        if (weight is not (>= 0 and <= 1))
        {
            throw new ArgumentException($"weight is a share from 0 to 1; got {weight}.", nameof(weight));
        }

        if (!double.IsFinite(discriminatorRate) || discriminatorRate <= 0)
        {
            throw new ArgumentException(
                $"The discriminator's learning rate is a positive multiple of the recipe's; got {discriminatorRate}.",
                nameof(discriminatorRate)
            );
        }

        this.weight = weight;
        this.discriminatorRate = discriminatorRate;
    }

    /// <inheritdoc/>
    public override bool NeedsRepresentation => true;

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters => discriminator is null ? [] : discriminator.Parameters;

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterGroup> ParameterGroups =>
        [.. base.ParameterGroups.Select(group => group with { LearningRateScale = discriminatorRate })];

    /// <inheritdoc/>
    public override void Begin(MultiTaskNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        discriminator = new TaskDiscriminator(network, "adversarial-gradients", orFeatures: true);
    }

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">Each task brings its own input, so that there is no one representation where there should be.</exception>
    public override Tensor Add(Tensor loss, int task, ForwardResult pass)
    {
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(pass);
        if (!torch.is_grad_enabled() || !loss.requires_grad)
        {
            return loss; // the term is one of training alone
        }

        var shares = pass.Network.HasSharedRepresentation;
        if (shares && pass.Batch.Groups.Count > 1)
        {
            throw new NotSupportedException(
                "adversarial-gradients compares gradients by one representation of the same rows: give all tasks one input."
            );
        }

        var features = shares ? pass.Outputs.Representation?.Of(task)[0] : pass.Outputs.FeaturesOf(task)?.Values;
        return features is { requires_grad: true } && AdversaryLoss(loss, features, task, StrengthAt(pass)) is { } term
            ? loss.mul(1 - weight).add(term.mul(weight))
            : loss;
    }

    /// <summary>The discriminator's loss on one task's gradient, tied to the network by the gradient; null where the gradient is zero.</summary>
    private Tensor? AdversaryLoss(Tensor loss, Tensor features, int task, double strength)
    {
        if (discriminator is null)
        {
            throw new InvalidOperationException("Call Begin with the run's network first.");
        }

        var places = TaskDiscriminator.Places(Derivatives.Of(loss, features));
        var largest = places.detach().abs().amax([1], keepdim: true);
        var telling = largest.flatten().gt(0).nonzero().flatten();
        if (telling.numel() == 0)
        {
            return null;
        }

        // Divided by its largest number first, a gradient of any size has a norm that can be told.
        var scaled = places.index_select(0, telling).div(largest.index_select(0, telling));
        var units = scaled.div(scaled.square().sum(dim: 1L, keepdim: true).sqrt());
        var labels = torch.full([telling.numel()], task, ScalarType.Int64, units.device);
        return discriminator.CrossEntropy(TaskDiscriminator.Reverse(units, strength), labels);
    }

    private static double StrengthAt(ForwardResult pass)
    {
        var passed = (pass.Step.Epoch + 1.0) / pass.Step.Epochs;
        return (2 / (1 + Math.Exp(-Steepness * passed))) - 1;
    }
}
