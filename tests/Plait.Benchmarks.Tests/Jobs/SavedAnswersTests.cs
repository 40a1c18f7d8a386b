using Plait.Data;
using Plait.Jobs;
using Plait.Networks.Encoders;
using Plait.Networks.SharedTrunk;
using Plait.Tasks;
using Plait.Tasks.Answers;

namespace Plait.Benchmarks.Tests.Jobs;

[Collection("torch")]
public sealed class SavedAnswersTests
{
    private static readonly TaskSet Tasks = new(
        LearningTask.Segmentation("class", 3),
        LearningTask.Depth("depth"),
        LearningTask.SurfaceNormals("normals"),
        LearningTask.Edges("edges"),
        LearningTask.Classification("kind", 2)
    );

    [Fact]
    public void Answers_come_back_beside_what_is_true_as_what_they_mean()
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new FolderOfFiles();
        using var network = new HardSharing(Tasks, new TinyResNet([3, 16, 16], width: 4, stages: 1, blocks: 1));
        var depth = torch.rand(5, 1, 16, 16);
        depth[0, 0, 2, 3] = float.NaN;
        using var part = TensorData.Shared(
            Tasks,
            torch.randn(5, 3, 16, 16),
            [
                TaskTarget.Of(torch.randint(3, [5, 16, 16], ScalarType.Int64)),
                TaskTarget.FromRaw(depth),
                TaskTarget.Of(torch.nn.functional.normalize(torch.randn(5, 3, 16, 16), dim: 1)),
                TaskTarget.Of(torch.zeros(5, 1, 16, 16)),
                TaskTarget.Of(torch.zeros([5], ScalarType.Int64)),
            ]
        );

        SavedAnswers.Save(folder.Path, network, part, rows: 2);
        var kept = SavedAnswers.Load(folder.Path)!;

        Assert.Equal(["class", "depth", "normals", "edges"], kept.Tasks.Select(task => task.Task));
        Assert.Equal(
            [AnswerColours.Classes, AnswerColours.Heat, AnswerColours.Directions, AnswerColours.Probability],
            kept.Tasks.Select(task => task.Colours)
        );
        Assert.Equal((2, 3, 16, 16), (kept.Input.Rows, kept.Input.Channels, kept.Input.Height, kept.Input.Width));
        Assert.Equal(part.Input[1, 2, 3, 4].item<float>(), kept.Input[1, 2, 3, 4]);
        Assert.Equal((0f, 1f), (kept.Tasks[1].Present[0, 0, 2, 3], kept.Tasks[1].Present[0, 0, 2, 4]));
        Assert.All(kept.Tasks[0].Answer.Numbers, number => Assert.Contains(number, new[] { 0f, 1, 2 }));
        Assert.All(kept.Tasks[3].Answer.Numbers, number => Assert.InRange(number, 0, 1));
        var normal = Enumerable.Range(0, 3).Sum(channel => Math.Pow(kept.Tasks[2].Answer[1, channel, 5, 6], 2));
        Assert.Equal(1, normal, 4);
    }

    [Fact]
    public void A_folder_without_answers_has_none()
    {
        using var folder = new FolderOfFiles();
        Assert.Null(SavedAnswers.Load(folder.Path));
    }
}
