namespace Plait.Networks.Encoders;

/// <summary>Says which task a forward pass is for, to the layers of an encoder that differ from task to task.</summary>
/// <remarks>One for each network, set by the network before each pass through its encoder. Not safe for two threads at once.</remarks>
public sealed class ActiveTask
{
    /// <summary>The task's place in the set.</summary>
    public int Task { get; set; }
}
