using Plait.Benchmarks.Scenes.Geometry;
using Plait.Benchmarks.Scenes.Rendering;
using Plait.Benchmarks.Scenes.Things;

namespace Plait.Benchmarks.Scenes.Worlds;

/// <summary>A scene while it is furnished: what stands where, so that nothing stands in something else.</summary>
internal sealed class SceneDraft
{
    private const int Attempts = 12;

    private readonly List<SceneObject> objects = [];
    private readonly List<(Vector Centre, double Radius)> taken = [];
    private int things;

    /// <summary>What is there so far.</summary>
    public IReadOnlyList<SceneObject> Objects => objects;

    /// <summary>Keeps a circle of the ground free.</summary>
    public void KeepFree(Vector centre, double radius) => taken.Add((centre, radius));

    /// <summary>Adds what is not countable: ground, walls, a house with its windows.</summary>
    public void Add(params IReadOnlyList<Piece> pieces) => objects.Add(new(pieces, instance: 0));

    /// <summary>Adds a thing that may touch others, as one on a table does.</summary>
    public Assembly Put(Assembly thing)
    {
        objects.Add(new(thing.Pieces, ++things));
        return thing;
    }

    /// <summary>Adds a thing where there is room for it, or none where there is none after some attempts.</summary>
    /// <param name="propose">A place.</param>
    /// <param name="build">The thing at a place.</param>
    /// <returns>The thing, or null.</returns>
    public Assembly? Place(Func<Place> propose, Func<Place, Assembly> build)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var thing = build(propose());
            var centre = thing.Place.Position;
            if (taken.TrueForAll(other => Distance(other.Centre, centre) >= other.Radius + thing.Footprint))
            {
                taken.Add((centre, thing.Footprint));
                return Put(thing);
            }
        }

        return null;
    }

    private static double Distance(Vector a, Vector b) =>
        Math.Sqrt(((a.X - b.X) * (a.X - b.X)) + ((a.Z - b.Z) * (a.Z - b.Z)));
}
