using Plait.Benchmarks.Vision;
using Plait.Data;
using Plait.Training;

namespace Plait.Benchmarks.Tests.Vision;

[Collection("torch")]
public sealed class FolderBenchmarkTests
{
    public static TheoryData<string> Names => [.. All.Select(benchmark => benchmark.Name)];

    private static IEnumerable<FolderBenchmark> All => BenchmarkCatalog.All.OfType<FolderBenchmark>();

    [Theory]
    [MemberData(nameof(Names))]
    public void Without_a_folder_it_says_where_to_learn_what_goes_there(string name)
    {
        var benchmark = BenchmarkCatalog.Get(name);

        var none = Assert.Throws<ArgumentException>(() => benchmark.Load());
        var nowhere = Assert.Throws<DirectoryNotFoundException>(() =>
            benchmark.Load(new() { DataDirectory = "/no/such" })
        );

        Assert.Contains($"`plait data describe {name}`", none.Message, StringComparison.Ordinal);
        Assert.Contains($"`plait data describe {name}`", nowhere.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void An_empty_folder_is_refused_by_the_name_of_something_in_it(string name)
    {
        using var folder = new DataFolder();

        var error = Assert.ThrowsAny<IOException>(() => BenchmarkCatalog.Get(name).Load(folder.Options));

        Assert.Contains(folder.Path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Defaults_make_networks_for_dense_tasks_and_for_images_of_the_protocols_size()
    {
        foreach (var benchmark in All.Where(benchmark => benchmark.Tasks.Any(task => task.Output.IsDense)))
        {
            using var network = new RunSpecification { Encoder = benchmark.Defaults.Encoder }.CreateNetwork(
                benchmark.Tasks,
                [3, 64, 96]
            );
            using var scope = torch.NewDisposeScope();
            using var noGrad = torch.no_grad();
            network.eval();
            var outputs = network.Forward(
                MultiTaskBatch.Unlabelled(benchmark.Tasks.All, torch.zeros(1, 3, 64, 96)),
                benchmark.Tasks.All
            );

            Assert.Equal([1, benchmark.Tasks[0].Output.Channels, 64, 96], outputs[0].shape);
        }
    }

    [Fact]
    public void Each_says_what_it_is_and_how_its_targets_follow_its_images()
    {
        Assert.All(
            All,
            benchmark =>
            {
                Assert.False(benchmark.IsEmbedded);
                Assert.All(
                    new[]
                    {
                        benchmark.Title,
                        benchmark.Summary,
                        benchmark.Licence,
                        benchmark.Citation,
                        benchmark.Guide.Source,
                        benchmark.Guide.Size,
                        benchmark.Guide.Protocol,
                    },
                    text => Assert.NotEmpty(text)
                );
                Assert.NotEmpty(benchmark.Guide.Files);
                Assert.Equal(benchmark.Tasks.Count, benchmark.Geometry?.Count ?? benchmark.Tasks.Count);
                Assert.True(benchmark.Augmentation is null || benchmark.Geometry is not null, benchmark.Name);
            }
        );
        Assert.Equal(All.Count(), All.DistinctBy(benchmark => benchmark.Name).Count());
        Assert.Throws<ArgumentOutOfRangeException>(() => new Cityscapes(5));
    }
}
