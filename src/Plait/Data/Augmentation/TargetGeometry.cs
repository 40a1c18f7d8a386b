namespace Plait.Data.Augmentation;

/// <summary>How a task's targets follow when its image is cropped, enlarged or mirrored.</summary>
public enum TargetGeometry
{
    /// <summary>They say nothing about places: the class of an image.</summary>
    None,

    /// <summary>A map of labels, masks or other values that must not be mixed, [rows, height, width] or [rows, channels, height, width]: the nearest pixel's.</summary>
    Labels,

    /// <summary>Distances along the optical axis, [rows, 1, height, width]: the nearest pixel's, divided by the enlargement.</summary>
    Depth,

    /// <summary>Disparities, which are inverse distances, [rows, 1, height, width]: the nearest pixel's, multiplied by the enlargement.</summary>
    InverseDepth,

    /// <summary>Unit vectors with the image's horizontal axis first, [rows, 3, height, width]: mixed, brought back to length 1, and mirrored by turning the first. They cannot follow a rotation, since the second may point up or down.</summary>
    Normals,

    /// <summary>The same with the second axis pointing up: they turn with the image.</summary>
    NormalsUp,

    /// <summary>The same with the second axis pointing down, as rows of pixels count: they turn with the image.</summary>
    NormalsDown,

    /// <summary>Values that belong to the scale they were measured at, such as standardised distances, [rows, ..., height, width]: mirrored; they cannot follow anything else.</summary>
    MirrorOnly,

    /// <summary>A box as left, top, right and bottom, each a share of the image's width or height, [rows, 4]; missing where none of it stays in view.</summary>
    Box,
}
