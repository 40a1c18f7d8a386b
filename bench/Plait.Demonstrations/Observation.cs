namespace Plait.Demonstrations;

/// <summary>One number that a demonstration measured.</summary>
/// <param name="Setting">What was trained, such as a method's specification.</param>
/// <param name="Measure">What was measured, with its unit where it has one.</param>
/// <param name="Value">The number; NaN where it is not defined.</param>
internal sealed record Observation(string Setting, string Measure, double Value);
