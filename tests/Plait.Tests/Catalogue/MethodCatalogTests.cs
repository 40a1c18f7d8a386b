using Plait.Catalogue;
using Plait.Networks;
using Plait.Networks.CrossTalk;
using Plait.Networks.Encoders;
using Plait.Networks.Experts;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Tests.Networks;

namespace Plait.Tests.Catalogue;

[Collection("torch")]
public sealed class MethodCatalogTests
{
    private static readonly TaskSet Tasks = new(LearningTask.Regression("a"), LearningTask.Binary("b"));

    [Theory]
    [InlineData("mlp", "64")]
    [InlineData("mlp:widths=", "")]
    [InlineData("mlp:widths=32-16", "32-16")]
    [InlineData("lenet", "10-20-50")]
    [InlineData("lenet:dropout=0.5", "10-20-50")]
    [InlineData("resnet18:width=2", "2-2-4-8-16")]
    [InlineData("resnet18:width=2,stem=cifar", "2-2-4-8-16")]
    public void An_encoder_comes_from_text_and_the_shape_of_the_input(string text, string channels)
    {
        using var encoder = MethodCatalog.Create<Encoder>(text, 1024L, new long[] { 1, 32, 32 });
        var made = string.Join("-", encoder.StageShapes.Select(shape => shape[0]));
        Assert.Equal(text == "mlp" ? "128-64" : channels, made);
        Assert.Equal(1024, encoder.InputShape.Aggregate((a, b) => a * b));
    }

    [Fact]
    public void Assemblies_without_the_mark_are_not_looked_through()
    {
        Assert.Contains(typeof(MethodCatalog).Assembly, MethodAssemblies.All);
        Assert.DoesNotContain(typeof(MethodCatalogTests).Assembly, MethodAssemblies.All);
        Assert.DoesNotContain(typeof(torch).Assembly, MethodAssemblies.All);
    }

    [Fact]
    public void An_architecture_comes_from_text_the_tasks_and_an_encoder()
    {
        using var experts = MethodCatalog.Create<MultiTaskNetwork>(
            "mmoe:experts=3,expert-widths=7-5,head-widths=4",
            Tasks,
            MethodCatalog.Create<Encoder>("mlp:widths=", 6L)
        );
        Assert.IsType<MultiGateMixtureOfExperts>(experts);
        Assert.Equal([21L, 6], experts.state_dict()["expertLayers.0.weight"].shape);
        Assert.Equal([15L, 7], experts.state_dict()["expertLayers.1.weight"].shape);

        using var stitched = MethodCatalog.Create<MultiTaskNetwork>(
            "cross-stitch:own=1,channel-wise=false",
            Tasks,
            new Mlp(6, [4])
        );
        Assert.Equal([2L], Assert.IsType<CrossStitch>(stitched).StitchOf(0, 0).shape);
    }

    [Fact]
    public void Every_architecture_and_encoder_can_be_made_from_its_name_alone()
    {
        foreach (var entry in MethodCatalog.Of(MethodKind.Architecture))
        {
            if (ArchitectureCases.Refused.Any(refused => refused.Data == entry.Name))
            {
                Assert.Throws<NotSupportedException>(() => Create(entry.Name)); // wants maps, which ArchitectureTests give
                continue;
            }

            using var network = Create(entry.Name);
            Assert.IsType(entry.Type, network);
        }

        foreach (var entry in MethodCatalog.Of(MethodKind.Encoder))
        {
            using var encoder = MethodCatalog.Create<Encoder>(entry.Example, Surroundings.InputOf(entry).Arguments);
            Assert.IsType(entry.Type, encoder);
        }
    }

    [Fact]
    public void Names_are_unique_in_a_kind_and_every_method_says_where_it_stands()
    {
        Assert.Equal(MethodCatalog.All.Count, MethodCatalog.All.DistinctBy(entry => (entry.Kind, entry.Name)).Count());
        Assert.All(MethodCatalog.All, entry => Assert.NotEmpty(entry.Survey));
        Assert.All(MethodCatalog.All, entry => Assert.EndsWith(".", entry.Summary, StringComparison.Ordinal));
    }

    [Fact]
    public void Options_are_listed_with_their_defaults_and_without_what_the_caller_gives()
    {
        Assert.Equal(["widths=...", "dropout=0"], Entry(MethodKind.Encoder, "mlp").Options);
        Assert.Equal(
            ["stem=image-net", "width=64", "output-stride=32", "pool=true", "excitation=0", "blocks=..."],
            Entry(MethodKind.Encoder, "resnet18").Options
        );
        Assert.Equal(
            ["own=0.9", "channel-wise=true", "other=...", "join=blocks", "rate=...", "start=fresh", "head-widths=..."],
            Entry(MethodKind.Architecture, "cross-stitch").Options
        );
    }

