using Plait.Catalogue;
using Plait.Data;
using Plait.Networks;
using Plait.Networks.Encoders;
using Plait.Networks.Heads;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Tasks.Losses;
using Plait.Tasks.Metrics;
using Plait.Training;
using TorchSharp.Modules;
using static Plait.Tests.Networks.ArchitectureCases;

namespace Plait.Tests.Networks.PredictionDistillation;

/// <summary>Tasks that are predicted early only: others learn from them, and they hear of nobody.</summary>
[Collection("torch")]
public sealed class AuxiliaryTaskTests
{
    private static readonly TaskSet Tasks = new(Map("a", 2), Map("b", 1), Map("c", 2), LearningTask.Binary("sold"));

    private static readonly string[] Names =
    [
        "pad-net",
        "pad-net:distillation=messages",
        "pad-net:distillation=features",
        "mti-net",
        "pap-net",
        "psd",
        "jtrl",
    ];

    /// <summary>Each network with two main tasks and with one, which comes first, in the middle or last.</summary>
    public static TheoryData<string> Cases =>
        [
            .. from name in Names
            from auxiliary in new[] { "a", "b", "c", "b/c", "a/c", "a/b" }
            select $"{name}{(name.Contains(':', StringComparison.Ordinal) ? "," : ":")}auxiliary={auxiliary}",
        ];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_parameter_has_the_owner_whose_losses_alone_reach_it(string specification)
    {
        using var scope = torch.NewDisposeScope();
        using var network = Create(specification);
        using var storage = NetworkStorage.Create(network); // fails on a parameter that nobody or two claim
        using (torch.no_grad())
        {
            foreach (var parameter in network.parameters())
            {
                parameter.add_(torch.randn_like(parameter) * 0.1); // zeros hide what lies behind them
            }
        }

        using var batch = Images(32);
        var reached = new Dictionary<Parameter, List<int>>(ReferenceEqualityComparer.Instance);
        for (var task = 0; task < Tasks.Count; task++)
        {
            network.zero_grad();
            Scalar(network.Forward(batch, Tasks.All), task).backward();
            foreach (var parameter in network.parameters())
            {
                reached.TryAdd(parameter, []);
                if (parameter.grad is { } gradient && gradient.abs().max().item<float>() > 0)
                {
                    reached[parameter].Add(task);
                }
            }
        }

        var names = network
            .named_parameters()
            .ToDictionary(
                pair => pair.parameter,
                pair => pair.name,
                ReferenceEqualityComparer.Instance as IEqualityComparer<Parameter>
            );
        for (var task = 0; task < Tasks.Count; task++)
        {
            Assert.All(
                network.ParametersOf(task),
                parameter =>
                    Assert.True(
                        reached[parameter].SequenceEqual([task]),
                        $"{names[parameter]}: {string.Join(",", reached[parameter])}"
                    )
            );
        }

        Assert.All(
            network.SharedParameters.Where(parameter => reached[parameter].Count > 0),
            parameter =>
                Assert.True(reached[parameter].Count > 1, $"{names[parameter]}: {string.Join(",", reached[parameter])}")
        );
    }

    [Theory]
    [InlineData("pad-net", 0, 1)]
    [InlineData("pap-net", 0, 1)]
    [InlineData("psd", 0, 1)]
    [InlineData("mti-net", 1, 2)]
    [InlineData("jtrl", 0, 1)]
    public void An_auxiliary_tasks_output_is_its_last_early_prediction(string name, int further, int furtherOfMain)
    {
        using var scope = torch.NewDisposeScope();
        using var network = Create($"{name}:auxiliary=b");
        using var whole = Create(name);
        network.eval();
        using var batch = Images(4);

        var outputs = network.Forward(batch, Tasks.All);

        Assert.Equal([4L, 1, 16, 16], outputs[1].shape);
        Assert.Equal(further, outputs.AuxiliaryOutputsOf(1).Count);
        Assert.Equal(furtherOfMain, outputs.AuxiliaryOutputsOf(0).Count);
        Assert.Equal(network.FeatureSpecOf(1)!.Shape!, outputs.FeaturesOf(1)!.Values.shape.Skip(1));
        Assert.Equal(network.FeatureSpecOf(0)!.Shape!, outputs.FeaturesOf(0)!.Values.shape.Skip(1));
        Assert.True(network.parameters().Sum(p => p.numel()) < whole.parameters().Sum(p => p.numel()));
        // Alone it is answered for as among others.
        Assert.True(outputs[1].allclose(network.Forward(batch, Tasks.Select(1))[1], 1e-4, 1e-5));
    }

