namespace Plait.Relationships.Transfer;

/// <summary>How much each number of an input counts for the sum of the features.</summary>
public enum Attribution
{
    /// <summary>The size of the gradient (Simonyan et al. 2014).</summary>
    Saliency,

    /// <summary>The gradient times the input (Shrikumar et al. 2016).</summary>
    GradientInput,

    /// <summary>Layer-wise relevance propagation with a stabiliser (Bach et al. 2015, equation 58).</summary>
    Lrp,
}
