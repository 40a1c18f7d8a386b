using System.Runtime.InteropServices;
using Plait.Tabular.Features;

namespace Plait.Tabular.Tests;

/// <summary>Small tables as text.</summary>
internal static class Tables
{
    /// <summary>Two numbers, a category and a target of each kind.</summary>
    public const string Flats = """
        size,rooms,city,price,sold,grade
        50,2,Rome,100,yes,good
        70,,Paris,150,no,fair
        90,4,Rome,200,yes,poor
        60,3,Oslo,,no,good
        80,5,Paris,180,,fair
        55,2,Rome,120,no,
        """;

    public static TargetSpecification[] FlatsTargets =>
        Targets("price:regression", "sold:binary", "grade:classification");

    public static TargetSpecification[] Targets(params string[] texts) => [.. texts.Select(TargetSpecification.Parse)];

    public static TableSchema Infer(string text, TableOptions? options, params string[] targets) =>
        TableSchema.Infer(new StringReader(text), Targets(targets), options, "table.csv");

    public static TableSchema Infer(string text, params string[] targets) => Infer(text, null, targets);

    public static TabularData Read(string text, params string[] targets) =>
        TabularData.Read(new StringReader(text), Infer(text, targets), "table.csv");

    public static (TabularData Data, Preprocessing Preprocessing) Fit(
        string text,
        long[] training,
        params string[] targets
    )
    {
        var data = Read(text, targets);
        return (data, Preprocessing.Fit(data, training));
    }

    public static float[] Numbers(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes).ToArray();

    /// <summary>The one-line message of the error that the action ends in.</summary>
    public static TableException Fails(Action action)
    {
        var error = Assert.Throws<TableException>(action);
        Assert.DoesNotContain('\n', error.Message);
        Assert.DoesNotContain('\r', error.Message);
        Assert.EndsWith(".", error.Message.Replace('?', '.'), StringComparison.Ordinal);
        return error;
    }

    public static void Says(TableException error, int? line, string? column, params string[] fragments)
    {
        Assert.Equal(line, error.Line);
        Assert.Equal(column, error.Column);
        Assert.All(fragments, fragment => Assert.Contains(fragment, error.Message, StringComparison.Ordinal));
    }
}
