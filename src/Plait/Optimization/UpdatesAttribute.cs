namespace Plait.Optimization;

/// <summary>Says of a gradient aggregator what holds of its updates, with its options as they are unless set and gradients by the parameters.</summary>
/// <remarks>Tests hold each method to what it says here, and to saying all that seems to hold: see <c>AggregatorContractTests</c>.</remarks>
/// <param name="properties">What holds whatever the gradients are.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class UpdatesAttribute(UpdateProperties properties) : Attribute
{
    /// <summary>What holds whatever the gradients are.</summary>
    public UpdateProperties Properties { get; } = properties;
}

/// <summary>What may hold of the updates that a gradient aggregator makes.</summary>
[Flags]
public enum UpdateProperties
{
    /// <summary>Nothing of the following.</summary>
    None = 0,

    /// <summary>No task's loss rises along the update, to first order: its gradient has an inner product of 0 or more with it.</summary>
    NonConflicting = 1,

    /// <summary>All tasks count alike: in another order they have the same update.</summary>
    Symmetric = 2,

    /// <summary>Losses and gradients that are all c times as large make an update c times as long.</summary>
    Homogeneous = 4,

    /// <summary>The unit of one task's loss does not matter: where its loss and its gradient are c times as large, the update has the same direction.</summary>
    ScaleInvariant = 8,

    /// <summary>The update of a single task is its gradient.</summary>
    IdentityForOne = 16,
}
