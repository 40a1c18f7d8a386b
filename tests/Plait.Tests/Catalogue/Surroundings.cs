using System.Reflection;
using Plait.Catalogue;
using Plait.Data;
using Plait.Networks;
using Plait.Networks.Encoders;
using Plait.Optimization;
using Plait.Tests.Optimization.Scheduling;
using Plait.Training;

namespace Plait.Tests.Catalogue;

/// <summary>What methods of the catalogue need around them: found by trial and by what they say of themselves, never by their names.</summary>
internal static class Surroundings
{
    /// <summary>The networks in which methods are tried before all others: a shared trunk, and none.</summary>
    private static readonly string[] FirstNetworks = ["hps", "single-task"];

    private static readonly InputSpec[] Inputs =
    [
        new ImageInput(1, 32, 32),
        new VectorInput(6),
        new TokenInput(Vocabulary: 9, Longest: 4),
        new SequenceInput(Width: 3, Longest: 4),
        new AudioInput(Rate: 8000, Channels: 1, Longest: 64),
        new SetInput(Width: 3, Largest: 4),
    ];

    /// <summary>The name of the first network that all parts of a recipe take.</summary>
    /// <param name="recipe">Begins with each network that is tried.</param>
    /// <param name="create">Makes a network of the catalogue for three tasks.</param>
    public static string NetworkFor(Recipe recipe, Func<string, MultiTaskNetwork> create) =>
        FirstNetworks
            .Union(MethodCatalog.Of(MethodKind.Architecture).Select(entry => entry.Name))
            .First(name => Takes(recipe, () => create(name)));

    /// <summary>Rows that an encoder reads; small images where it reads several kinds.</summary>
    public static InputSpec InputOf(MethodEntry encoder)
    {
        var reads = encoder.Type.GetCustomAttribute<ReadsAttribute>();
        return Inputs.First(input => reads?.Inputs.Any(kind => kind.IsInstanceOfType(input)) != false);
    }

    private static bool Takes(Recipe recipe, Func<MultiTaskNetwork> create)
    {
        using var scope = torch.NewDisposeScope();
        try
        {
            using var network = create();
            using var sizes = new Sizes(network.Tasks, [.. network.Tasks.Select(_ => 1)]);
            foreach (var (_, part) in recipe.Parts)
            {
                part.Begin(new TrainingContext(network, sizes.Sizes));
            }

            return true;
        }
        catch (NotSupportedException)
        {
            return false;
        }
    }
}