    [Theory]
    [InlineData("pad-net")]
    [InlineData("pap-net")]
    [InlineData("psd")]
    public void Others_hear_of_an_auxiliary_task_and_it_hears_of_nobody(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var network = Create($"{name}:auxiliary=b");
        network.eval();
        using var batch = Images(4);
        var before = network.Forward(batch, Tasks.All);
        Disturb("branches.0.");
        var after = network.Forward(batch, Tasks.All);
        Assert.True(before[1].allclose(after[1]));
        Assert.False(before[2].allclose(after[2]));
        Disturb("branches.1.");
        Assert.False(after[2].allclose(network.Forward(batch, Tasks.All)[2]));

        void Disturb(string start)
        {
            using var noGrad = torch.no_grad();
            foreach (var (key, parameter) in network.named_parameters())
            {
                if (key.StartsWith(start, StringComparison.Ordinal))
                {
                    parameter.add_(torch.randn_like(parameter));
                }
            }
        }
    }

    [Theory]
    [InlineData("pad-net:auxiliary=d", "There is no task 'd' to be auxiliary (did you mean 'a'?); choose from a, b, c")]
    [InlineData("mti-net:auxiliary=sold", "'sold' has one answer an image")]
    [InlineData("psd:auxiliary=a/b/c", "leave one of a, b, c out")]
    public void What_cannot_be_auxiliary_is_refused(string specification, string why)
    {
        var fault = Assert.Throws<FormatException>(() => Create(specification));
        Assert.Contains(why, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_scale_has_no_early_predictions_for_tasks_that_take_turns()
    {
        using var encoder = new TinyResNet([3, 16, 16], width: 4, stages: 1, blocks: 1);
        var fault = Assert.Throws<FormatException>(() =>
            MethodCatalog.Create<MultiTaskNetwork>("jtrl:auxiliary=b", Tasks, encoder)
        );
        Assert.Contains("has one scale", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pad-net")]
    [InlineData("mti-net")]
    [InlineData("jtrl")]
    public void Another_head_is_that_of_the_others_and_training_and_metrics_know_no_difference(string name)
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(2);
        using var network = MethodCatalog.Create<MultiTaskNetwork>(
            $"{name}:auxiliary=a/c",
            Tasks,
            Encoder(),
            new ConvolutionHead(width: 5)
        );
        Assert.Single(network.parameters(), parameter => parameter.dim() == 4 && parameter.size(0) == 5);
        using var data = TensorData.Shared(
            Tasks,
            torch.randn(8, 3, 16, 16),
            [
                TaskTarget.Of(torch.randn(8, 2, 16, 16)),
                TaskTarget.Of(torch.randn(8, 1, 16, 16)),
                TaskTarget.Of(torch.randn(8, 2, 16, 16)),
                TaskTarget.Of(torch.zeros(8)),
            ]
        );
        using var batches = data.Batches(4);

        var result = new Trainer(network, new Recipe { Epochs = 1 }).Fit(batches);

        Assert.Equal(0, result.SkippedSteps);
        var metrics = Evaluator.Evaluate(network, batches).Metrics;
        Assert.All(Enumerable.Range(0, 3), task => Assert.True(double.IsFinite(metrics.Primary(task))));
    }

    private static MultiTaskNetwork Create(string specification)
    {
        torch.manual_seed(2);
        return MethodCatalog.Create<MultiTaskNetwork>(specification, Tasks, Encoder());
    }

    private static TinyResNet Encoder() => new([3, 16, 16], width: 4, stages: 2, blocks: 1);

    private static MultiTaskBatch Images(int rows)
    {
        torch.manual_seed(3);
        return MultiTaskBatch.Unlabelled(Tasks.All, torch.randn(rows, 3, 16, 16));
    }

    private static LearningTask Map(string name, int channels) =>
        new(name, new Numeric(channels, Layout.Pixel), new AbsoluteError(), [new MeanAbsoluteError()]);
}
