using Plait.Networks;
using Plait.Tasks;
using TorchSharp.Modules;
using static Plait.Tests.Networks.ArchitectureCases;

namespace Plait.Tests.Networks;

/// <summary>What an architecture says about its parameters is what the losses do to them.</summary>
[Collection("torch")]
public sealed class OwnershipTests
{
    public static TheoryData<string> Architectures => Names;

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Every_trainable_parameter_has_exactly_one_owner(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var network = Create(name);
        Parameter[] claimed =
        [
            .. network.SharedParameters,
            .. Enumerable.Range(0, network.Tasks.Count).SelectMany(network.ParametersOf),
        ];
        Assert.Equal(claimed.Length, claimed.ToHashSet(ReferenceEqualityComparer.Instance).Count);
        Assert.Equal(
            network
                .parameters()
                .Where(parameter => parameter.requires_grad)
                .ToHashSet(ReferenceEqualityComparer.Instance),
            claimed.ToHashSet(ReferenceEqualityComparer.Instance)
        );
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Losses_of_two_tasks_or_more_reach_a_shared_parameter_and_exactly_one_a_private_one(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var network = Create(name);
        var reached = Reached(network, network.Tasks.All);
        Assert.All(
            network.SharedParameters,
            parameter => Assert.InRange(reached[parameter].Count, 2, network.Tasks.Count)
        );
        for (var task = 0; task < network.Tasks.Count; task++)
        {
            Assert.All(network.ParametersOf(task), parameter => Assert.Equal([task], reached[parameter]));
        }
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Losses_of_selected_tasks_reach_no_parameter_of_the_others(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var network = Create(name);
        var reached = Reached(network, network.Tasks.Select(0, 2));
        Assert.All(network.SharedParameters, parameter => Assert.Equal([0, 2], reached[parameter]));
        Assert.All(network.ParametersOf(0), parameter => Assert.Equal([0], reached[parameter]));
        Assert.All(network.ParametersOf(1), parameter => Assert.Empty(reached[parameter]));
        Assert.All(network.ParametersOf(2), parameter => Assert.Equal([2], reached[parameter]));
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Flat_storage_changes_no_output(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var network = Create(name);
        using var batch = Batch(network.Tasks.All);
        var before = network.Forward(batch, network.Tasks.All);
        using var storage = NetworkStorage.Create(network);
        var after = network.Forward(batch, network.Tasks.All);
        Assert.All(
            Enumerable.Range(0, network.Tasks.Count),
            task => Assert.True(before[task].allclose(after[task], rtol: 1e-5, atol: 1e-6)) // vectors that begin elsewhere may be added up in another order
        );
        Assert.Equal(network.SharedParameters.Sum(parameter => parameter.numel()), storage.SharedLength);
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Owners_hold_after_a_move_to_another_type(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var network = Create(name);
        network.to(ScalarType.Float64);
        using var batch = Batch(network.Tasks.All, type: ScalarType.Float64);
        var outputs = network.Forward(batch, network.Tasks.All);
        for (var task = 0; task < network.Tasks.Count; task++)
        {
            Assert.Equal(ScalarType.Float64, outputs[task].dtype);
        }

        using var storage = NetworkStorage.Create(network); // fails on a parameter that nobody or two claim
        Assert.Equal(ScalarType.Float64, storage.Values.dtype);
        Assert.All(storage.Parameters, parameter => Assert.Contains(parameter, network.parameters()));
    }

    /// <summary>For each parameter the tasks whose loss gives it a gradient other than zero, several random inputs together.</summary>
    private static Dictionary<Parameter, SortedSet<int>> Reached(MultiTaskNetwork network, TaskSelection tasks)
    {
        var reached = network
            .parameters()
            .ToDictionary(
                p => p,
                _ => new SortedSet<int>(),
                ReferenceEqualityComparer.Instance as IEqualityComparer<Parameter>
            );
        Wake(network);
        using var batch = Batch(tasks, rows: 64);
        foreach (var task in tasks.Indices)
        {
            network.zero_grad();
            Scalar(network.Forward(batch, tasks), task).backward();
            foreach (var parameter in reached.Keys)
            {
                if (parameter.grad is { } gradient && gradient.abs().max().item<float>() > 0)
                {
                    reached[parameter].Add(task);
                }
            }
        }

        return reached;
    }

    /// <summary>Moves parameters that start at zero, such as the weight of a branch still to be learned: zero hides what lies behind it.</summary>
    private static void Wake(MultiTaskNetwork network)
    {
        using var noGrad = torch.no_grad();
        foreach (var parameter in network.parameters().Where(parameter => parameter.count_nonzero().item<long>() == 0))
        {
            parameter.normal_(std: 0.1);
        }
    }
}
