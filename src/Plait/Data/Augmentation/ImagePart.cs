namespace Plait.Data.Augmentation;

/// <summary>Finds what can be augmented of a row: the row itself where it is an image, or its one part that is.</summary>
internal static class ImagePart
{
    private const int Axes = 4; // rows, channels, height, width

    /// <summary>The image of some rows.</summary>
    /// <exception cref="ArgumentException">They have none, or several.</exception>
    public static InputPart Of(BatchInput rows)
    {
        InputPart[] images = [.. rows.Parts.Where(part => part.Lengths is null && part.Values.dim() == Axes)];
        return images.Length == 1
            ? images[0]
            : throw new ArgumentException(
                images.Length > 1
                    ? Several(images.Select(part => part.Name))
                    : $"Only images [rows, channels, height, width] can be augmented; got {string.Join(", ", rows.Parts.Select(part => $"[{string.Join(", ", part.Values.shape)}]"))}."
            );
    }

    /// <summary>Refuses rows that have no image, or several, by what is said of them.</summary>
    /// <exception cref="ArgumentException">They are such rows.</exception>
    public static void Require(InputSpec rows, string task)
    {
        string[] images = [.. rows.Named.Where(part => part.Spec.Shape?.Count == Axes - 1).Select(part => part.Name)];
        if (images.Length != 1)
        {
            throw new ArgumentException(
                images.Length > 1
                    ? Several(images)
                    : $"Only images can be augmented, and task '{task}' looks at {rows.Text}: leave the augmentation out."
            );
        }
    }

    private static string Several(IEnumerable<string> names) =>
        $"Which image is augmented cannot be told: rows have several ({string.Join(", ", names)}). Leave the augmentation out.";
}
