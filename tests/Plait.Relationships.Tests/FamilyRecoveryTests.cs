using Plait.Catalogue;
using Plait.Relationships.Embedding;
using Plait.Relationships.Transfer;

namespace Plait.Relationships.Tests;

/// <summary>Planted families come out of trained networks; a division by chance has an adjusted Rand index of about 0.</summary>
[Collection("torch")]
public sealed class FamilyRecoveryTests
{
    private const double Bar = 0.8;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Networks_of_one_family_are_alike_by_rsa_cka_and_depara(int seed)
    {
        using var planted = PlantedFamilies.Make(seed);
        var networks = planted.TrainEach(seed);
        foreach (var method in new[] { "rsa", "cka", "depara" })
        {
            var found = MethodCatalog.Create<NetworkSimilarity>(method).Of(networks, planted.Data.Input);
            Assert.True(planted.Recovered(found) >= Bar, $"{method}: {planted.Recovered(found)}");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Tasks_of_one_family_are_near_by_task2vec(int seed)
    {
        using var planted = PlantedFamilies.Make(seed);
        using var probe = planted.TrainTogether(seed);
        foreach (var method in new[] { "task2vec", "task2vec:fisher=exact" })
        {
            var found = Task2VecDistances.Affinity(MethodCatalog.Create<Task2Vec>(method).Embed(probe, planted.Data));
            Assert.True(planted.Recovered(found) >= Bar, $"{method}: {planted.Recovered(found)}");
        }
    }

    [Fact]
    public void Families_of_yes_or_no_tasks_come_out_where_there_are_rows_enough()
    {
        using var planted = PlantedFamilies.Make(seed: 2, rows: 4096, binary: true);
        var networks = planted.TrainEach(seed: 2, epochs: 15);
        using var probe = planted.TrainTogether(seed: 2, epochs: 15);

        var similar = new RepresentationSimilarity().Of(networks, planted.Data.Input);
        var near = Task2VecDistances.Affinity(new Task2Vec(rows: 1000).Embed(probe, planted.Data));

        Assert.True(planted.Recovered(similar) >= Bar, $"rsa: {planted.Recovered(similar)}");
        Assert.True(planted.Recovered(near) >= Bar, $"task2vec: {planted.Recovered(near)}");
    }

    [Fact]
    public void The_expert_for_a_task_is_one_of_its_family()
    {
        using var planted = PlantedFamilies.Make(seed: 1);
        using var probe = planted.TrainTogether(seed: 1);
        var embeddings = new Task2Vec().Embed(probe, planted.Data);

        for (var task = 0; task < embeddings.Count; task++)
        {
            var others = embeddings.Where((_, other) => other != task);
            var best = Task2VecDistances.Experts(embeddings[task], others)[0].Expert;
            Assert.Equal(planted.Families[task], planted.Families[planted.Data.Tasks.IndexOf(best.Task)]);
        }
    }
}
