using Plait.Networks.Encoders;

namespace Plait.Networks.CrossTalk;

/// <summary>After which stages of their encoders parallel networks are joined.</summary>
public enum JoinPlaces
{
    /// <summary>All but those that only let the image in: after each stage of blocks of a residual network, and not after its stem.</summary>
    Blocks,

    /// <summary>All.</summary>
    Every,

    /// <summary>Those that change the size of the map, as pooling does, and those that give vectors.</summary>
    Resizing,
}

/// <summary>Finds the stages to join.</summary>
internal static class JoinedStages
{
    /// <summary>The places of the stages, rising; none only where the encoder has no stage.</summary>
    /// <exception cref="ArgumentException">No stage of the encoder is such a place.</exception>
    public static int[] Of(Encoder encoder, JoinPlaces join)
    {
        var stages = Enumerable.Range(0, encoder.StageShapes.Count);
        int[] places = join switch
        {
            JoinPlaces.Every => [.. stages],
            JoinPlaces.Blocks => [.. stages.Skip(encoder.EntranceStages)],
            _ => [.. stages.Where(stage => Resizes(encoder, stage))],
        };
        return places.Length > 0 || encoder.StageShapes.Count == 0
            ? places
            : throw new ArgumentException(
                $"No stage of {encoder.GetName()} changes the size of its map, so there is nowhere to join networks; write join=blocks.",
                nameof(join)
            );
    }

    private static bool Resizes(Encoder encoder, int stage)
    {
        var before = stage == 0 ? encoder.InputShape : encoder.StageShapes[stage - 1];
        var after = encoder.StageShapes[stage];
        return after.Count != 3 || before.Count != 3 || !before.Skip(1).SequenceEqual(after.Skip(1));
    }
}
