namespace Plait.Relationships;

/// <summary>What the distance between two groups of things is, given the distances between things.</summary>
public enum Linkage
{
    /// <summary>That of the two nearest things, one of each group.</summary>
    Single,

    /// <summary>That of the two farthest things, one of each group.</summary>
    Complete,

    /// <summary>The mean over all pairs of things, one of each group (UPGMA).</summary>
    Average,

    /// <summary>The square root of twice the growth of the squared distances to the centre that joining brings (Ward 1963); distances are taken as Euclidean.</summary>
    Ward,
}
