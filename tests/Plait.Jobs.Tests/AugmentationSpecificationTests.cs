using Plait.Data.Augmentation;

namespace Plait.Jobs.Tests;

public sealed class AugmentationSpecificationTests
{
    [Fact]
    public void Names_and_options_are_read()
    {
        Assert.Same(ImageAugmentation.Flip, AugmentationSpecification.Parse("flip"));
        Assert.Same(ImageAugmentation.ScaleAndFlip, AugmentationSpecification.Parse(" scale-and-flip "));
        var all = AugmentationSpecification.Parse("scale-and-flip:scales=1-1.25-2,share=0.3,colour=0.2");
        Assert.Equal([1, 1.25, 2], all.Scales);
        Assert.Equal(0.3, all.FlipShare);
        Assert.Equal(new ColourJitter(0.2, 0.2, 0.2), all.Colours);
        Assert.Same(ImageAugmentation.RotateScaleAndFlip, AugmentationSpecification.Parse("rotate-scale-and-flip"));
        var turned = AugmentationSpecification.Parse("rotate-scale-and-flip:degrees=5,zoom=0.9-2,share=0");
        Assert.Equal((5, (0.9, 2), 0), (turned.Rotation, turned.Zoom!.Value, turned.FlipShare));
    }

    [Theory]
    [InlineData(
        "flop",
        "There is no augmentation 'flop' (did you mean 'flip'?); choose from flip, scale-and-flip, rotate-scale-and-flip."
    )]
    [InlineData("rotate-scale-and-flip:zoom=2", "'2' in 'rotate-scale-and-flip:zoom=2' is no range")]
    [InlineData("rotate-scale-and-flip:zoom=0-1", "'rotate-scale-and-flip:zoom=0-1': A zoom goes from more than 0")]
    [InlineData(
        "rotate-scale-and-flip:degrees=200",
        "'rotate-scale-and-flip:degrees=200': A rotation lies from 0 to 180"
    )]
    [InlineData("rotate-scale-and-flip:scales=1-2", "'rotate-scale-and-flip' has no option 'scales'")]
    [InlineData("flip:scales=1-2", "'flip' has no option 'scales'")]
    [InlineData("flip:share=often", "'often' in 'flip:share=often' is no number.")]
    [InlineData(
        "scale-and-flip:scales=0.5",
        "'scale-and-flip:scales=0.5': Scales are one or more enlargements of 1 or more"
    )]
    [InlineData("flip:colour=2", "'flip:colour=2': The share of mirrored images")]
    [InlineData("flip,colour=0.2", "There is no augmentation 'flip,colour=0.2'")]
    public void What_is_wrong_is_named_with_what_there_is(string text, string expected) =>
        Assert.StartsWith(
            expected,
            Assert.Throws<FormatException>(() => AugmentationSpecification.Parse(text)).Message,
            StringComparison.Ordinal
        );
}
