namespace Plait.Tasks;

/// <summary>Where a task's answers stand.</summary>
public enum Layout
{
    /// <summary>One answer a row: outputs are [rows, channels].</summary>
    Row,

    /// <summary>One answer a pixel: outputs are [rows, channels, height, width].</summary>
    Pixel,

    /// <summary>One answer a step of a sequence: outputs are [rows, channels, steps]. Steps behind the end of a row have no target.</summary>
    Step,
}
