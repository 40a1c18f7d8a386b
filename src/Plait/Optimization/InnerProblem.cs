using Plait.Networks;
using Plait.Tasks;
using Plait.Torch;

namespace Plait.Optimization;

/// <summary>The training that an upper level looks down on: its losses at the parameters as they are, and its parameters to move and put back.</summary>
public sealed class InnerProblem
{
    private readonly Action beforePass;

    /// <summary>Puts the parts together.</summary>
    /// <param name="network">The network, in train mode.</param>
    /// <param name="objective">The losses of the coming step.</param>
    /// <param name="learningRate">The learning rate of the coming step.</param>
    /// <param name="velocity">What the optimizer would add to the gradient for its momentum, [parameters], flat; null without.</param>
    /// <param name="weightDecay">What the optimizer would add to the gradient, times the parameters.</param>
    /// <param name="beforePass">Called before each forward pass; nothing when null.</param>
    public InnerProblem(
        MultiTaskNetwork network,
        IObjective objective,
        double learningRate,
        Tensor? velocity = null,
        double weightDecay = 0,
        Action? beforePass = null
    )
    {
        ArgumentNullException.ThrowIfNull(objective);
        Network = network;
        Storage = network.Storage;
        Objective = objective;
        LearningRate = learningRate;
        Velocity = velocity;
        WeightDecay = weightDecay;
        this.beforePass = beforePass ?? (() => { });
    }

    /// <summary>The network.</summary>
    public MultiTaskNetwork Network { get; }

    /// <summary>Its trainable parameters and their gradients.</summary>
    public FlatParameters Storage { get; }

    /// <summary>The losses of the coming step.</summary>
    public IObjective Objective { get; }

    /// <summary>The learning rate of the coming step.</summary>
    public double LearningRate { get; }

    /// <summary>What the optimizer would add to the gradient for its momentum, [parameters], flat; null without.</summary>
    public Tensor? Velocity { get; }

    /// <summary>What the optimizer would add to the gradient, times the parameters.</summary>
    public double WeightDecay { get; }

    /// <summary>An objective's losses at the parameters as they are, tied to them, uncut.</summary>
    public TaskLosses Losses(IObjective objective)
    {
        ArgumentNullException.ThrowIfNull(objective);
        beforePass();
        return objective.Joined.Parts[0].Forward(withGraph: true, cut: false).Losses;
    }

    /// <summary>The same tasks' losses on other data, in one part; they live as long as the step.</summary>
    /// <param name="number">Tells several of one step apart, from 0.</param>
    public IObjective Another(int number = 0) => Objective.Independent(number).Joined;
}
