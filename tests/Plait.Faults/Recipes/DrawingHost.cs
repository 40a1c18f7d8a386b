using System.Collections.Concurrent;
using Plait.Faults.Processes;

namespace Plait.Faults.Recipes;

/// <summary>Draws all recipes in a process of its own, which is ahead of those that train them.</summary>
internal static class DrawingHost
{
    /// <summary>Writes the recipes to the standard output, one a line.</summary>
    public static int Run(int seed)
    {
        torch.set_num_threads(1);
        foreach (var recipe in new RecipeDraw(PartHomes.Find(), seed).Recipes())
        {
            Console.Out.WriteLine(recipe.ToJson());
            Console.Out.Flush();
        }

        return 0;
    }

    /// <summary>Starts the process and hands on what it has drawn as soon as it is there.</summary>
    public static IEnumerable<FaultRecipe> Start(int seed)
    {
        using var recipes = new BlockingCollection<FaultRecipe>();
        using var child = Child.Start("Plait.Faults", [Program.Draw, $"{seed}"]);
        var reading = Task.Run(() => Read(child, recipes));
        foreach (var recipe in recipes.GetConsumingEnumerable())
        {
            yield return recipe;
        }

        reading.Wait();
    }

    private static void Read(Child child, BlockingCollection<FaultRecipe> recipes)
    {
        var read = 0;
        try
        {
            for (var ended = false; !ended; )
            {
                ended = child.EndsWithin(TimeSpan.FromSeconds(0.2));
                foreach (var (line, _) in child.Lines.Skip(read).ToArray())
                {
                    recipes.Add(FaultRecipe.FromJson(line));
                    read++;
                }
            }

            foreach (
                var line in child.Wait().Succeeds().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(read)
            )
            {
                recipes.Add(FaultRecipe.FromJson(line));
            }
        }
        finally
        {
            recipes.CompleteAdding();
        }
    }
}
