using Plait.Data;
using Plait.Networks;
using static Plait.Tests.Networks.ArchitectureCases;

namespace Plait.Tests.Networks;

/// <summary>What holds for every architecture of the catalogue.</summary>
[Collection("torch")]
public sealed class ArchitectureTests
{
    public static TheoryData<string> Architectures => Names;

    public static TheoryData<string> ArchitecturesOnVectors => VectorNames;

    public static TheoryData<string> Refusals => Refused;

    [Theory]
    [MemberData(nameof(Refusals))]
    public void What_an_architecture_cannot_read_is_refused_with_a_hint(string name)
    {
        var refused = Assert.Throws<NotSupportedException>(() => Create(name));
        Assert.Matches("choose|such as", refused.Message);
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Each_task_gets_an_output_of_its_shape(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var network = Create(name);
        using var batch = Batch(TasksOf(name).All, rows: 4);
        var outputs = network.Forward(batch, TasksOf(name).All);
        foreach (var task in TasksOf(name))
        {
            Assert.Equal(OutputOf(task, 4), outputs[task].shape);
            Assert.All(
                outputs.AuxiliaryOutputsOf(TasksOf(name).IndexOf(task)),
                further => Assert.Equal(OutputOf(task, 4), further.shape)
            );
        }
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Every_parameter_that_learns_is_in_one_group(string name)
    {
        using var network = Create(name);
        var groups = network.ParameterGroups;
        Assert.Distinct(groups.Select(group => group.Name));
        Assert.Equal(
            network
                .parameters()
                .Where(parameter => parameter.requires_grad)
                .ToHashSet(ReferenceEqualityComparer.Instance),
            groups.SelectMany(group => group.Parameters).ToHashSet(ReferenceEqualityComparer.Instance)
        );
        Assert.Equal(
            network.parameters().Count(parameter => parameter.requires_grad),
            groups.Sum(group => group.Parameters.Count)
        );
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Selected_tasks_get_the_outputs_that_they_get_among_all(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var network = Create(name);
        network.eval();
        using var batch = Batch(TasksOf(name).All);
        var all = network.Forward(batch, TasksOf(name).All);
        var some = network.Forward(batch, TasksOf(name).Select(0, 2));
        AssertClose(all[0], some[0]);
        AssertClose(all[2], some[2]);
        Assert.Throws<ArgumentException>(() => some[1]);
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void A_task_with_its_own_rows_gets_what_they_would_get_alone(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var network = Create(name);
        network.eval();
        var tasks = TasksOf(name).Select(0, 2);
        using var batch = BatchPerTask(tasks);
        var outputs = network.Forward(batch, tasks, cut: true);
        Assert.Null(outputs.Representation);
        foreach (var task in new[] { 0, 2 })
        {
            using var alone = MultiTaskBatch.Unlabelled(TasksOf(name).All, batch.InputOf(task).clone());
            AssertClose(network.Forward(alone, TasksOf(name).All)[task], outputs[task]);
        }
    }

    [Theory]
    [MemberData(nameof(ArchitecturesOnVectors))]
    public void Dropout_acts_in_training_and_not_in_evaluation(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var network = Create(name, dropout: 0.5);
        using var batch = Batch(Three.All, rows: 32);
        network.train();
        Assert.NotEqual(0, Difference(network.Forward(batch, Three.All)[0], network.Forward(batch, Three.All)[0]));
        network.eval();
        Assert.Equal(0, Difference(network.Forward(batch, Three.All)[0], network.Forward(batch, Three.All)[0]));
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void A_cut_gives_the_same_outputs_and_gradients_as_no_cut(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var network = Create(name);
        network.eval();
        using var batch = Batch(TasksOf(name).All);
        var whole = network.Forward(batch, TasksOf(name).All);
        Total(whole).backward();
        var trained = network.parameters().Where(parameter => parameter.requires_grad).ToArray();
        var expected = trained.Select(parameter => parameter.grad!.clone()).ToArray();
        network.zero_grad();

        var outputs = network.Forward(batch, TasksOf(name).All, cut: true);
        Assert.Equal(network.HasSharedRepresentation, outputs.Representation is not null);
        for (var task = 0; task < TasksOf(name).Count; task++)
        {
            AssertClose(whole[task], outputs[task]);
        }

        Total(outputs).backward();
        if (outputs.Representation is { } cut)
        {
            Assert.All(
                network.SharedParameters,
                parameter => Assert.True(parameter.grad is null || Difference(parameter.grad) == 0)
            );
            var seeds = cut.Values.Select(
                (_, part) =>
                    Enumerable
                        .Range(0, TasksOf(name).Count)
                        .Select(task => cut.Of(task)[part].grad!)
                        .Aggregate((a, b) => a + b)
            );
            torch.autograd.backward([.. cut.Values], [.. seeds]);
        }

        Assert.All(trained.Zip(expected), pair => AssertClose(pair.Second, pair.First.grad!));

        using var noGrad = torch.no_grad();
        Assert.Null(network.Forward(batch, TasksOf(name).All, cut: true).Representation);
    }

    [Theory]
    [MemberData(nameof(ArchitecturesOnVectors))]
    public void It_learns_what_the_tasks_have_in_common(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var network = Create(name);
        var truth = torch.randn(Inputs, 4);
        using var optimizer = torch.optim.Adam(network.parameters(), 0.03);
        for (var step = 0; step < 80; step++)
        {
            using var inner = torch.NewDisposeScope();
            optimizer.zero_grad();
            Loss(network, truth, rows: 64).backward();
            optimizer.step();
        }

        network.eval();
        using var noGrad = torch.no_grad();
        var reached = Loss(network, truth, rows: 1000).item<float>();
        using var untrained = Create(name);
        var before = Loss(untrained, truth, rows: 1000).item<float>();
        Assert.True(reached < before / 4, $"loss went from {before} to {reached}");
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void A_step_leaves_no_tensor_behind(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var network = Create(name);
        var counts = new long[4];
        for (var step = 0; step < counts.Length; step++)
        {
            using var inner = torch.NewDisposeScope();
            using var batch = Batch(TasksOf(name).All, rows: 8);
            Total(network.Forward(batch, TasksOf(name).All, cut: step % 2 == 1)).backward();
            inner.DisposeEverything();
            counts[step] = Tensor.TotalCount;
        }

        // What other tests left to the collector may go in between, so less is right.
        Assert.InRange(counts[3], long.MinValue, counts[2]);
        Assert.InRange(counts[2], long.MinValue, counts[1]);
    }

    /// <summary>Squared error of a linear regression and cross-entropy of the signs of two linear functions.</summary>
    private static Tensor Loss(MultiTaskNetwork network, Tensor truth, long rows)
    {
        using var batch = Batch(Three.All, rows);
        var outputs = network.Forward(batch, Three.All);
        var answers = batch.Input.mm(truth);
        var numbers = torch.nn.functional.mse_loss(outputs[0], answers.narrow(1, 0, 2));
        var classes = torch.nn.functional.cross_entropy(outputs[1], answers.select(1, 2).gt(0).to(ScalarType.Int64));
        var yes = answers.narrow(1, 3, 1).gt(0).to(ScalarType.Float32);
        return numbers + classes + torch.nn.functional.binary_cross_entropy_with_logits(outputs[2], yes);
    }

    private static Tensor Total(TaskOutputs outputs) =>
        outputs.Tasks.Indices.ToArray().Select(task => Scalar(outputs, task)).Aggregate((a, b) => a + b);

    private static double Difference(Tensor a, Tensor? b = null) => (b is null ? a : a - b).abs().max().ToDouble();

    private static void AssertClose(Tensor expected, Tensor actual) =>
        Assert.InRange(Difference(expected, actual), 0, 1e-5 * Math.Max(1, Difference(expected)));
}
