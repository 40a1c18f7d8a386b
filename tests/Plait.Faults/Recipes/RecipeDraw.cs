using Plait.Catalogue;
using Plait.Training;

namespace Plait.Faults.Recipes;

/// <summary>Draws recipes of parts that go together until every part is in one.</summary>
internal sealed class RecipeDraw(PartHomes homes, int seed)
{
    private const int Tries = 3; // candidates of a kind, before the recipe does without

    private readonly Random random = new(seed);
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);

    /// <summary>The recipes, made one by one as they are asked for.</summary>
    public IEnumerable<FaultRecipe> Recipes()
    {
        Part[] order = [.. homes.Homes.Keys];
        random.Shuffle(order);
        foreach (var part in order.Where(part => !seen.Contains(part.Label)))
        {
            if (!seen.Contains(part.Label))
            {
                var recipe = Around(part);
                seen.UnionWith(Part.LabelsOf(recipe.Run));
                yield return recipe;
            }
        }
    }

    private FaultRecipe Around(Part part)
    {
        var (ground, run) = homes.Homes[part];
        var kinds = Enum.GetValues<MethodKind>().Where(kind => Part.HasPlace(kind) && kind != part.Kind).ToArray();
        random.Shuffle(kinds);
        foreach (var kind in kinds.Where(kind => kind != MethodKind.Head || ground == Ground.Maps))
        {
            run = With(kind, ground, run);
        }

        if (ground == Ground.Vectors && random.Next(3) == 0 && Trial.Refusal(Ground.RowsPerTask, run) is null)
        {
            ground = Ground.RowsPerTask;
        }

        foreach (var change in Settings(ground))
        {
            run = Trial.Refusal(ground, change(run)) is null ? change(run) : run;
        }

        run = run with { Seed = random.Next(100), Epochs = random.Next(3, 6) };
        return new FaultRecipe(ground, run, ground is Ground.Maps or Ground.Images ? 36 : 80, random.Next(2) * 25);
    }

    /// <summary>The run with a part of a kind, one that was in no recipe yet where there is such a one that fits.</summary>
    private RunSpecification With(MethodKind kind, Ground ground, RunSpecification run)
    {
        var candidates = homes.Homes.Keys.Where(part => part.Kind == kind).ToArray();
        random.Shuffle(candidates);
        var fresh = candidates.Where(part => !seen.Contains(part.Label)).ToArray();
        if (fresh.Length == 0 && random.Next(2) == 0)
        {
            return run;
        }

        foreach (var candidate in fresh.Concat(candidates).Take(Tries))
        {
            var changed = candidate.Into(run);
            if (Trial.Refusal(ground, changed) is null)
            {
                return changed;
            }
        }

        return run;
    }

    private IEnumerable<Func<RunSpecification, RunSpecification>> Settings(Ground ground)
    {
        Func<RunSpecification, RunSpecification>[] all =
        [
            run => run with { LearningRate = "cosine" },
            run => run with { ClipNorm = 0.5 },
            run => run with { AccumulatedBatches = 2 },
            run => run with { GradientRecordInterval = 3 },
            run => run with { RowMemory = Trial.SmallRowMemory(ground, run) },
            run => run with { Patience = 2 },
            run => run with { Selection = "metric" },
        ];
        return all.Where(_ => random.Next(3) == 0).ToArray();
    }
}
