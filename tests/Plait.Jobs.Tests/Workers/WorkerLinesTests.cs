using Plait.Jobs.Workers;

namespace Plait.Jobs.Tests.Workers;

public sealed class WorkerLinesTests
{
    private const string Whole = """{"progress":0.5}""";

    public static TheoryData<int> Lengths() => [.. Enumerable.Range(1, Whole.Length - 1)];

    [Theory]
    [MemberData(nameof(Lengths))]
    public async Task A_line_that_a_kill_cut_short_is_no_answer(int length)
    {
        var read = await ReadAsync($"{Whole}\n{Whole[..length]}");

        Assert.Equal([0.5], read);
    }

    [Fact]
    public async Task A_wrong_line_before_the_last_is_refused()
    {
        var failure = await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync($"junk\n{Whole}\n"));

        Assert.Equal("This is not an answer, which is one line of JSON: junk", failure.Message);
    }

    private static async Task<List<double>> ReadAsync(string text)
    {
        var read = new List<double>();
        await foreach (var message in WorkerLines.ReadAllAsync<WorkerMessage>(new StringReader(text), "an answer"))
        {
            read.Add(message.Progress);
        }

        return read;
    }
}
