namespace Plait.Relationships.Tests;

/// <summary>Paths of the tables of others that lie beside the tests.</summary>
internal static class PublishedTables
{
    public static string Path(string folder, string name) =>
        System.IO.Path.Combine(AppContext.BaseDirectory, "Data", folder, name);
}
