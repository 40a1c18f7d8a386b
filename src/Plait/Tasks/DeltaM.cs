namespace Plait.Tasks;

/// <summary>stub</summary>
public static class DeltaM { }
