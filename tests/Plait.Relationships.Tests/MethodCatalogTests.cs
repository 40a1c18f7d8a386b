using Plait.Catalogue;
using Plait.Relationships.Grouping;

namespace Plait.Relationships.Tests;

public sealed class MethodCatalogTests
{
    [Fact]
    public void Methods_of_the_package_are_found_and_say_where_they_stand()
    {
        var package = typeof(AffinityCallback).Assembly; // is loaded by being named
        MethodEntry[] entries = [.. MethodCatalog.All.Where(entry => entry.Type.Assembly == package)];

        Assert.Equal(["gradient-cosine", "tag"], Names(MethodKind.Callback));
        Assert.Equal(
            ["attribution", "cka", "clustered", "depara", "go-mtl", "rsa", "task2vec"],
            Names(MethodKind.Relationship)
        );
        Assert.All(entries, entry => Assert.StartsWith("4", entry.Survey, StringComparison.Ordinal));
        Assert.All(entries, entry => Assert.EndsWith(".", entry.Summary, StringComparison.Ordinal));

        IEnumerable<string> Names(MethodKind kind) =>
            entries.Where(entry => entry.Kind == kind).Select(entry => entry.Name);
    }
}
