using Plait.Networks.Encoders;
using Plait.Networks.PredictionDistillation;
using TorchSharp.Modules;

namespace Plait.Tests.Networks.PredictionDistillation;

/// <summary>The blocks of the exchanges against their equations, written with loops over pixels.</summary>
[Collection("torch")]
public sealed class EquationTests
{
    public EquationTests() => torch.manual_seed(5);

    [Fact]
    public void A_message_is_its_content_times_the_gate()
    {
        using var scope = torch.NewDisposeScope();
        using var message = new GatedMessage(2, 3);
        var map = torch.randn(2, 2, 4, 5);
        var weights = Named(message, "weight");
        var said = message.call(map);
        for (var row = 0; row < 2; row++)
        {
            for (var channel = 0; channel < 3; channel++)
            {
                for (var y = 0; y < 4; y++)
                {
                    for (var x = 0; x < 5; x++)
                    {
                        var gate = 1 / (1 + Math.Exp(-At(channel, row, y, x)));
                        Assert.Equal(gate * At(channel + 3, row, y, x), said[row, channel, y, x].ToDouble(), 1e-5);
                    }
                }
            }
        }

        double At(int channel, int row, int y, int x)
        {
            var sum = 0.0;
            for (var input = 0; input < 2; input++)
            {
                for (var dy = -1; dy <= 1; dy++)
                {
                    for (var dx = -1; dx <= 1; dx++)
                    {
                        if (y + dy is >= 0 and < 4 && x + dx is >= 0 and < 5)
                        {
                            sum +=
                                weights[channel, input, dy + 1, dx + 1].ToDouble()
                                * map[row, input, y + dy, x + dx].ToDouble();
                        }
                    }
                }
            }

            return sum;
        }
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(1, false)]
    public void A_task_adds_what_each_other_one_says(int target, bool isGated)
    {
        using var scope = torch.NewDisposeScope();
        using var unit = new DistillationUnit(3, target, channels: 4, isGated);
        var features = Maps(3, 4);
        var expected = features[target];
        var messages = unit.named_children()
            .Single()
            .module.children()
            .Cast<torch.nn.Module<Tensor, Tensor>>()
            .ToArray();
        int[] others = [.. Enumerable.Range(0, 3).Where(task => task != target)];
        for (var i = 0; i < 2; i++)
        {
            expected += messages[i].call(features[others[i]]);
        }

        AssertClose(expected, unit.Refine(features));
    }

    [Fact]
    public void A_closed_gate_lets_nothing_through()
    {
        using var scope = torch.NewDisposeScope();
        using var unit = new DistillationUnit(2, 0, channels: 4);
        Tensor[] features = [torch.randn(2, 4, 5, 5), torch.rand(2, 4, 5, 5) + 1];
        using var noGrad = torch.no_grad();
        foreach (var weights in unit.parameters())
        {
            weights.narrow(0, 0, 4).fill_(-100); // the gate's half
        }

        AssertClose(features[0], unit.Refine(features));
    }

    [Fact]
    public void Affinities_of_a_pixel_sum_to_one_and_follow_the_inner_products()
    {
        using var scope = torch.NewDisposeScope();
        var keys = torch.randn(2, 3, 2, 4);
        using var layer = new PixelAffinity();
        var affinity = layer.call(keys);
        Assert.Equal([2L, 8, 8], affinity.shape);
        AssertClose(torch.ones(2, 8), affinity.sum(dim: 2L));
        for (var p = 0; p < 8; p++)
        {
            var weights = new double[8];
            for (var q = 0; q < 8; q++)
            {
                var product = 0.0;
                for (var channel = 0; channel < 3; channel++)
                {
                    product += keys[1, channel, p / 4, p % 4].ToDouble() * keys[1, channel, q / 4, q % 4].ToDouble();
                }

                weights[q] = Math.Exp(product / Math.Sqrt(3));
            }

            for (var q = 0; q < 8; q++)
            {
                Assert.Equal(weights[q] / weights.Sum(), affinity[1, p, q].ToDouble(), 1e-5);
            }
        }
    }

