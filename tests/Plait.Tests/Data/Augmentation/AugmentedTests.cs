using Plait.Data;
using Plait.Data.Augmentation;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Tasks.Losses;
using Plait.Tasks.Metrics;

namespace Plait.Tests.Data.Augmentation;

[Collection("torch")]
public sealed class AugmentedTests
{
    private const int Rows = 9;
    private const int Height = 20;
    private const int Width = 30;

    private static readonly TaskSet Tasks = new(
        Dense("labels", 5),
        Dense("depth", 1),
        Dense("near", 1),
        Dense("normals", 3),
        LearningTask.Regression("box", 4),
        LearningTask.Classification("kind", 3)
    );

    private static readonly TargetGeometry[] Geometry =
    [
        TargetGeometry.Labels,
        TargetGeometry.Depth,
        TargetGeometry.InverseDepth,
        TargetGeometry.Normals,
        TargetGeometry.Box,
        TargetGeometry.None,
    ];

    private static readonly ImageAugmentation Everything = ImageAugmentation.ScaleAndFlip with
    {
        Colours = new(0.3, 0.3, 0.3),
    };

    [Fact]
    public void Mirrored_twice_everything_is_as_it_was()
    {
        using var data = Data();
        var always = new ImageAugmentation { FlipShare = 1 };
        using var twice = new Augmented(new Augmented(data.Batches(4), always, Geometry, 1), always, Geometry, 2);
        using var plain = data.Batches(4);
        using var once = new Augmented(data.Batches(4), always, Geometry, 1);

        Assert.Equal(Content(plain, 1), Content(twice, 1));
        Assert.NotEqual(Content(plain, 1), Content(once, 1));
    }

    [Fact]
    public void Weights_follow_their_targets_and_are_lost_with_them()
    {
        using var scope = torch.NewDisposeScope();
        using var data = Data();
        var weights = torch.arange(Rows).add(2).to(ScalarType.Float32);
        using var weighted = TensorData.Shared(
            Tasks,
            data.Input,
            [.. Tasks.Select((_, task) => data.TargetOf(task).Weighted(weights))]
        );
        using var plainSource = new Augmented(data.Batches(Rows), Everything, Geometry, 1);
        using var source = new Augmented(weighted.Batches(Rows), Everything, Geometry, 1);
        var places = new long[Tasks.Count];
        using var plain = plainSource.Read(Tasks.All, places);
        using var seen = source.Read(Tasks.All, places);

        for (var task = 0; task < Tasks.Count; task++)
        {
            var (expected, found) = (plain.TargetOf(task), seen.TargetOf(task));
            var marks = expected.Present ?? torch.ones_like(expected.Values, ScalarType.Float32);
            var ofRows = weights.view([Rows, .. Enumerable.Repeat(1L, (int)marks.dim() - 1)]);
            Assert.Equal(Numbers(marks.mul(ofRows)), Numbers(found.Weights!));
            Assert.Equal(Numbers(expected.Values), Numbers(found.Values));
            Assert.Equal(expected.PresentCount, found.PresentCount);
        }
    }

    [Fact]
    public void What_happens_depends_on_the_seed_the_place_and_the_row_alone()
    {
        using var data = Data();
        using var one = new Augmented(data.Batches(4, shuffleSeed: 5), Everything, Geometry, 1);
        using var again = new Augmented(data.Batches(4, shuffleSeed: 5), Everything, Geometry, 1);
        using var other = new Augmented(data.Batches(4, shuffleSeed: 5), Everything, Geometry, 2);
        var first = Content(one, 0);
        Content(one, 1);

        Assert.Equal(Content(one, 7), Content(again, 7));
        Assert.Equal(first, Content(again, 0));
        Assert.NotEqual(first, Content(other, 0));
    }

