using Plait.Data;
using Plait.Data.Augmentation;
using Plait.Tasks;
using Plait.Tasks.Answers;

namespace Plait.Tests.Data.Augmentation;

/// <summary>Augmentation of rows of several parts, and of tasks of which only some share their images.</summary>
[Collection("torch")]
public sealed class AugmentedPartsTests
{
    private const int Rows = 6;

    private static readonly TaskSet Tasks = new(
        LearningTask.Regression("one"),
        LearningTask.Regression("two"),
        LearningTask.Regression("other")
    );

    [Fact]
    public void The_image_changes_and_the_other_parts_stay()
    {
        using var scope = torch.NewDisposeScope();
        var numbers = new InputPart("numbers", torch.rand(Rows, 2), Present: torch.arange(Rows).gt(1));
        using var data = Data(new BatchInput(new InputPart("image", Image()), numbers));
        using var alone = Data(Image());
        using var source = Mirrored(data);
        using var plain = Mirrored(alone);
        using var batch = source.Read(Tasks.All, [0, 0, 0]);
        using var expected = plain.Read(Tasks.All, [0, 0, 0]);

        Assert.Equal(SmallData.Numbers(expected.InputOf(0)), SmallData.Numbers(batch.BatchInputOf(0)["image"]));
        Assert.Equal(
            SmallData.Numbers(data.BatchInputOf(0)["numbers"]),
            SmallData.Numbers(batch.BatchInputOf(0)["numbers"])
        );
        Assert.Equal(4, batch.BatchInputOf(0).Present("numbers")!.sum().item<long>());
    }

    [Fact]
    public void Tasks_of_a_stream_see_one_view_and_another_stream_its_own()
    {
        using var scope = torch.NewDisposeScope();
        using var data = Data(Image());
        using var source = Mirrored(data);
        using var batch = source.Read(Tasks.All, [0, 0, 0]);
        using var later = source.Read(Tasks.Select(1, 2), [0, 0, 0]);

        Assert.Same(batch.BatchInputOf(0), batch.BatchInputOf(1));
        Assert.False(batch.InputOf(0).eq(batch.InputOf(2)).all().item<bool>());
        Assert.Equal(SmallData.Numbers(batch.InputOf(1)), SmallData.Numbers(later.InputOf(1)));
        Assert.Equal(SmallData.Numbers(batch.InputOf(2)), SmallData.Numbers(later.InputOf(2)));
    }

    [Fact]
    public void Rows_without_an_image_and_with_several_are_refused_when_the_source_is_made()
    {
        using var scope = torch.NewDisposeScope();
        using var vectors = Data(torch.rand(Rows, 3));
        using var two = Data(new BatchInput(new InputPart("left", Image()), new InputPart("right", Image())));

        Refuse(vectors, "task 'one' looks at vectors of 3 numbers: leave the augmentation out");
        Refuse(two, "several (left, right)");
    }

    private static void Refuse(TensorData data, string text)
    {
        var fault = Assert.Throws<ArgumentException>(() => Mirrored(data).Dispose());
        Assert.Contains(text, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
    }

    private static Augmented Mirrored(TensorData data) =>
        new(data.Batches(Rows), ImageAugmentation.Flip, [.. Tasks.Select(_ => TargetGeometry.None)], 3);

    /// <summary>The first two tasks look at the same rows, and the third at the same images as rows of its own.</summary>
    private static TensorData Data(BatchInput common)
    {
        var target = TaskTarget.Of(torch.zeros(Rows));
        return TensorData.PerTask(Tasks, [common, common, new BatchInput(common.Parts)], [target, target, target]);
    }

    private static Tensor Image() => torch.linspace(0, 1, Rows * 3 * 8 * 8).view(Rows, 3, 8, 8);
}
