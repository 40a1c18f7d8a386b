namespace Plait.Benchmarks.Tests;

/// <summary>Data sets that are not in the repository, in the folder shared/data beside the checkout or above it.</summary>
internal static class DataBeside
{
    /// <summary>The folder of a data set; where there is none the test is skipped.</summary>
    public static string Find(string name)
    {
        for (var up = new DirectoryInfo(AppContext.BaseDirectory); up is not null; up = up.Parent)
        {
            var candidate = Path.Combine(up.FullName, "shared", "data", name);
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        Assert.Skip($"There is no shared/data/{name} beside the checkout.");
        return "";
    }
}
