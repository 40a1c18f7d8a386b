using Plait.Data;
using Plait.Networks;
using Plait.Tasks;
using Plait.Torch;

namespace Plait.Optimization.Bilevel;

/// <summary>The training that an upper level looks down on: its losses at the parameters as they are, and its parameters to move and put back.</summary>
public sealed class LowerLevel
{
    private readonly Func<MultiTaskBatch, TaskLosses> losses;
    private readonly Func<int, MultiTaskBatch> another;

    /// <summary>Puts the parts together.</summary>
    /// <param name="network">The network, in train mode.</param>
    /// <param name="batch">The batch of the coming step.</param>
    /// <param name="losses">Goes forward, uncut, and computes the losses of a batch.</param>
    /// <param name="another">Reads an independent batch of the same tasks, by a number from 0.</param>
    /// <param name="learningRate">The learning rate of the coming step.</param>
    /// <param name="velocity">What the optimizer would add to the gradient for its momentum, [parameters], flat; null without.</param>
    /// <param name="weightDecay">What the optimizer would add to the gradient, times the parameters.</param>
    public LowerLevel(
        MultiTaskNetwork network,
        MultiTaskBatch batch,
        Func<MultiTaskBatch, TaskLosses> losses,
        Func<int, MultiTaskBatch> another,
        double learningRate,
        Tensor? velocity = null,
        double weightDecay = 0
    )
    {
        Network = network;
        Storage = NetworkStorage.Of(network);
        Batch = batch;
        this.losses = losses;
        this.another = another;
        LearningRate = learningRate;
        Velocity = velocity;
        WeightDecay = weightDecay;
    }

    /// <summary>The network.</summary>
    public MultiTaskNetwork Network { get; }

    /// <summary>Its trainable parameters and their gradients.</summary>
    public FlatParameters Storage { get; }

    /// <summary>The batch of the coming step.</summary>
    public MultiTaskBatch Batch { get; }

    /// <summary>The learning rate of the coming step.</summary>
    public double LearningRate { get; }

    /// <summary>What the optimizer would add to the gradient for its momentum, [parameters], flat; null without.</summary>
    public Tensor? Velocity { get; }

    /// <summary>What the optimizer would add to the gradient, times the parameters.</summary>
    public double WeightDecay { get; }

    /// <summary>The losses of a batch at the parameters as they are, tied to them.</summary>
    public TaskLosses Losses(MultiTaskBatch batch) => losses(batch);

    /// <summary>An independent batch of the same tasks; it lives as long as the step.</summary>
    /// <param name="number">Tells several of one step apart, from 0.</param>
    public MultiTaskBatch Another(int number = 0) => another(number);
}
