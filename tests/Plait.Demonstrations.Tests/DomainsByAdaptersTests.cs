namespace Plait.Demonstrations.Tests;

[Collection("torch")]
public sealed class DomainsByAdaptersTests
{
    [Fact]
    public void Adapters_of_less_than_a_quarter_of_the_trunk_tell_far_more_than_heads_alone()
    {
        var domains = new DomainsByAdapters
        {
            Alphabets = ["tagalog"],
            Clothes = 1500,
            TrunkEpochs = 2,
            Epochs = 15,
            Width = 8,
            Settings = new HashSet<string> { DomainsByAdapters.Series },
        };

        var measured = domains.Run(seed: 1).ToDictionary(one => (one.Setting, one.Measure), one => one.Value);

        var (heads, adapters) = (MeanOf(DomainsByAdapters.HeadsOnly), MeanOf(DomainsByAdapters.Series));
        Assert.True(adapters > heads + 0.1, $"{adapters} with adapters, {heads} with heads alone");
        Assert.InRange(measured[(DomainsByAdapters.Series, "parameters of a domain over the trunk's")], 0.01, 0.25);

        double MeanOf(string setting) => measured[(setting, "mean accuracy")];
    }
}
