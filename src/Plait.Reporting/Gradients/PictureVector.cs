namespace Plait.Reporting.Gradients;

/// <summary>A gradient, or an update made of gradients, for a picture.</summary>
/// <param name="Label">Its name.</param>
/// <param name="Values">Its numbers; finite.</param>
/// <param name="Note">What the legend says of it beside its name.</param>
public sealed record PictureVector(string Label, ReadOnlyMemory<double> Values, string Note);
