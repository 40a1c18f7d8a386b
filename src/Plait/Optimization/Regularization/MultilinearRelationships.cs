using Plait.Catalogue;
using Plait.Networks;
using Plait.Tasks;
using Plait.Torch;
using TorchSharp.Modules;

namespace Plait.Optimization.Regularization;

/// <summary>Which relationships are learned.</summary>
public enum LearnedCovariances
{
    /// <summary>Those of tasks, outputs and inputs.</summary>
    All,

    /// <summary>Those of tasks alone; outputs and inputs count as independent.</summary>
    Tasks,
}

/// <summary>Learns how tasks, outputs and features go together from the tasks' private weights, and draws the weights towards it.</summary>
/// <remarks>
/// <para>Long et al. 2017, <i>Learning Multiple Tasks with Multilinear Relationship Networks</i>, equations 4 to 8: the weights of a layer,
/// stacked over the tasks, have a tensor-normal prior, and the penalty is half of vec(W)ᵀ (Σ₁ ⊗ Σ₂ ⊗ Σ₃)⁻¹ vec(W), with covariances of
/// tasks, outputs and inputs. These have closed-form updates, taken in turn (flip-flop), here every so many steps as in the authors'
/// code; the terms that only the covariances touch do not move the weights and are left out.</para>
/// <para>The paper adds ε I to every covariance. Here ε is relative to the mean of the diagonal, so that small weights have the same
/// prior as large ones. With few tasks the covariance of the inputs has more rows than there are weights to tell it, and the prior
/// then holds the weights where they are: the ridge decides how firmly. Learning the tasks' covariance alone, as the authors'
/// later code does, has no such trouble.</para>
/// </remarks>
[Method(
    "mrn",
    Survey = "3.2",
    Paper = "Long et al. 2017, Learning Multiple Tasks with Multilinear Relationship Networks",
    Arxiv = "1506.02117",
    Summary = "Learns how tasks, outputs and features go together, and draws the tasks' private weights towards it."
)]
public sealed class MultilinearRelationships : Regularizer
{
    private readonly double strength;
    private readonly int interval;
    private readonly double ridge;
    private readonly LearnedCovariances learn;
    private readonly List<(Parameter[] Weights, TensorNormal Prior)> layers = [];
    private long updated; // the step of the last update

    /// <summary>Sets the prior.</summary>
    /// <param name="strength">Times the penalty; 0 or more. Losses are means over rows, so it stands for 1 over their number.</param>
    /// <param name="interval">Steps between updates of the covariances, which start as unit matrices; 1 or more.</param>
    /// <param name="ridge">ε, in means of the diagonal; above 0.</param>
    /// <param name="learn">Which covariances are learned.</param>
    public MultilinearRelationships(
        double strength = 1e-3,
        int interval = 100,
        double ridge = 0.01,
        LearnedCovariances learn = LearnedCovariances.All
    )
    {
        this.strength = Strength.Require(strength);
        if (interval < 1)
        {
            throw new ArgumentException($"The interval is a number of steps from 1; got {interval}.", nameof(interval));
        }

        if (!(ridge > 0 && double.IsFinite(ridge)))
        {
            throw new ArgumentException($"The ridge is finite and above 0; got {ridge}.", nameof(ridge));
        }

        this.interval = interval;
        this.ridge = ridge;
        this.learn = learn;
    }

    /// <inheritdoc/>
    public override void Begin(MultiTaskNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        CorrespondingParameters.Require(network, CorrespondingParameters.WeightsOf(network), "relate");
        using var scope = torch.NewDisposeScope();
        layers.Clear();
        var axes = learn == LearnedCovariances.All ? 3 : 1;
        layers.AddRange(
            CorrespondingParameters
                .WeightsOf(network)
                .Select(weights => (weights, new TensorNormal(Stack(weights), ridge, axes)))
        );
        updated = 0;
    }

    /// <summary>How many layers of private weights correspond.</summary>
    public int Layers => layers.Count;

    /// <summary>The covariance of the tasks that a layer's weights have shown so far, row by row.</summary>
    /// <remarks>With mean variance 1 where the inputs' covariance is learned too and takes the scale.</remarks>
    /// <param name="layer">The layer, from 0 to below <see cref="Layers"/>.</param>
    public IReadOnlyList<double> TaskCovariance(int layer) => layers[layer].Prior.Covariance(0);

    /// <inheritdoc/>
    public override Tensor Penalty(MultiTaskNetwork network, StepContext step)
    {
        ArgumentNullException.ThrowIfNull(step);
        if (layers.Count == 0)
        {
            throw new InvalidOperationException("Call Begin with the run's network first.");
        }

        using var scope = torch.NewDisposeScope();
        var isDue = step.Step - updated >= interval;
        updated = isDue ? step.Step : updated;
        var lengths = new Tensor[layers.Count];
        for (var layer = 0; layer < lengths.Length; layer++)
        {
            var (weights, prior) = layers[layer];
            var stacked = Stack(weights);
            if (isDue)
            {
                prior.Update(stacked);
            }

            lengths[layer] = prior.SquaredLength(stacked);
        }

        return torch.stack(lengths).sum().mul(0.5 * strength).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override void Save(StateDictionary state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Set("updated", [updated]);
        for (var layer = 0; layer < layers.Count; layer++)
        {
            layers[layer].Prior.Save(state.Part($"layer-{layer}"));
        }
    }

    /// <inheritdoc/>
    public override void Load(StateDictionary state)
    {
        ArgumentNullException.ThrowIfNull(state);
        updated = state.Integers("updated")[0];
        for (var layer = 0; layer < layers.Count; layer++)
        {
            layers[layer].Prior.Load(state.Part($"layer-{layer}"), layers[layer].Weights[0]);
        }
    }

    /// <summary>[tasks, outputs, all that an output reads].</summary>
    private static Tensor Stack(Parameter[] weights) => torch.stack(weights).flatten(2);
}
