using Plait.Benchmarks.Episodes;

namespace Plait.Benchmarks.Tests.Episodes;

[Collection("torch")]
public sealed class EpisodicCatalogTests
{
    public static TheoryData<string> Names => [.. EpisodicCatalog.All.Select(family => family.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_family_keeps_to_its_shapes_and_its_seed(string name)
    {
        using var scope = torch.NewDisposeScope();
        var family = EpisodicCatalog.Get(name);

        var hidden = family.Draw(new Random(1), 3);
        var tasks = family.Begin(hidden, 4);
        var first = tasks.Reset();
        var (seen, rewards) = tasks.Step(torch.full([3, 4], family.Actions - 1L, ScalarType.Int64));

        Assert.True(hidden.Equals(family.Draw(new Random(1), 3)));
        Assert.Equal([3L, family.Hidden.Count], hidden.shape);
        Assert.Equal((3, 4), (tasks.Tasks, tasks.Episodes));
        Assert.Equal([3L, 4, family.Observations], first.shape);
        Assert.Equal([3L, 4, family.Observations], seen.shape);
        Assert.Equal([3L, 4], rewards.shape);
    }

    [Fact]
    public void Points_are_costly_by_their_distance_and_an_episode_begins_in_the_middle()
    {
        using var scope = torch.NewDisposeScope();
        var tasks = new PointGoals().Begin(
            torch.tensor(
                new float[,]
                {
                    { 1, 2 },
                }
            ),
            2
        );
        tasks.Reset();

        var (seen, rewards) = tasks.Step(
            torch.tensor(
                new long[,]
                {
                    { 1, 0 },
                }
            )
        ); // to the right; to stay

        Assert.Equal([1f, 0, 0, 0], seen.flatten().data<float>().ToArray());
        Assert.Equal([-0.5f, -0.25f * MathF.Sqrt(5)], rewards.flatten().data<float>().ToArray(), Near);
        Assert.Equal([0f, 0, 0, 0], tasks.Reset().flatten().data<float>().ToArray());
    }

    [Fact]
    public void Directions_pay_for_what_leads_there()
    {
        using var scope = torch.NewDisposeScope();
        var tasks = new Directions().Begin(
            torch.tensor(
                new float[,]
                {
                    { 0.6f, 0.8f },
                }
            ),
            2
        );
        tasks.Reset();

        var (_, rewards) = tasks.Step(
            torch.tensor(
                new long[,]
                {
                    { 3, 2 },
                }
            )
        ); // up; to the left

        Assert.Equal([0.2f, -0.15f], rewards.flatten().data<float>().ToArray(), Near);
    }

    [Fact]
    public void An_unknown_name_is_told_with_those_there_are() =>
        Assert.Contains(
            "choose from points, directions",
            Assert.Throws<FormatException>(() => EpisodicCatalog.Get("cartpole")).Message
        );

    private static bool Near(float left, float right) => Math.Abs(left - right) < 1e-6;
}
