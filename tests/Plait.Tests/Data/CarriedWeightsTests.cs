using Plait.Data;
using Plait.Tasks;
using Plait.Tasks.Answers;

namespace Plait.Tests.Data;

/// <summary>Weights go wherever targets go: in this data each present target is its own weight.</summary>
[Collection("torch")]
public sealed class CarriedWeightsTests
{
    private const int Rows = 23;

    private static readonly TaskSet Tasks = new(LearningTask.Regression("some"), LearningTask.Regression("all"));

    public static TheoryData<string> Ways =>
        [
            "as made",
            "subset",
            "first",
            "only",
            "only labelled",
            "moved",
            "one task",
            "of own rows",
            "subset of own rows",
            "first of own rows",
        ];

    [Theory]
    [MemberData(nameof(Ways))]
    public void Data_and_its_batches_carry_weights(string way)
    {
        using var scope = torch.NewDisposeScope();
        using var data = Made(way);

        for (var task = 0; task < data.Tasks.Count; task++)
        {
            Check(data.TargetOf(task));
        }

        // In order, shuffled by a copy of the whole, and gathered batch by batch where rows are large.
        foreach (var seed in new long?[] { null, 7 })
        {
            using var source = data.Batches(5, seed);
            for (var place = 0; place < 3; place++)
            {
                using var batch = source.Read(data.Tasks.All, [.. Enumerable.Repeat((long)place, data.Tasks.Count)]);
                using var next = source.Read(data.Tasks.All, [.. Enumerable.Repeat(place + 1L, data.Tasks.Count)]);
                foreach (var task in data.Tasks.All.Indices)
                {
                    Check(batch.TargetOf(task));
                    Check(batch.Share(0.5).TargetOf(task));
                    Check(batch.To(torch.CPU, ScalarType.Float64).TargetOf(task));
                    Check(MultiTaskBatch.Join([batch, next]).TargetOf(task));
                    Assert.NotNull(MultiTaskBatch.Join([batch, Unweighted(next)]).TargetOf(task).Weights);
                }
            }
        }
    }

    [Fact]
    public void Weights_move_to_another_device_with_their_targets()
    {
        using var scope = torch.NewDisposeScope();
        var elsewhere = new Device(DeviceType.META); // shapes without numbers
        using var data = Shared();
        using var moved = data.To(elsewhere);
        using var source = data.Batches(5);
        using var batch = source.Read(Tasks.All, [1, 1]);

        foreach (var task in Tasks.All.Indices)
        {
            var (whole, part) = (moved.TargetOf(task), batch.To(elsewhere).TargetOf(task));
            Assert.Equal((DeviceType.META, DeviceType.META), (whole.Weights!.device_type, part.Weights!.device_type));
            Assert.Equal(data.TargetOf(task).PresentCount, whole.PresentCount);
            Assert.Equal(batch.TargetOf(task).WeightSum, part.WeightSum);
        }
    }

    [Fact]
    public void Rows_that_are_gathered_batch_by_batch_carry_weights()
    {
        using var scope = torch.NewDisposeScope();
        var values = torch.arange(1, 9, ScalarType.Float32).view(8, 1).expand(8, 40_000);
        var tasks = new TaskSet(LearningTask.Regression("wide", 40_000));
        var target = TaskTarget.Of(values.contiguous()).Weighted(values);
        using var data = TensorData.Shared(tasks, torch.ones(8, 1), [target]);
        using var source = data.Batches(4, shuffleSeed: 1);
        using var batch = source.Read(tasks.All, [1]);

        Check(batch.TargetOf(0));
    }

    [Fact]
    public void Rows_of_weight_0_are_dropped_as_unlabelled_ones()
    {
        using var scope = torch.NewDisposeScope();
        var tasks = new TaskSet(LearningTask.Regression("y"));
        var weights = torch.tensor(new[] { 1f, 0, 2 });
        using var data = TensorData.Shared(
            tasks,
            torch.arange(3).view(3, 1),
            [TaskTarget.Of(torch.ones(3)).Weighted(weights)]
        );
        using var rest = data.SelectTasks(["y"], dropUnlabelled: true);

        Assert.Equal([0, 2], rest.Input.flatten().data<long>().ToArray());
        Assert.Equal([1f, 2], rest.TargetOf(0).Weights!.data<float>().ToArray());
        Assert.Null(rest.TargetOf(0).Present);
    }

