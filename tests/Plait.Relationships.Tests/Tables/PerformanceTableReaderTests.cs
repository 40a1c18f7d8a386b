using System.Globalization;
using Plait.Relationships.Grouping;
using Plait.Relationships.Tables;
using Plait.Tabular;

namespace Plait.Relationships.Tests.Tables;

public sealed class PerformanceTableReaderTests
{
    public static TheoryData<string, double, double, double, string> Published
    {
        get
        {
            var data = new TheoryData<string, double, double, double, string>();
            foreach (var setting in new[] { "setting1", "setting2", "setting4-alt-tasks" })
            {
                foreach (var line in File.ReadLines(Path("taskgrouping", $"{setting}.optimal.csv")).Skip(1))
                {
                    var cells = line.Split(',');
                    data.Add(setting, Number(cells[0]), Number(cells[1]), Number(cells[2]), cells[3]);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Published))]
    public void The_best_networks_of_published_tables_are_found(
        string setting,
        double budget,
        double validation,
        double test,
        string networks
    )
    {
        var splits = PerformanceTableReader.Read(Path("taskgrouping", $"{setting}.csv"));

        var found = new NetworkSelection().Select(splits.Table("val"), budget);

        Assert.Equal(["val", "test"], splits.Splits.Take(2));
        Assert.Equal(validation, found.Total, 5e-7);
        Assert.Equal(test, splits.Table("test").TotalOf(found), 5e-7);
        Assert.Equal(
            networks.Split(" + ").Order(),
            found
                .Groups.Select(group =>
                    string.Create(CultureInfo.InvariantCulture, $"{group.Cost:0.0}:{string.Join('|', group.Tasks)}")
                )
                .Order()
        );
        Assert.True(found.Optimal);
    }

    [Fact]
    public void The_layout_without_names_of_tasks_holds_the_same_networks()
    {
        var named = PerformanceTableReader.Read(Path("taskgrouping", "setting1.csv")).Table("val");
        var filled = PerformanceTableReader.Read(Path("taskgrouping", "results.csv"));
        var table = filled.Table(filled.Splits.Single());

        Assert.Equal(36, table.Networks.Count);
        for (var n = 0; n < 36; n++)
        {
            Assert.Equal(named.Networks[n].Cost, table.Networks[n].Cost);
            Assert.Equal(named.Networks[n].Losses, table.Networks[n].Losses);
        }

        Assert.Null(filled.MissingSets(table));
        Assert.Empty(filled.Doubts(""));
    }

    [Theory]
    [InlineData("cost;tasks;a;b\n1;a|b;1;2\n")]
    [InlineData("tasks,b,cost,a\n\"b|a\",2,1,1\n")]
    [InlineData("cost\tval_a\tval_b\n1\t1\t2\n")]
    [InlineData("cost,tasks,test_set_a,test_set_b\n1,a|b,1,2\n")]
    public void Tables_are_laid_out_in_several_ways(string text)
    {
        var splits = Read(text);

        var network = Assert.Single(splits.Table(splits.Splits[0]).Networks);

        Assert.Equal(["a", "b"], splits.Tasks.Order());
        Assert.Equal(1, network.Losses[network.Tasks.ToList().IndexOf("a")]);
        Assert.Equal(2, network.Losses[network.Tasks.ToList().IndexOf("b")]);
    }

    [Theory]
    [InlineData(
        "a,b\n1,2\n",
        "t.csv, column 'cost': what each network costs is not in the file; the columns are a, b."
    )]
    [InlineData("cost,tasks,a\n", "t.csv: there is no network")]
    [InlineData("cost,tasks,a\n0,a,1\n", "t.csv, line 2, column 'cost': '0' is no cost")]
    [InlineData("cost,tasks,a\n,a,1\n", "line 2, column 'cost': '' is no cost")]
    [InlineData("cost,tasks,a\n1,a,x\n", "line 2, column 'a': 'x' is not a finite number")]
    [InlineData(
        "cost;tasks;a\n1;a;0,5\n",
        "line 2, column 'a': '0,5' is not a finite number; write one, with a decimal point"
    )]
    [InlineData("cost,tasks,a\n1,a,nan\n", "line 2, column 'a': 'nan' is not a finite number")]
    [InlineData("cost,tasks,a\n1,a,1e999\n", "line 2, column 'a': '1e999' is not a finite number")]
    [InlineData("cost,tasks,a,b\n1,a|b,1,\n", "line 2, column 'b': the network learns 'b' but its loss is missing")]
    [InlineData(
        "cost,tasks,a,b\n1,a,1,2\n1,b,,1\n",
        "line 2, column 'b': there is a loss of 'b', which is none of the network's tasks (a)"
    )]
    [InlineData(
        "cost,tasks,depth\n1,depth,1\n1,dept,1\n",
        "line 3, column 'tasks': no column holds the losses of 'dept'; did you mean 'depth'?"
    )]
    [InlineData(
        "cost,tasks,a,b\n1,a,1,\n",
        "line 1, column 'b': the column is neither the cost nor the loss of a task"
    )]
    [InlineData("cost,tasks,a\n1,a|a,1\n", "line 2, column 'tasks': 'a' is named 2 times")]
    [InlineData("cost,tasks,a\n1,,1\n", "line 2, column 'tasks': the network has no task")]
    [InlineData("cost,a,b\n1,1,2\n1,,\n", "line 3: the network has no loss")]
    [InlineData(
        "cost,a,b\n1,1,2\n0.5,1,2\n1,3,4\n",
        "line 4: line 2 has a network of the same tasks (a, b) at the same cost"
    )]
    [InlineData("cost,a,a\n1,1,2\n", "columns 2 and 3 have the same name")]
    [InlineData("cost,a,\n1,1,2\n", "column 3 has no name")]
    [InlineData("cost\n1\n", "there is no column of losses")]
    [InlineData("cost,a\n1\n", "line 2: the row has 1 field but the header has 2 fields")]
    [InlineData("", "the file is empty")]
    public void A_bad_table_is_refused_with_its_place(string text, string message)
    {
        var failure = Assert.Throws<TableException>(() =>
        {
            var splits = Read(text);
            return splits.Table(splits.Splits[0]);
        });
        Assert.StartsWith("t.csv", failure.Message, StringComparison.Ordinal);
        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_split_that_is_not_there_is_refused()
    {
        var splits = Read("cost,tasks,val_a,test_a\n1,a,1,\n0.5,a,2,3\n");

        Assert.Contains("the columns have val, test", Failure("dev"), StringComparison.Ordinal);
        Assert.Contains(
            "column 'test_a': the network learns 'a' but its loss is missing",
            Failure("test"),
            StringComparison.Ordinal
        );
        Assert.Single(splits.Table("test", skipIncomplete: true).Networks);

        string Failure(string split) => Assert.Throws<TableException>(() => splits.Table(split)).Message;
    }

    [Theory]
    [InlineData(
        "cost,a,b\n1,1,2\n1,3,\n",
        "1 of 3 task sets are missing; the answer is the best among those in the table."
    )]
    [InlineData(
        "cost,a\n1,-1\n",
        "line 2: the loss of 'a' is below 0; if greater is better in this table, add --higher-better."
    )]
    [InlineData("cost,a_acc\n1,0.9\n", "'a_acc' sounds as if greater were better; if it is, add --higher-better.")]
    public void What_may_be_wrong_is_told(string text, string doubt)
    {
        var splits = Read(text);
        var table = splits.Table(splits.Splits[0]);

        string[] told =
        [
            .. splits.MissingSets(table) is { } missing ? [missing] : Array.Empty<string>(),
            .. splits.Doubts(splits.Splits[0]),
        ];

        Assert.Equal([doubt], told);
    }

    [Fact]
    public void Accuracies_become_losses_by_their_sign()
    {
        var splits = PerformanceTableReader.Read(
            new StringReader("cost,a_acc\n1,0.9\n"),
            "t.csv",
            higherIsBetter: true
        );

        Assert.Equal(-0.9, splits.Table("")[0, 0]);
        Assert.Equal(-1, splits.Sign);
        Assert.Empty(splits.Doubts(""));
    }

    private static PerformanceSplits Read(string text) => PerformanceTableReader.Read(new StringReader(text), "t.csv");

    private static string Path(string folder, string name) => PublishedTables.Path(folder, name);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
