namespace Plait.Demonstrations;

/// <summary>A demonstration that has a picture for its page.</summary>
internal interface IDrawn
{
    /// <summary>The picture, SVG.</summary>
    string Picture { get; }
}
