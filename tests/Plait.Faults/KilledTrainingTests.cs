using Plait.Faults.Killing;
using Plait.Faults.Recipes;
using Plait.Testing;

namespace Plait.Faults;

/// <summary>Trainings that die at random moments go on to the bits of those that did not.</summary>
[Collection("torch")]
public sealed class KilledTrainingTests(CatalogueHomes catalogue) : IClassFixture<CatalogueHomes>
{
    private const int Recipes = 1;
    private const int KillsOfRecipe = 3;

    [Fact]
    public void Every_method_has_a_place_in_a_training_or_is_refused_as_listed()
    {
        var listed = Checkout.Read("tests/Plait.Faults/refused.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[] found = [.. catalogue.Homes.Refusals.Select(refusal => $"{refusal.Key}: {refusal.Value}")];
        Assert.True(listed.SequenceEqual(found), $"Refused now:\n{string.Join('\n', found)}");
    }

    [Fact]
    public void Random_recipes_killed_at_random_end_in_the_same_bits()
    {
        var random = new Random(1);
        foreach (var recipe in new RecipeDraw(catalogue.Homes, seed: 1).Recipes().Take(Recipes))
        {
            var record = KilledTraining.Run(recipe, KillsOfRecipe, random);
            Assert.True(record.Faults.Count == 0, $"{record.Name}: {string.Join('\n', record.Faults)}");
            Assert.InRange(record.Equal, 1, int.MaxValue);
        }
    }
}

/// <summary>Where every method of the catalogue is at home, found once.</summary>
public sealed class CatalogueHomes
{
    internal PartHomes Homes { get; } = PartHomes.Find();
}
