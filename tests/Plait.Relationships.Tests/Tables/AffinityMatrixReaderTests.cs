using Plait.Relationships.Grouping;
using Plait.Relationships.Tables;
using Plait.Tabular;

namespace Plait.Relationships.Tests.Tables;

public sealed class AffinityMatrixReaderTests
{
    /// <summary>Totals and groups of the published affinities by the rule of the published program, found by looking at all choices.</summary>
    [Theory]
    [InlineData("taskonomy5-tag-affinity.csv", 2, 1.608479, "semseg normals depth; keypoints2d edges2d")]
    [InlineData("taskonomy5-tag-affinity.csv", 3, 1.743352, "semseg depth; normals depth; keypoints2d edges2d")]
    [InlineData(
        "celeba9-tag-affinity.csv",
        2,
        -894.976794,
        "5_o_Clock_Shadow No_Beard; Black_Hair Blond_Hair Brown_Hair Goatee Mustache No_Beard Rosy_Cheeks Wearing_Hat"
    )]
    [InlineData(
        "celeba9-tag-affinity.csv",
        3,
        -831.945844,
        "5_o_Clock_Shadow No_Beard; Black_Hair Blond_Hair Goatee Mustache No_Beard Rosy_Cheeks Wearing_Hat; Black_Hair Brown_Hair"
    )]
    public void The_best_groups_of_published_affinities_are_found(
        string file,
        int groups,
        double total,
        string expected
    )
    {
        var affinities = AffinityMatrixReader.Read(PublishedTables.Path("tag", file));

        var found = new AffinitySelection().Select(affinities, groups);

        Assert.Equal(total, found.Total, 5e-7);
        Assert.Equal(expected, string.Join("; ", found.Groups.Select(group => string.Join(' ', group.Tasks))));
        Assert.True(found.Optimal);
    }

    [Theory]
    [InlineData("task,b,a\na,2,1\nb,,3\n")]
    [InlineData(";b;a\na;2;1\nb;nan;3\n")]
    public void Columns_may_come_in_another_order_than_rows(string text)
    {
        var affinities = Read(text);

        Assert.Equal(["a", "b"], affinities.Tasks);
        Assert.Equal(2, affinities[0, 1]);
        Assert.Equal(3, affinities[1, 0]);
        Assert.Equal(double.NaN, affinities[1, 1]);
        Assert.Equal(1, affinities[0, 0]);
    }

    [Theory]
    [InlineData("task,a,b\na,1,2\n", "t.csv, column 'b': the matrix is not square: 'b' has a column but no row")]
    [InlineData(
        "task,alpha\nalpha,1\nalph,2\n",
        "t.csv, line 3, column 'task': 'alph' has a row but no column; did you mean 'alpha'?"
    )]
    [InlineData("task,a,b\na,1,2\na,1,2\n", "t.csv, line 3, column 'task': 'a' has a row on line 2 already")]
    [InlineData("task,a,a\na,1,2\n", "columns 2 and 3 have the same name")]
    [InlineData("task,a,b\na,1,\nb,1,2\n", "t.csv, line 2, column 'b': the affinity is missing")]
    [InlineData("task,a,b\na,1,nan\nb,1,2\n", "t.csv, line 2, column 'b': 'nan' is not a finite number")]
    [InlineData("task,a,b\na,1,high\nb,1,2\n", "t.csv, line 2, column 'b': 'high' is not a finite number")]
    [InlineData("task,a,b\na,x,1\nb,1,2\n", "t.csv, line 2, column 'a': 'x' is not a finite number")]
    [InlineData("task,a,\na,1,2\n", "every column after the first names a task")]
    [InlineData("task\n", "every column after the first names a task")]
    public void A_bad_matrix_is_refused_with_its_place(string text, string message)
    {
        var failure = Assert.Throws<TableException>(() => Read(text));
        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
    }

    private static AffinityMatrix Read(string text) => AffinityMatrixReader.Read(new StringReader(text), "t.csv");
}
