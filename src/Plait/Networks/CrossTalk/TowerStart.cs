namespace Plait.Networks.CrossTalk;

/// <summary>What the networks of single tasks start from before they are joined.</summary>
public enum TowerStart
{
    /// <summary>Fresh parameters, or the weights that the encoder was given.</summary>
    Fresh,

    /// <summary>Networks that were trained for one task each, as the papers do; <c>plait compare</c> trains them.</summary>
    SingleTask,
}