    [Fact]
    public void Batches_with_weights_leave_no_tensor_behind()
    {
        using var data = Shared();
        using var source = data.Batches(5, shuffleSeed: 2);
        source.Read(Tasks.All, [0, 0]).Dispose();
        var before = SmallData.CountTensors();
        for (var i = 1; i < 4; i++)
        {
            source.Read(Tasks.All, [i, i]).Dispose();
        }

        Assert.Equal(before, SmallData.CountTensors());
    }

    private static TensorData Made(string way) =>
        way switch
        {
            "as made" => Shared(),
            "subset" => Shared().Subset([7, 2, 2, 9, 20, 21, 22, 0, 1, 3, 4]),
            "first" => Shared().Take(17),
            "only" => Shared().SelectTasks(["all"]),
            "only labelled" => Shared().SelectTasks(["some"], dropUnlabelled: true),
            "moved" => Shared().To(torch.CPU),
            "one task" => Shared().SelectTasks(["some"]).Subset([3, 5, 8, 2, 2, 2, 9, 11, 12, 14, 15, 17, 18]),
            "of own rows" => OwnRows(),
            "subset of own rows" => OwnRows()
                .Subset([
                    [5L, 3, 2, 9, 9, 9, 14, 15, 17, 18, 20],
                    [7L, 2, 4, 6, 1, 8, 9, 11, 12, 13, 14],
                ]),
            _ => OwnRows().Take(15),
        };

    private static TensorData OwnRows()
    {
        using var shared = Shared();
        return TensorData.PerTask(
            Tasks,
            [shared.Input, shared.Input.narrow(0, 0, 15)],
            [shared.TargetOf(0), shared.TargetOf(1).Map(tensor => tensor.narrow(0, 0, 15))]
        );
    }

    /// <summary>Targets 2, 3, ... which are their own weights; of the first task every third is missing, and of both every fifth weighs 0.</summary>
    private static TensorData Shared()
    {
        using var scope = torch.NewDisposeScope();
        float[] some = [.. Enumerable.Range(0, Rows).Select(row => row % 3 == 1 ? float.NaN : row + 2)];
        float[] all = [.. Enumerable.Range(0, Rows).Select(row => row + 2f)];
        float[] weights = [.. Enumerable.Range(0, Rows).Select(row => row % 5 == 0 ? 0 : row + 2f)];
        return TensorData.Shared(
            Tasks,
            torch.arange(Rows).view(Rows, 1).to(ScalarType.Float32),
            [
                TaskTarget.FromRaw(torch.tensor(some)).Weighted(torch.tensor(weights)),
                TaskTarget.FromRaw(torch.tensor(all)).Weighted(torch.tensor(weights)),
            ]
        );
    }

    private static MultiTaskBatch Unweighted(MultiTaskBatch batch)
    {
        TaskTarget[] targets =
        [
            .. batch.Tasks.Indices.ToArray().Select(task => TaskTarget.Of(batch.TargetOf(task).Values)),
        ];
        return MultiTaskBatch.PerTask(
            batch.Tasks,
            [.. batch.Tasks.Indices.ToArray().Select(batch.BatchInputOf)],
            targets
        );
    }

    private static void Check(TaskTarget target)
    {
        float[] values = SmallData.Numbers(target.Values);
        float[] weights = SmallData.Numbers(target.Weights!);
        float[] marks = target.Present is { } present ? SmallData.Numbers(present) : [.. values.Select(_ => 1f)];
        Assert.Equal(values.Zip(marks, (value, mark) => value * mark), weights);
        Assert.Equal(weights.Count(weight => weight > 0), target.PresentCount);
        Assert.Equal(weights.Sum(weight => (double)weight), target.WeightSum, 1e-9);
    }
}
