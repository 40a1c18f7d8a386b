using Plait.Benchmarks.Text;

namespace Plait.Benchmarks.Tests.Text;

public sealed class SnipsTests
{
    [Fact]
    public void It_holds_the_published_numbers_of_utterances_intents_and_tags()
    {
        var train = SnipsReader.Read(SnipsPart.Train);

        Assert.Equal(13_084, train.Count);
        Assert.Equal(700, SnipsReader.Read(SnipsPart.Validation).Count);
        Assert.Equal(700, SnipsReader.Read(SnipsPart.Test).Count);
        Assert.Equal(7, train.Select(utterance => utterance.Intent).Distinct().Count());
        Assert.Equal(72, train.SelectMany(utterance => utterance.Slots).Distinct().Count());
        Assert.Equal("PlayMusic", train[0].Intent);
        Assert.Equal(["listen", "to", "westbam"], train[0].Tokens.Take(3));
        Assert.Equal(["O", "O", "B-artist"], train[0].Slots.Take(3));
        Assert.Contains(train, utterance => utterance.Tokens.Contains("clásicos"));
    }

    [Theory]
    [InlineData("", "line 1")]
    [InlineData("text\n", "line 1")]
    [InlineData("intent\ttokens\tslots\nPlay\ta b\tO O\nPlay\ta b\tO\n", "line 3: 2 tokens but 1 slots")]
    [InlineData(
        "intent\ttokens\tslots\nPlay\ta b\n",
        "line 2: expected intent, tokens and slots, divided by tabs; got 2"
    )]
    [InlineData("intent\ttokens\tslots\nPlay\ta\tX-artist\n", "line 2: 'X-artist' is not a slot tag")]
    public void A_line_that_is_no_utterance_is_named(string text, string expected)
    {
        var error = Assert.Throws<InvalidDataException>(() => SnipsReader.Read(new StringReader(text), "my.tsv"));

        Assert.Contains("'my.tsv', " + expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void It_says_in_one_line_that_it_cannot_be_trained_on_yet()
    {
        var snips = BenchmarkCatalog.Get("snips");

        var error = Assert.Throws<NotSupportedException>(() => snips.Load());

        Assert.False(snips.IsTrainable);
        Assert.Contains("SnipsReader", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }
}