    [Fact]
    public void Propagation_repeats_the_weighted_mean_and_keeps_a_map_of_one_value()
    {
        using var scope = torch.NewDisposeScope();
        using var propagation = new AffinityPropagation(2, iterations: 3, beta: 0.3);
        using var noGrad = torch.no_grad();
        propagation.parameters().Single().copy_(torch.tensor(new[] { 0.7f, -0.2f }));
        var affinities = torch.stack([.. Maps(2, 3).Select(new PixelAffinity().call)]);
        var map = torch.randn(2, 4, 5, 6);

        var share = 1 / (1 + Math.Exp(-0.9)); // softmax of 0.7 and -0.2
        var mixed = (affinities[0] * share) + (affinities[1] * (1 - share));
        var x = map.flatten(2).transpose(1, 2);
        for (var i = 0; i < 3; i++)
        {
            x = (torch.bmm(mixed, x) * 0.3) + (x * 0.7);
        }

        AssertClose(x.transpose(1, 2).reshape(2, 4, 5, 6), propagation.call(affinities, map));
        AssertClose(torch.full_like(map, 2.5), propagation.call(affinities, torch.full_like(map, 2.5)));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    public void Structures_weigh_the_pixels_of_a_window_inside_of_the_image(int window)
    {
        using var scope = torch.NewDisposeScope();
        using var local = new LocalStructure(window);
        using var sums = new StructureSum(window);
        var keys = torch.randn(2, 3, 4, 5);
        var map = torch.randn(2, 2, 4, 5);
        var structure = local.call(keys);
        var spread = sums.call(structure, map);
        AssertClose(torch.ones(2, 20), structure.sum(dim: 1L));
        AssertClose(torch.ones_like(map), sums.call(structure, torch.ones_like(map)));
        var half = window / 2;
        for (var y = 0; y < 4; y++)
        {
            for (var x = 0; x < 5; x++)
            {
                var (total, sum) = (0.0, 0.0);
                for (var dy = -half; dy <= half; dy++)
                {
                    for (var dx = -half; dx <= half; dx++)
                    {
                        if (y + dy is < 0 or >= 4 || x + dx is < 0 or >= 5)
                        {
                            continue;
                        }

                        var product = (keys[0, .., y, x] * keys[0, .., y + dy, x + dx]).sum().ToDouble();
                        var weight = Math.Exp(product / Math.Sqrt(3));
                        total += weight;
                        sum += weight * map[0, 1, y + dy, x + dx].ToDouble();
                    }
                }

                Assert.Equal(sum / total, spread[0, 1, y, x].ToDouble(), 1e-4);
            }
        }
    }

    [Fact]
    public void Structures_that_match_pass_between_tasks()
    {
        using var scope = torch.NewDisposeScope();
        using var local = new LocalStructure(3);
        using var diffusion = new StructureDiffusion(3, 1, channels: 4, rounds: 1, window: 3);
        using var noGrad = torch.no_grad();
        diffusion.get_parameter("sharpness")!.fill_(4);
        Tensor[] structures = [.. Maps(3, 2).Select(map => local.call(map * 3))];
        structures[2] = structures[1].clone(); // matches fully

        var transferred = diffusion.Transferred(structures);

        AssertClose(torch.ones(2, 30), transferred.sum(dim: 1L));
        var cosine = torch.nn.functional.cosine_similarity(structures[0], structures[1], dim: 1);
        var share = (cosine * 4).exp() / ((cosine * 4).exp() + (2 * Math.Exp(4)));
        var expected = (structures[0] * share.unsqueeze(1)) + (structures[1] * (1 - share).unsqueeze(1));
        AssertClose(expected, transferred);
    }

    [Fact]
    public void Propagation_between_scales_weighs_the_tasks_of_one_channel()
    {
        using var scope = torch.NewDisposeScope();
        using var propagation = new FeaturePropagation(3, channels: 4);
        var weights = propagation.Weights(torch.cat([.. Maps(3, 4)], 1));
        Assert.Equal([2L, 3, 4, 5, 6], weights.shape);
        AssertClose(torch.ones(2, 4, 5, 6), weights.sum(dim: 1L));
    }

    [Fact]
    public void Propagation_between_scales_of_one_task_is_a_block_and_a_choice_of_channels()
    {
        using var scope = torch.NewDisposeScope();
        using var propagation = new FeaturePropagation(1, channels: 4);
        propagation.eval();
        var children = propagation.named_children().ToDictionary(child => child.name, child => child.module);
        Assert.DoesNotContain("weighing", children.Keys);
        var map = Maps(1, 4)[0];
        var reduced = ((torch.nn.Module<Tensor, Tensor>)children["reduction"]).call(map);
        var chosen = ((ModuleList<SqueezeExcitation>)children["selections"])[0].call(reduced);
        AssertClose(map + chosen, propagation.Propagate([map]).Single());
    }

    [Fact]
    public void States_are_balanced_number_by_number()
    {
        using var scope = torch.NewDisposeScope();
        using var attention = new TaskAttention(2, channels: 4);
        var balance = attention.Balance(torch.cat([.. Maps(2, 4)], 1));
        Assert.Equal([2L, 2, 4, 5, 6], balance.shape);
        AssertClose(torch.ones(2, 4, 5, 6), balance.sum(dim: 1L)); // B and 1 - B
        Assert.Equal([2L, 4, 5, 6], attention.Attend(Maps(2, 4)).shape);
        using var lone = new TaskAttention(1, channels: 4);
        Assert.DoesNotContain("balance", lone.named_children().Select(child => child.name));
        Assert.Equal([2L, 4, 5, 6], lone.Attend(Maps(1, 4)).shape);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Correlation_brings_the_source_to_where_the_target_is_like_it(int downscale)
    {
        using var scope = torch.NewDisposeScope();
        using var attention = new SpatialCrossAttention(3, downscale);
        attention.eval();
        using var noGrad = torch.no_grad();
        var alpha = attention.get_parameter("alpha")!;
        var (target, source) = (torch.randn(2, 3, 4, 6), torch.randn(2, 3, 4, 6));
        Assert.Equal(0, attention.call(target, source).abs().max().item<float>()); // as it starts

        alpha.copy_(torch.tensor(new[] { 0.5f, -1, 2 }).view(1, 3, 1, 1));
        var got = attention.call(target, source);
        var projections = attention.named_children().ToDictionary(child => child.name, child => child.module);
        var (height, width) = (4 / downscale, 6 / downscale);
        var pooled = torch.nn.functional.max_pool2d(source, downscale);
        var nearest = target[.., .., (..), (..)]
            .index_select(2, torch.arange(height) * downscale)
            .index_select(3, torch.arange(width) * downscale);
        var (b, c, d) = (Projected("query", nearest), Projected("key", pooled), Projected("value", pooled));
        for (var y = 0; y < 4; y++)
        {
            for (var x = 0; x < 6; x++)
            {
                var query = b[1, .., y / downscale, x / downscale];
                var (total, sum) = (0.0, new double[3]);
                for (var p = 0; p < height * width; p++)
                {
                    var weight = Math.Exp((query * c[1, .., p / width, p % width]).sum().ToDouble() / Math.Sqrt(3));
                    total += weight;
                    for (var channel = 0; channel < 3; channel++)
                    {
                        sum[channel] += weight * d[1, channel, p / width, p % width].ToDouble();
                    }
                }

                for (var channel = 0; channel < 3; channel++)
                {
                    var expected = sum[channel] / total * alpha[0, channel, 0, 0].ToDouble();
                    Assert.Equal(expected, got[1, channel, y, x].ToDouble(), 1e-4);
                }
            }
        }

        Tensor Projected(string name, Tensor map) => ((torch.nn.Module<Tensor, Tensor>)projections[name]).call(map);
    }

    [Fact]
    public void Correlations_of_a_target_pixel_sum_to_one()
    {
        using var scope = torch.NewDisposeScope();
        var correlation = SpatialCrossAttention.Correlation(torch.randn(2, 3, 4, 5), torch.randn(2, 3, 4, 5));
        Assert.Equal([2L, 20, 20], correlation.shape);
        AssertClose(torch.ones(2, 20), correlation.sum(dim: 2L));
    }

    private static Tensor[] Maps(int count, long channels) =>
        [.. Enumerable.Range(0, count).Select(_ => torch.randn(2, channels, 5, 6))];

    private static Parameter Named(torch.nn.Module module, string ending) =>
        module.named_parameters().Single(pair => pair.name.EndsWith(ending, StringComparison.Ordinal)).parameter;

    private static void AssertClose(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        Assert.InRange((expected - actual).abs().max().item<float>(), 0, 1e-5);
    }
}
