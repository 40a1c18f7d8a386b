using System.Runtime.Loader;
using System.Text.RegularExpressions;
using Plait.Optimization;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Testing;

namespace Plait.Cli.Tests.Documents;

/// <summary>The page of what to add and how: its places are there, and its aggregator is one.</summary>
[Collection("torch")]
public sealed partial class AddingPageTests
{
    private static readonly Page Adding = Page.All.Single(page =>
        page.Path == "docs/adding.md".Replace('/', Path.DirectorySeparatorChar)
    );

    [Fact]
    public void Files_go_to_folders_that_are_there()
    {
        string[] folders =
        [
            .. Places()
                .Matches(Adding.Prose)
                .Select(found => found.Value.Split("/NAME")[0].Split("/FOLDER")[0].Trim('`'))
                .Select(place =>
                    place.EndsWith(".cs", StringComparison.Ordinal) ? Path.GetDirectoryName(place)! : place
                )
                .Distinct(),
        ];

        Assert.True(folders.Length >= 10, "Each kind has a folder and tests.");
        Assert.All(folders, folder => Assert.True(Path.Exists(Path.Combine(Checkout.Root, folder)), folder));
    }

    [Fact]
    public void Tests_that_it_names_are_there()
    {
        var there = Directory
            .EnumerateFiles(Path.Combine(Checkout.Root, "tests"), "*Tests.cs", SearchOption.AllDirectories)
            .Select(Path.GetFileNameWithoutExtension)
            .ToHashSet();

        Assert.All(
            Tests().Matches(Adding.Prose).Select(found => found.Groups[1].Value),
            name => Assert.Contains(name, there)
        );
    }

    [Fact]
    public void Its_aggregator_adds_gradients_at_unit_length()
    {
        using var scope = torch.NewDisposeScope();
        var code = Adding.Blocks.Single(block => block.Code.Contains("class UnitSum", StringComparison.Ordinal)).Code;
        var assembly = new AssemblyLoadContext("added", isCollectible: true).LoadFromStream(
            BlockCompiler.Library("Added", code)
        );
        var aggregator = (GradientAggregator)
            Activator.CreateInstance(assembly.GetType("UnitSum", throwOnError: true)!, GradientLocation.Parameters)!;
        var tasks = new TaskSet(LearningTask.Regression("a"), LearningTask.Regression("b"));
        using var gradients = TaskGradients.OfRows(
            tasks,
            torch.tensor(
                new double[,]
                {
                    { 3, 4 },
                    { 0, 2 },
                }
            )
        );

        aggregator.Begin(tasks);
        var update = aggregator.Aggregate(gradients, new StepContext { Tasks = tasks });

        Assert.Equal([0.6, 1.8], update.data<double>().ToArray(), (one, other) => Math.Abs(one - other) < 1e-12);
    }

    [GeneratedRegex("`(src|tests)/[^`]+`")]
    private static partial Regex Places();

    [GeneratedRegex("`([A-Z][A-Za-z]+Tests)`")]
    private static partial Regex Tests();
}
