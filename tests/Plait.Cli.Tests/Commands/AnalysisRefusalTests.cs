namespace Plait.Cli.Tests.Commands;

/// <summary>What groupings, affinities and taxonomies refuse, in one line each.</summary>
[Collection("torch")]
public sealed class AnalysisRefusalTests : IDisposable
{
    private readonly Workplace workplace = new();

    public void Dispose() => workplace.Dispose();

    [Theory]
    [InlineData("group data.csv -t a -t b", "--budget")]
    [InlineData("group data.csv --budget 2", "--target")]
    [InlineData("group data.csv -t a -t b --budget 2 --method tagg", "did you mean 'tag'?")]
    [InlineData("group data.csv -t a --budget 2", "from two on")]
    [InlineData("group data.csv -t a -t b --budget 0.5", "budget")]
    [InlineData("group data.csv -t a -t b --budget 2 --benchmark tox21", "not both")]
    [InlineData("group data.csv -t a -t b --budget 2 --table data.csv", "one of them alone")]
    [InlineData("group --benchmark tax21 --budget 2", "no benchmark 'tax21'")]
    [InlineData("group --benchmark omniglot8 --budget 2", "own rows")]
    [InlineData("affinity data.csv -t a -t b --method exact", "no measure of affinity 'exact'")]
    [InlineData("affinity data.csv -t a -t q", "q")]
    [InlineData("affinity data.csv -t a", "between two tasks or more; got 1")]
    [InlineData("group data.csv -t a -t b --budget 1e400", "such as 1,1.5,2; got '1e400'")]
    [InlineData("affinity data.csv -t a -t b --method predicted --predictor .", ".: this is a folder")]
    [InlineData("train data.csv -t a -t b --grouping no.json", "no.json: there is no such file")]
    [InlineData("train data.csv -t a -t b --grouping .", ".: this is a folder")]
    [InlineData("taxonomy data.csv -t a -t b --sources 1 --draw x.svg", "--draw has no meaning with data")]
    [InlineData("taxonomy data.csv -t a -t b --sources 1 --solver scip", "--solver has no meaning with data")]
    [InlineData("taxonomy --affinities t.csv --sources 1 --epochs 3", "--epochs has no meaning with --affinities")]
    [InlineData(
        "affinity data.csv -t a -t b --learning-rate heads.a=2x",
        "name all of a kind, such as encoder or heads"
    )]
    [InlineData("affinity data.csv -t a -t b --learning-rate encodr=2x", "did you mean 'encoder'?")]
    [InlineData("affinity data.csv -t a -t b --learning-rate encoder=0", "give it a rate above 0")]
    [InlineData("group data.csv -t a -t b --budget 2 --learning-rate 1 --learning-rate 2", "the optimizer's rate once")]
    [InlineData("taxonomy data.csv -t a -t b --sources 1 --learning-rate encoder=2x", "--learning-rate")]
    [InlineData("affinity", "--target")]
    [InlineData("affinity data.csv -t a -t b --method predicted", "needs --predictor FILE.json")]
    [InlineData("affinity data.csv -t a -t b --predictor data.csv", "goes with --method pairwise or predicted")]
    [InlineData("affinity data.csv -t a -t b --method predicted --predictor data.csv", "not a predictor of gains")]
    [InlineData("affinity data.csv -t a -t b --method predicted --predictor no.json", "no.json: there is no such file")]
    [InlineData("group data.csv -t a -t b --budget 2 --method predicted", "no way to group by 'predicted'")]
    [InlineData("group data.csv -t a -t b --budget 2 --method go-mtl:share=2", "share")]
    [InlineData(
        "group data.csv -t a -t b --budget 2 --method go-mtl --epochs 3",
        "--epochs has no meaning with --method go-mtl"
    )]
    [InlineData("group data.csv -t a -t b:classification --budget 2 --method clustered", "task 'b' has")]
    [InlineData("group data.csv -t a -t b --budget 2 --method clustered --seeds 2", "one division")]
    [InlineData("group data.csv -t a --budget 2 --method go-mtl", "from two on")]
    [InlineData("group --benchmark fashion-pairs --budget 2 --method go-mtl", "rows of numbers")]
    [InlineData("taxonomy data.csv -t a -t b --sources 1.5", "whole number")]
    [InlineData("taxonomy data.csv -t a -t b --sources 1 --seeds 2", "one seed")]
    [InlineData("taxonomy data.csv -t a -t b --sources 1", "three tasks or more; got 2")]
    [InlineData("group data.csv -t a -t b --budget 1 --verify -1", "--verify is a whole number from 0")]
    [InlineData("taxonomy --sources 1", "--affinities")]
    [InlineData("train data.csv -t a -t b --grouping data.csv", "not a grouping")]
    public async Task What_cannot_be_done_is_said_in_one_line(string line, string why)
    {
        var table = workplace.Write("data.csv", AnalysisCommandTests.Table(60));

        var answer = await workplace.RunAsync([
            .. line.Split(' ').Select(word => word == "data.csv" ? table : word),
            "--store",
            workplace.Store,
        ]);

        Assert.NotEqual(ExitCode.Success, answer.Code);
        Assert.Contains(why, answer.Error);
        Assert.DoesNotContain("   at ", answer.Error);
    }
}