    [Fact]
    public void Colours_of_images_that_are_not_from_0_to_1_are_refused_and_their_geometry_is_not()
    {
        using var data = Data();
        using var standardised = TensorData.Shared(
            Tasks,
            data.Input.mul(2).sub(1),
            [.. Tasks.Select((_, task) => data.TargetOf(task))]
        );
        using var colours = new Augmented(standardised.Batches(4), Everything, Geometry, 1);
        using var places = new Augmented(standardised.Batches(4), ImageAugmentation.ScaleAndFlip, Geometry, 1);

        var error = Assert.Throws<ArgumentException>(() => Content(colours, 0));

        Assert.Contains("Colours can only be changed in images from 0 to 1", error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(Content(places, 0));
    }

    [Fact]
    public void Marks_of_missing_targets_travel_with_them()
    {
        using var data = Data();
        using var source = new Augmented(data.Batches(Rows), ImageAugmentation.ScaleAndFlip, Geometry, 3);
        using var batch = source.Read(Tasks.All, new long[Tasks.Count]);
        using var scope = torch.NewDisposeScope();

        foreach (var task in new[] { 1, 2 }) // of depth, what is missing holds 0 and nothing else does
        {
            var target = batch.TargetOf(task);
            Assert.True(target.Present!.gt(0).eq(target.Values.gt(0)).all().item<bool>());
            Assert.InRange(target.PresentCount, 1, target.Values.numel() - 1);
            Assert.Equal(target.Present.sum().item<float>(), target.PresentCount);
        }

        Assert.Equal(data.TargetOf(5).PresentCount, batch.TargetOf(5).PresentCount);
        Assert.Null(batch.TargetOf(0).Present);
    }

    [Fact]
    public void Colours_change_the_image_alone_and_stay_within_its_range()
    {
        using var data = Data();
        var colours = new ImageAugmentation { Colours = new(0.5, 0.5, 0.5) };
        using var source = new Augmented(data.Batches(Rows), colours, Geometry, 3);
        using var plain = data.Batches(Rows);
        using var batch = source.Read(Tasks.All, new long[Tasks.Count]);
        using var original = plain.Read(Tasks.All, new long[Tasks.Count]);
        using var scope = torch.NewDisposeScope();

        Assert.InRange(batch.Input.min().item<float>(), 0, 0.2f);
        Assert.InRange(batch.Input.max().item<float>(), 0.8f, 1);
        Assert.InRange(batch.Input.sub(original.Input).abs().mean().item<float>(), 0.02f, 0.5f);
        for (var task = 0; task < Tasks.Count; task++)
        {
            Assert.True(batch.TargetOf(task).Values.eq(original.TargetOf(task).Values).all().item<bool>());
        }
    }

    [Fact]
    public void Nothing_stays_alive_but_the_batch()
    {
        using var data = Data();
        using var source = new Augmented(data.Batches(4), Everything, Geometry, 1);
        source.Read(Tasks.All, new long[Tasks.Count]).Dispose();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = Tensor.TotalCount;

        for (var place = 0L; place < 3; place++)
        {
            source.Read(Tasks.All, [.. Enumerable.Repeat(place, Tasks.Count)]).Dispose();
        }

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void What_cannot_be_is_refused()
    {
        using var data = Data();
        using var source = data.Batches(4);

        Refuse(
            () => new Augmented(source, Everything, Geometry[1..], 1).Dispose(),
            "6 tasks need as many kinds of geometry; got 5"
        );
        Refuse(
            () => new Augmented(source, Everything with { Scales = [0.5] }, Geometry, 1).Dispose(),
            "1, 1.2, 1.5; got 0.5"
        );
        Refuse(
            () => new Augmented(source, Everything with { FlipShare = 2 }, Geometry, 1).Dispose(),
            "from 0 to 1; got"
        );
        foreach (var (least, most) in new[] { (0, 1), (1.25, 0.75), (1, 101), (double.NaN, 1), (1, double.NaN) })
        {
            Refuse(
                () =>
                    new Augmented(source, ImageAugmentation.Flip with { Zoom = (least, most) }, Geometry, 1).Dispose(),
                $"0.75-1.25; got {least}-{most}"
            );
        }

        Refuse(
            () =>
                new Augmented(source, Everything, [.. Geometry.Reverse()], 1)
                    .Read(Tasks.All, new long[Tasks.Count])
                    .Dispose(),
            "Task 'depth' has targets of shape [4, 1, 20, 30]; Box of these images are [rows, 4]"
        );

        static void Refuse(Action action, string expected) =>
            Assert.Contains(expected, Assert.ThrowsAny<ArgumentException>(action).Message, StringComparison.Ordinal);
    }

    private static LearningTask Dense(string name, int channels) =>
        new(name, new Numeric(channels, Layout.Pixel), new AbsoluteError(), [new MeanAbsoluteError()]);

    private static TensorData Data()
    {
        using var scope = torch.NewDisposeScope();
        using var chance = new torch.Generator(4);
        var depth = torch.rand([Rows, 1, Height, Width], generator: chance).add(1);
        var known = torch.rand([Rows, 1, Height, Width], generator: chance).gt(0.3);
        var missing = torch.where(known, depth, torch.full_like(depth, float.NaN));
        var normals = torch.randn([Rows, 3, Height, Width], generator: chance);
        normals = normals.div(normals.square().sum(1L, keepdim: true).sqrt());
        var box = torch.tensor(new float[] { 0.25f, 0.2f, 0.75f, 0.9f }).expand(Rows, 4).clone();
        box[1] = torch.full(4, float.NaN);
        var kinds = torch.arange(Rows).remainder(4).sub(1);
        return TensorData.Shared(
            Tasks,
            torch.rand([Rows, 3, Height, Width], generator: chance),
            [
                TaskTarget.Of(torch.randint(0, 5, [Rows, Height, Width], ScalarType.Int64, generator: chance)),
                TaskTarget.FromRaw(missing),
                TaskTarget.FromRaw(missing),
                TaskTarget.Of(normals),
                TaskTarget.FromRaw(box),
                TaskTarget.FromRaw(kinds),
            ]
        );
    }

    private static float[][] Content(MultiTaskDataLoader source, long place)
    {
        using var batch = source.Read(Tasks.All, [.. Enumerable.Repeat(place, Tasks.Count)]);
        return
        [
            Numbers(batch.Input),
            .. Tasks.SelectMany(
                (_, task) =>
                    new[]
                    {
                        Numbers(batch.TargetOf(task).Values),
                        batch.TargetOf(task).Present is { } marks ? Numbers(marks) : [],
                    }
            ),
        ];
    }

    private static float[] Numbers(Tensor tensor)
    {
        using var scope = torch.NewDisposeScope();
        return tensor.to(ScalarType.Float32).contiguous().data<float>().ToArray();
    }
}
