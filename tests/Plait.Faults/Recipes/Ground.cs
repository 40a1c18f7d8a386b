namespace Plait.Faults.Recipes;

/// <summary>What a recipe is tried on.</summary>
internal enum Ground
{
    /// <summary>Rows of numbers that all tasks share.</summary>
    Vectors,

    /// <summary>Rows of numbers, others for each task.</summary>
    RowsPerTask,

    /// <summary>Small images, with tasks of one answer an image.</summary>
    Images,

    /// <summary>Small images, with tasks of one answer a pixel beside one of one answer an image.</summary>
    Maps,
}
