using System.Globalization;
using Plait.Catalogue;
using Plait.Data.Augmentation;

namespace Plait.Jobs;

/// <summary>Augmentation as text, in the form of a method: "flip", "scale-and-flip:scales=1-1.2-1.5,share=0.5,colour=0.2", "rotate-scale-and-flip:degrees=20,zoom=0.75-1.25".</summary>
public static class AugmentationSpecification
{
    private const string Scales = "scales";
    private const string Degrees = "degrees";
    private const string Zoom = "zoom";
    private const string Share = "share";
    private const string Colour = "colour";

    private static readonly Dictionary<string, (ImageAugmentation Start, string[] Options)> Known = new()
    {
        ["flip"] = (ImageAugmentation.Flip, [Share, Colour]),
        ["scale-and-flip"] = (ImageAugmentation.ScaleAndFlip, [Scales, Share, Colour]),
        ["rotate-scale-and-flip"] = (ImageAugmentation.RotateScaleAndFlip, [Degrees, Zoom, Share, Colour]),
    };

    /// <summary>Reads it.</summary>
    /// <param name="text">
    /// A name, then options: <c>scales</c> to draw an enlargement from, <c>degrees</c> of the largest rotation, <c>zoom</c>, the least and
    /// the most enlargement about the middle, <c>share</c> of images that are mirrored, and <c>colour</c>,
    /// the strength of changes of brightness, contrast and saturation alike.
    /// </param>
    /// <exception cref="FormatException">The name or an option is unknown, or a value means nothing; the message lists what there is.</exception>
    public static ImageAugmentation Parse(string text)
    {
        var parsed = MethodSpecification.Parse(text);
        if (!Known.TryGetValue(parsed.Name, out var known))
        {
            throw new FormatException(
                $"There is no augmentation '{parsed.Name}'{NameSuggestion.Hint(parsed.Name, Known.Keys)}; choose from {string.Join(", ", Known.Keys)}."
            );
        }

        var augmentation = known.Start;
        foreach (var (option, value) in parsed.Options)
        {
            if (!known.Options.Contains(option))
            {
                throw new FormatException(
                    $"'{parsed.Name}' has no option '{option}'{NameSuggestion.Hint(option, known.Options)}; its options are {string.Join(", ", known.Options)}."
                );
            }

            augmentation = option switch
            {
                Scales => augmentation with { Scales = [.. value.Split('-').Select(Number)] },
                Degrees => augmentation with { Rotation = Number(value) },
                Zoom => augmentation with { Zoom = Range(value) },
                Share => augmentation with { FlipShare = Number(value) },
                _ => augmentation with { Colours = new(Number(value), Number(value), Number(value)) },
            };
        }

        try
        {
            augmentation.Validate();
        }
        catch (ArgumentException failure)
        {
            throw new FormatException($"'{text}': {failure.Message}", failure);
        }

        return augmentation;

        (double, double) Range(string value) =>
            value.Split('-') is [var least, var most]
                ? (Number(least), Number(most))
                : throw new FormatException(
                    $"'{value}' in '{text}' is no range; give the least and the most, such as 0.75-1.25."
                );

        double Number(string value) =>
            double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw new FormatException($"'{value}' in '{text}' is no number.");
    }
}
