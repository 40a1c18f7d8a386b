using CsCheck;
using Plait.Relationships.Embedding;

namespace Plait.Relationships.Tests.Embedding;

public sealed class Task2VecDistancesTests
{
    private static readonly Gen<TaskEmbedding[]> Embeddings = Gen.Int[2, 12]
        .SelectMany(units =>
            Gen.Double[0, 10]
                .Array[units]
                .Array[3]
                .Select(Gen.Double[0.01, 1].Array[units])
                .Select((tasks, prior) => tasks.Select((task, i) => new TaskEmbedding($"t{i}", task, prior)).ToArray())
        );

    [Fact]
    public void Symmetric_distance_is_one_from_0_to_1() =>
        Embeddings.Sample(tasks =>
        {
            var distance = Task2VecDistances.Symmetric(tasks[0], tasks[1]);
            Assert.InRange(distance, 0, 1);
            Assert.Equal(distance, Task2VecDistances.Symmetric(tasks[1], tasks[0]), 1e-12);
            Assert.Equal(0, Task2VecDistances.Symmetric(tasks[0], tasks[0]), 1e-12);
        });

    [Fact]
    public void Distance_does_not_see_a_multiple_of_both_nor_the_scale_of_a_unit() =>
        Embeddings.Sample(tasks =>
        {
            var scales = tasks[2].Prior;
            var (a, b) = (Scaled(tasks[0], scales), Scaled(tasks[1], scales));
            Assert.Equal(Task2VecDistances.Symmetric(tasks[0], tasks[1]), Task2VecDistances.Symmetric(a, b), 1e-9);
        });

    [Fact]
    public void Distances_are_those_worked_out_by_hand()
    {
        var a = new TaskEmbedding("a", [1, 3, 0], [1, 1, 1]);
        var b = new TaskEmbedding("b", [1, 1, 0], [1, 1, 1]);
        // Shares (1/2, 3/4) and (1/2, 1/4): product 7/16, squares 13/16 and 5/16. The third unit knows of neither.
        var symmetric = 1 - (7 / Math.Sqrt(65));
        Assert.Equal(symmetric, Task2VecDistances.Symmetric(a, b), 1e-12);
        // To the trivial task: shares (1/2, 3/4, 0) and (1/2, 1/4, 1): product 7/16, squares 13/16 and 21/16.
        var trivial = 1 - (7 / Math.Sqrt(13 * 21));
        Assert.Equal(symmetric - (0.15 * trivial), Task2VecDistances.Asymmetric(a, b), 1e-12);
        Assert.Equal(1 - symmetric + (0.15 * trivial), Task2VecDistances.Transfer([b, a])[0, 1], 1e-12);
        Assert.Equal(4, a.Norm);
    }

    [Fact]
    public void Richer_experts_come_before_poorer_ones_that_are_as_near()
    {
        var target = new TaskEmbedding("target", [1, 1], [1, 1]);
        var rich = new TaskEmbedding("rich", [9, 1], [1, 1]);
        var mirrored = new TaskEmbedding("mirrored", [1, 9], [1, 1]);
        var plain = new TaskEmbedding("plain", [2, 2], [1, 1]);

        var nearest = Task2VecDistances.Experts(target, [rich, mirrored, plain], alpha: 0);
        var bold = Task2VecDistances.Experts(target, [rich, mirrored, plain], alpha: 2);

        Assert.Equal("plain", nearest[0].Expert.Task);
        Assert.Equal("plain", bold[^1].Expert.Task);
    }

    [Fact]
    public void Embeddings_of_two_probes_are_refused()
    {
        var fault = Assert.Throws<ArgumentException>(() =>
            Task2VecDistances.Symmetric(new("a", [1, 2], [1, 1]), new("b", [1], [1]))
        );
        Assert.Contains("'a' has 2 units and 'b' 1", fault.Message, StringComparison.Ordinal);
    }

    private static TaskEmbedding Scaled(TaskEmbedding task, IReadOnlyList<double> scales) =>
        task with
        {
            Information = [.. task.Information.Zip(scales, (number, scale) => number * scale * 7)],
        };
}
