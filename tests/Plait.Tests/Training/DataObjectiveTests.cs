using Plait.Data;
using Plait.Networks;
using Plait.Optimization;
using Plait.Tasks;
using Plait.Torch;
using Plait.Training;

namespace Plait.Tests.Training;

/// <summary>The losses of a step on its batches, on others and on shares of them.</summary>
[Collection("torch")]
public sealed class DataObjectiveTests
{
    [Fact]
    public void Losses_apart_from_others_are_of_the_batches_that_come_next()
    {
        using var scope = torch.NewDisposeScope();
        using var network = SmallRuns.Network();
        var batches = Enumerable.Range(0, 5).Select(number => Batch(rows: 4, number)).ToArray();
        var objective = Objective(network, [batches[0]], number => [batches[number]]);

        Assert.Same(batches[1], Only(objective.Independent(1)));
        Assert.Same(batches[2], Only(objective.Independent(1).Independent(0)));
        Assert.Same(batches[4], Only(objective.Independent(1).Independent(1).Independent(0)));
    }

    [Fact]
    public void A_task_without_a_label_in_any_batch_has_no_loss()
    {
        using var scope = torch.NewDisposeScope();
        using var network = SmallRuns.Network();
        var labelled = Batch(rows: 4, seed: 1);
        var none = MultiTaskBatch.Shared(
            labelled.Tasks,
            labelled.BatchInputOf(0),
            [
                labelled.TargetOf(0),
                TaskTarget.FromRaw(torch.full(4, float.NaN)),
                TaskTarget.FromRaw(torch.full(4, -1L, ScalarType.Int64)),
            ]
        );

        Assert.Equal([0], Tasks(none));
        Assert.Equal([0], Tasks(none, none));
        Assert.Equal([0, 1, 2], Tasks(none, labelled));

        int[] Tasks(params MultiTaskBatch[] batches) =>
            Objective(network, batches, _ => batches).Tasks.Indices.ToArray();
    }

    [Fact]
    public void A_share_is_of_the_first_rows_and_a_whole_one_is_the_same()
    {
        using var scope = torch.NewDisposeScope();
        using var network = SmallRuns.Network();
        var (own, other) = (Batch(rows: 8, seed: 1), Batch(rows: 8, seed: 2));
        var objective = Objective(network, [own], _ => [other]);

        Assert.Same(objective, objective.Share(1));
        var quarter = objective.Share(0.25);
        Assert.Equal(Numbers.Read(own.Input.narrow(0, 0, 2)), Numbers.Read(Only(quarter).Input));
        Assert.Same(other, Only(quarter.Independent(0)));
    }

    [Fact]
    public void Batches_of_one_step_are_joined_and_so_are_others()
    {
        using var scope = torch.NewDisposeScope();
        using var network = SmallRuns.Network(dropout: 0);
        network.eval();
        MultiTaskBatch[] batches = [Batch(rows: 4, seed: 1), Batch(rows: 8, seed: 2)];
        var objective = Objective(network, batches, _ => [batches[1], batches[1]]);

        var joined = objective.Joined;

        Assert.Equal(12, Only(joined).Input.size(0));
        Assert.Equal(16, Only(joined.Independent(0)).Input.size(0));
        Assert.Same(joined, joined.Joined);
        Assert.All(
            objective.Measure().Numbers.ToArray().Zip(joined.Measure().Numbers.ToArray()),
            pair => Assert.Equal(pair.Second, pair.First, 1e-6)
        );
        Assert.Equal(8, Only(objective.Parts[1].Alone).Input.size(0));
    }

    private static DataObjective Objective(
        MultiTaskNetwork network,
        MultiTaskBatch[] batches,
        Func<int, IReadOnlyList<MultiTaskBatch>> others
    ) => new(network, [], batches, others, new StepContext { Tasks = network.Tasks });

    private static MultiTaskBatch Batch(int rows, long seed)
    {
        using var data = SmallRuns.Data(rows, seed);
        using var batches = data.Batches(rows);
        return batches.Read(SmallRuns.Tasks.All, [0, 0, 0]);
    }

    private static MultiTaskBatch Only(IObjective objective) => Assert.Single(((DataObjective)objective).Batches);
}
