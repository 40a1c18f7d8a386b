namespace Plait.Catalogue;

/// <summary>Says of an assembly that it brings methods, kinds of targets, or colours for maps: <c>[assembly: PlaitMethods]</c>.</summary>
/// <remarks>Such an assembly is looked through as soon as it is loaded. One without the mark is added by <see cref="MethodCatalog.Add"/>.</remarks>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class PlaitMethodsAttribute : Attribute;
