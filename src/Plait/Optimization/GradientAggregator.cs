using Plait.Catalogue;
using Plait.Networks;
using Plait.Tasks;

namespace Plait.Optimization;

/// <summary>Turns the tasks' gradients into one update of the shared parameters (survey sections 3.4 and 3.6).</summary>
/// <remarks>
/// The private parameters always receive the gradient of their own task's loss. An aggregator asks <see cref="TaskGradients"/>
/// for what it needs (rows, their Gramian, a combination) and never says how it is computed.
/// </remarks>
[MethodKind(MethodKind.Aggregator)]
public abstract class GradientAggregator : TrainingComponent
{
    /// <inheritdoc/>
    public sealed override void Begin(TrainingContext training)
    {
        ArgumentNullException.ThrowIfNull(training);
        Begin(training.Network);
    }

    /// <summary>Starts a run: forgets the one before.</summary>
    /// <param name="tasks">How many tasks the run has.</param>
    public virtual void Begin(int tasks) { }

    /// <summary>Starts a run whose tasks have names, for methods that mean one of them.</summary>
    /// <param name="tasks">The tasks of the run.</param>
    /// <exception cref="ArgumentException">The method means a task that is not there.</exception>
    public virtual void Begin(TaskSet tasks)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        Begin(tasks.Count);
    }

    /// <summary>Starts a run with a network, for methods that have to know it.</summary>
    /// <param name="network">The network of the run.</param>
    /// <exception cref="NotSupportedException">The network lacks what the method is about.</exception>
    public virtual void Begin(MultiTaskNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        Begin(network.Tasks);
    }

    /// <summary>Where the gradients are taken that this method looks at.</summary>
    public virtual GradientLocation Location => GradientLocation.Parameters;

    /// <summary>Where they are taken in a network, for methods that leave the location open until they see it.</summary>
    /// <param name="network">The network of the run.</param>
    /// <param name="sharesInput">Whether all tasks look at the same rows: the location is chosen once a run, before there is a batch.</param>
    public virtual GradientLocation LocationIn(MultiTaskNetwork network, bool sharesInput) => Location;

    /// <summary>Whether the method, where it works at the shared representation, reads the gradients there and not their inner products alone.</summary>
    /// <remarks>Then the representation has to be that of one batch: such a method accumulates none.</remarks>
    public virtual bool ReadsRepresentation => false;

    /// <summary>Whether its weights are meant for the tasks' private parameters too, because it chooses between the tasks as wholes.</summary>
    public virtual bool WeighsPrivateParameters => false;

    /// <summary>Whether <see cref="Aggregate"/> looks at single tasks' gradients at all; a plain sum does not.</summary>
    public virtual bool NeedsTaskGradients => true;

    /// <summary>The update, in place of a gradient.</summary>
    /// <param name="gradients">The gradients of this step's tasks.</param>
    /// <param name="step">Where the run stands.</param>
    /// <returns>[shared parameters], flat.</returns>
    public abstract Tensor Aggregate(TaskGradients gradients, StepContext step);
}

/// <summary>Where task gradients are taken.</summary>
public enum GradientLocation
{
    /// <summary>By the shared parameters: exact, at the cost of one backward pass through the trunk for each task.</summary>
    Parameters,

    /// <summary>By the shared representation: an upper bound (Sener &amp; Koltun 2018), at the cost of about one backward pass in all.</summary>
    Representation,

    /// <summary>By the network's last shared layer alone (<see cref="MultiTaskNetwork.LastSharedLayer"/>), as GradNorm does. To look at only.</summary>
    LastSharedLayer,
}
