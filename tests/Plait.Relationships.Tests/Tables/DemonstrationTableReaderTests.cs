using Plait.Relationships.Embedding.Studies;
using Plait.Relationships.Tables;
using Plait.Tabular;

namespace Plait.Relationships.Tests.Tables;

public sealed class DemonstrationTableReaderTests
{
    private const string Header = "task,demonstration,step,x,y,move\n";

    [Fact]
    public void Rows_come_in_any_order_and_columns_too()
    {
        var table = Read("move,step,task,demonstration,y,x\n6,8,a,1,5,4\n3,7,a,1,2,1\n9,0,b,1,8,7\n0,1,b,1,0,0\n");

        Assert.Equal(["y", "x"], table.Observations);
        Assert.Equal(2, table.Steps);
        Assert.Equal(["a", "b"], table.Tasks.Select(task => task.Name));
        Assert.Equal([2, 1, 3, 5, 4, 6], Assert.Single(table.Tasks[0].Demonstrations));
    }

    [Fact]
    public void Named_observations_leave_other_columns_out_and_steps_are_taken_evenly()
    {
        var columns = new DemonstrationColumns(["move"]) { Observations = ["x"], Steps = 3 };
        var rows = Enumerable.Range(0, 5).Select(step => $"a,1,{step},{step},note,{10 * step}\n");

        var table = Read(Header + string.Concat(rows), columns);

        Assert.Equal([0, 0, 2, 20, 4, 40], table.Tasks[0].Demonstrations[0]);
    }

    [Theory]
    [InlineData(
        "a,1,0,1,2,3\na,1,2,1,2,3\n",
        "t.csv, line 3, column 'step': demonstration '1' of task 'a' goes from step 0 (line 2) to step 2;"
    )]
    [InlineData(
        "a,1,0,1,2,3\na,1,0,1,2,3\n",
        "t.csv, line 3, column 'step': demonstration '1' of task 'a' has step 0 on line 2 already;"
    )]
    [InlineData("a,1,first,1,2,3\n", "t.csv, line 2, column 'step': 'first' is not a whole number;")]
    [InlineData("a,1,0.5,1,2,3\n", "t.csv, line 2, column 'step': '0.5' is not a whole number;")]
    [InlineData("a,1,0,left,2,3\n", "t.csv, line 2, column 'x': 'left' is not a number,")]
    [InlineData("a,1,0,1,,3\n", "t.csv, line 2, column 'y': the number is missing;")]
    [InlineData("a,1,0,1,inf,3\n", "t.csv, line 2, column 'y': 'inf' is infinite or too large")]
    [InlineData(",1,0,1,2,3\n", "t.csv, line 2, column 'task': the name is missing;")]
    [InlineData("a,1,0,1,2\n", "t.csv, line 2: the row has 5 fields but the header has 6")]
    [InlineData(
        "a,1,0,1,2,3\na,1,1,1,2,3\nb,1,0,1,2,3\n",
        "t.csv: demonstration '1' of task 'b' has 1 step and demonstration '1' of task 'a' has 2 steps;"
    )]
    [InlineData("", "t.csv: there is no row below the header;")]
    public void What_is_wrong_is_told_with_its_place(string rows, string message)
    {
        var failure = Assert.Throws<TableException>(() => Read(Header + rows));

        Assert.StartsWith(message, failure.Message, StringComparison.Ordinal);
        Assert.False(failure.IsRequest);
    }

    [Fact]
    public void More_steps_than_a_demonstration_has_are_refused()
    {
        var failure = Assert.Throws<TableException>(() =>
            Read(Header + "a,1,0,1,2,3\n", new DemonstrationColumns(["move"]) { Steps = 2 })
        );

        Assert.Contains("fewer than the 2 asked for", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 4, "there is 1 task; 4 or more are needed")]
    [InlineData(3, 4, "there are 3 tasks; 4 or more are needed")]
    [InlineData(
        4,
        1,
        "task 't0' has 1 demonstration; 3 to know a task by (--support) and 1 to be judged by (--queries) make 4."
    )]
    public void Too_little_to_learn_from_is_refused(int tasks, int demonstrations, string message)
    {
        var rows =
            from task in Enumerable.Range(0, tasks)
            from demonstration in Enumerable.Range(0, demonstrations)
            select $"t{task},{demonstration},0,1,2,3\n";

        var failure = Assert.Throws<TableException>(() =>
            ImitationStudy.Run(Read(Header + string.Concat(rows)), new ImitationOptions())
        );

        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
    }

    private static DemonstrationTable Read(string text, DemonstrationColumns? columns = null) =>
        DemonstrationTableReader.Read(new StringReader(text), "t.csv", columns ?? new DemonstrationColumns(["move"]));
}
