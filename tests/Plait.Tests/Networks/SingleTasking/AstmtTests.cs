using Plait.Catalogue;
using Plait.Networks.Encoders;
using Plait.Networks.SingleTasking;
using Plait.Tasks;
using TorchSharp.Modules;
using static Plait.Tests.Networks.SingleTasking.SmallMaps;

namespace Plait.Tests.Networks.SingleTasking;

[Collection("torch")]
public sealed class AstmtTests
{
    [Fact]
    public void Each_task_has_excitations_in_every_block_an_adapter_beside_every_3x3_convolution_and_all_normalisations_but_the_stems()
    {
        using var scope = torch.NewDisposeScope();
        using var encoder = new TinyResNet([3, Side, Side], width: 32, stages: 2, blocks: 1);
        using var network = new Astmt(Two, encoder);
        var head = Size(Plait.Networks.Heads.Head.For(Two[1], encoder).parameters());
        const long Adapters = (32 * 32) + (32 * 32) + (32 * 64) + (64 * 64);
        const long Norms = 2 * (32 + 32 + 64 + 64 + 64);
        const long Excitations = (32 * 2) + 2 + (2 * 32) + 32 + (64 * 4) + 4 + (4 * 64) + 64;
        Assert.Equal(Adapters + Norms + Excitations + head, Size(network.ParametersOf(1)));
        using var without = new Astmt(Two, encoder, adapters: false);
        Assert.Equal(Norms + Excitations + head, Size(without.ParametersOf(1)));
        Assert.Equal(
            Size(encoder.parameters().Where(parameter => parameter.dim() == 4)) + (2 * 32),
            Size(network.SharedParameters)
        );
    }

    [Fact]
    public void What_belongs_to_a_task_learns_as_many_times_faster_as_there_are_tasks_with_plain_descent_alone()
    {
        using var network = new Astmt(Two, Trained());
        Assert.All(network.parameters(), parameter => Assert.Equal(1, network.AdaptiveScaleOf(parameter)));
        Assert.All(network.SharedParameters, parameter => Assert.Equal(1, network.ScaleOf(parameter)));
        Assert.All(network.ParametersOf(0), parameter => Assert.Equal(2, network.ScaleOf(parameter)));
    }

    [Fact]
    public void The_rate_of_what_belongs_to_a_task_can_be_chosen_for_any_optimizer()
    {
        using var network = new Astmt(Two, Trained(), privateRate: 3);
        Assert.All(network.SharedParameters, parameter => Assert.Equal(1, network.AdaptiveScaleOf(parameter)));
        Assert.All(network.ParametersOf(0), parameter => Assert.Equal(3, network.ScaleOf(parameter)));
        Assert.All(network.ParametersOf(1), parameter => Assert.Equal(3, network.AdaptiveScaleOf(parameter)));
        Assert.Throws<ArgumentException>(() => new Astmt(Two, Trained(), privateRate: 0));
    }

    [Fact]
    public void An_excitation_scales_channels_by_what_two_layers_make_of_their_means()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(5);
        using var layer = new SqueezeExcitation(channels: 6, reduction: 2);
        var input = torch.randn(3, 6, 4, 5);
        var own = layer.named_parameters().ToDictionary(pair => pair.name, pair => (Tensor)pair.parameter);
        var hidden = input.mean([2, 3]).mm(own["squeeze.weight"].t()).add(own["squeeze.bias"]).clamp(min: 0);
        var scale = 1 / (1 + hidden.mm(own["excite.weight"].t()).add(own["excite.bias"]).neg().exp());
        Assert.Equal(3, hidden.size(1));
        Assert.Equal(0, Difference(input * scale.view(3, 6, 1, 1), layer.call(input)), 1e-6);
        using var narrow = new SqueezeExcitation(channels: 4, reduction: 16);
        Assert.Equal([1L, 4L], narrow.parameters().First().shape);
    }

    [Theory]
    [InlineData("resnet18", true)]
    [InlineData("resnet26", false)]
    public void The_excitations_of_an_encoder_are_what_those_of_every_task_start_from(string name, bool loaded)
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(2);
        using var encoder = Excited(name);
        encoder.WeightsFile = loaded ? "weights" : null;
        using var network = new Astmt(Two, encoder, reduction: 2);
        network.eval();
        encoder.eval();
        var images = Images(3);
        var expected = encoder.Features(images);
        var outputs = Run(network, images, 0, 1);

        Assert.Equal(0, Difference(expected, outputs.FeaturesOf(0)!.Values), 1e-5);
        Assert.Equal(0, Difference(expected, outputs.FeaturesOf(1)!.Values), 1e-5);
        using var other = new Astmt(Two, Plain(name), reduction: 2);
        Assert.Equal(Size(other.ParametersOf(0)), Size(network.ParametersOf(0)));
        Assert.Equal(Size(other.SharedParameters), Size(network.SharedParameters));
    }

    [Fact]
    public void Excitations_of_another_size_or_without_a_place_are_refused()
    {
        using var encoder = Excited("resnet18");
        var size = Assert.Throws<NotSupportedException>(() => new Astmt(Two, encoder, reduction: 4));
        Assert.Contains("give both the same reduction", size.Message, StringComparison.Ordinal);
        var place = Assert.Throws<NotSupportedException>(() => new ResidualAdapters(Two, encoder));
        Assert.Contains("excitation=0", place.Message, StringComparison.Ordinal);
        Assert.Throws<NotSupportedException>(() => new Rcm(Two, encoder));
    }

    [Fact]
    public void The_stem_is_gone_through_once_for_rows_that_tasks_share()
    {
        using var scope = torch.NewDisposeScope();
        using var network = new Astmt(Two, Trained());
        var passes = 0;
        var stem = network.modules().OfType<Conv2d>().First();
        stem.register_forward_hook(
            (_, _, output) =>
            {
                passes++;
                return output;
            }
        );
        Run(network, Images(2), 0, 1);
        Assert.Equal(1, passes);
        using var own = Plait.Data.MultiTaskBatch.PerTask(
            Two.All,
            [Images(2), Images(3)],
            [TaskTarget.Of(torch.zeros(2)), TaskTarget.Of(torch.zeros(3))]
        );
        network.Forward(own, Two.All);
        Assert.Equal(3, passes);
    }

    private static Encoder Excited(string name)
    {
        var encoder = Make(name, ",excitation=2");
        using var noGrad = torch.no_grad();
        foreach (var parameter in encoder.parameters())
        {
            parameter.add_(torch.randn_like(parameter) * 0.1);
        }

        return encoder;
    }

    private static Encoder Plain(string name) => Make(name, "");

    private static Encoder Make(string name, string more) =>
        MethodCatalog.Create<Encoder>(
            $"{name}:stem=cifar,width=4,pool=false{more}",
            3L * Side * Side,
            new long[] { 3, Side, Side }
        );

    [Fact]
    public void An_impossible_reduction_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Astmt(Two, Trained(), reduction: 0));
}
