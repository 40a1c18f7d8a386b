using Plait.Benchmarks.Episodes;
using Plait.Relationships.Embedding;

namespace Plait.Relationships.Tests.Embedding;

[Collection("torch")]
public sealed class ImitationModelTests : IDisposable
{
    private static readonly DemonstrationLayout Layout = new(["x", "y"], ["move"], 3, 4, [5]);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("plait-imitation-");

    [Fact]
    public void Units_of_the_demonstrations_do_not_matter()
    {
        torch.manual_seed(1);
        using var scope = torch.NewDisposeScope();
        using var model = new ImitationModel(Layout);
        var (observations, actions) = (torch.randn(2, 3, 3, 2), torch.randn(2, 3, 3, 1));
        model.FitScales(observations, actions);
        var sentences = model.Sentence(observations, actions);
        var acted = model.Act(observations.flatten(1, 2), sentences);

        var (larger, moved) = (observations.mul(1000).add(1e6), actions.mul(0.01).sub(7));
        model.FitScales(larger.to(ScalarType.Float64), moved);

        Assert.True(torch.allclose(sentences, model.Sentence(larger, moved), atol: 1e-2));
        Assert.True(torch.allclose(acted.mul(0.01).sub(7), model.Act(larger.flatten(1, 2), sentences), atol: 1e-3));
    }

    [Fact]
    public void What_is_constant_is_only_centred()
    {
        using var scope = torch.NewDisposeScope();
        using var model = new ImitationModel(Layout);

        model.FitScales(torch.full([4, 2], 3f), torch.full([4, 1], 5f));

        Assert.Equal([1f, 0f], model.ScaleObservations(torch.tensor([4f, 3f])).data<float>().ToArray());
    }

    [Fact]
    public void It_loads_as_it_was_saved()
    {
        torch.manual_seed(2);
        using var scope = torch.NewDisposeScope();
        using var saved = new ImitationModel(Layout, margin: 0.3);
        var (observations, actions) = (torch.randn(2, 3, 3, 2), torch.randn(2, 3, 3, 1));
        saved.FitScales(observations, actions);
        saved.Save(In("network.safetensors"));

        using var loaded = ImitationModel.Load(In("network.safetensors"));

        Assert.Equal(Layout.Observations, loaded.Layout.Observations);
        var sentences = saved.Sentence(observations, actions);
        Assert.True(sentences.Equals(loaded.Sentence(observations, actions)));
        var rows = observations.flatten(1, 2);
        Assert.True(saved.Act(rows, sentences).Equals(loaded.Act(rows, sentences)));
    }

    [Fact]
    public void Files_of_other_networks_are_refused_by_both()
    {
        using var imitation = new ImitationModel(Layout);
        using var trajectories = new TrajectoryEmbedding(2, 5, hidden: 4);
        imitation.Save(In("imitation"));
        trajectories.Save(In("trajectories"));

        Assert.Contains(
            "holds no trained TecNets",
            Assert.Throws<InvalidDataException>(() => ImitationModel.Load(In("trajectories"))).Message
        );
        Assert.Contains(
            "holds no trajectory embedding",
            Assert.Throws<InvalidDataException>(() => TrajectoryEmbedding.Load(In("imitation"))).Message
        );
        Assert.Throws<ArgumentException>(() => new ImitationModel(Layout with { Steps = 0 }));
    }

    [Fact]
    public void A_trajectory_embedding_loads_as_it_was_saved()
    {
        torch.manual_seed(3);
        using var scope = torch.NewDisposeScope();
        using var saved = new TrajectoryEmbedding(2, 5, embedding: 3, hidden: 4, updates: 2, buffer: 2);
        saved.Save(In("network.safetensors"));

        using var loaded = TrajectoryEmbedding.Load(In("network.safetensors"));

        Assert.True(EmbeddingsBy(saved).Equals(EmbeddingsBy(loaded)));
    }

    public void Dispose() => folder.Delete(recursive: true);

    private static Tensor EmbeddingsBy(TrajectoryEmbedding model)
    {
        torch.manual_seed(4);
        var family = new PointGoals();
        return model.Adapt(family.Begin(family.Draw(new Random(4), 2), 3)).Embeddings;
    }

    private string In(string name) => Path.Combine(folder.FullName, name);
}