    [Theory]
    [InlineData("mlp:depth=3", "'mlp' has no option 'depth'; its options are widths, dropout.")]
    [InlineData("mlp:inputs=3", "'mlp' has no option 'inputs'; its options are widths, dropout.")]
    [InlineData("mlp:widths=a-b", "'mlp:widths' takes whole numbers such as 256-64; got 'a-b'.")]
    [InlineData("mlp:widths=64--32", "'mlp:widths' takes whole numbers such as 256-64; got '64--32'.")]
    [InlineData("mlp:dropout=much", "'mlp:dropout' takes a number; got 'much'.")]
    [InlineData("mlp:dropout=1.5", "'mlp:dropout=1.5': dropout ('1.5') must be less than '1'.")]
    [InlineData("resnet18:width=1.5", "'resnet18:width' takes a whole number; got '1.5'.")]
    [InlineData(
        "resnet18:blocks=2-2-2",
        "'resnet18:blocks=2-2-2': blocks counts the blocks of each of the four stages, such as 2-2-2-2; got 2-2-2."
    )]
    [InlineData("resnet18:stem=large", "'resnet18:stem' takes one of image-net, cifar, halving; got 'large'.")]
    [InlineData("mlp:widths=4,widths=5", "'widths=5' in 'mlp:widths=4,widths=5' is not an option of its own")]
    [InlineData("mlp:widths", "'widths' in 'mlp:widths' is not an option of its own")]
    [InlineData("", "'' names no method")]
    public void A_specification_that_says_nothing_known_is_refused_with_what_there_is(string text, string message)
    {
        var refused = Assert.Throws<FormatException>(() =>
            MethodCatalog.Create<Encoder>(text, 1024L, new long[] { 1, 32, 32 })
        );
        Assert.StartsWith(message, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public void A_name_that_nothing_has_is_refused_with_all_names_of_the_kind()
    {
        var refused = Assert.Throws<FormatException>(() => MethodCatalog.Create<Encoder>("vgg", 1024L));
        var names = MethodCatalog.Of(MethodKind.Encoder).Select(entry => entry.Name);
        Assert.Equal($"There is no encoder 'vgg'; choose from {string.Join(", ", names)}.", refused.Message);
    }

    [Fact]
    public void A_method_that_needs_an_option_shows_it_in_its_example()
    {
        Assert.Equal("fixed:weights=0.3/0.7/1.2", Entry(MethodKind.Weighting, "fixed").Example);
        Assert.Equal("mlp", Entry(MethodKind.Encoder, "mlp").Example);
        Assert.All(
            MethodCatalog.All,
            entry =>
            {
                var shown = MethodSpecification.Parse(entry.Example).Options.Keys;
                var needed = entry
                    .Options.Where(option => option.EndsWith("=(needed)", StringComparison.Ordinal))
                    .Select(option => option.Split('=')[0]);
                Assert.Empty(needed.Except(shown).Select(option => $"{entry.Name} needs {option}"));
            }
        );
    }

    [Fact]
    public void An_encoder_of_images_is_refused_where_the_input_is_none()
    {
        var unknown = Assert.Throws<FormatException>(() => MethodCatalog.Create<Encoder>("lenet", 24L));
        Assert.Equal("'lenet' needs input shape, which is not known here; choose another encoder.", unknown.Message);
        var flat = Assert.Throws<FormatException>(() => MethodCatalog.Create<Encoder>("lenet", 24L, new long[] { 24 }));
        Assert.Contains("got [24]. Use an MLP for other inputs.", flat.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_option_keeps_its_default_where_something_given_is_of_its_type()
    {
        using var encoder = MethodCatalog.Create<Encoder>(
            "resnet18:stem=cifar,width=2",
            3,
            0.5,
            new long[] { 1, 8, 8 }
        );
        using var mlp = MethodCatalog.Create<Encoder>("mlp", 5L, new[] { 1, 2 }, 0.5);
        Assert.Equal(128, mlp.StageShapes[0][0]);
        Assert.Equal(2, encoder.StageShapes[0][0]);
    }

    private static MultiTaskNetwork Create(string name) =>
        MethodCatalog.Create<MultiTaskNetwork>(name, Tasks, new Mlp(6, [4]));

    private static MethodEntry Entry(MethodKind kind, string name) =>
        MethodCatalog.Of(kind).Single(entry => entry.Name == name);
}
