namespace Plait.Numerics;

/// <summary>Derives independent seeds from one, so that each use of chance in a run has a stream of its own.</summary>
/// <remarks>Steele, Lea, Flood 2014, <i>Fast splittable pseudorandom number generators</i>: the mixing function of SplitMix64.</remarks>
public static class Seeds
{
    /// <summary>A seed that depends on every bit of all arguments.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="parts">What the derived seed is for: a purpose, an epoch, a step.</param>
    public static long Derive(long seed, params ReadOnlySpan<long> parts)
    {
        var state = Mix((ulong)seed);
        foreach (var part in parts)
        {
            state = Mix(state + Mix((ulong)part));
        }

        return (long)(state >> 1);
    }

    /// <summary>A generator for one use: the same arguments give the same numbers.</summary>
    public static Random Generator(long seed, params ReadOnlySpan<long> parts)
    {
        var derived = Derive(seed, parts);
        return new Random((int)(derived ^ (derived >> 32)) & int.MaxValue);
    }

    /// <summary>A generator of the seed itself: for one in the range of <see cref="int"/> from 0 the one that <see cref="Random(int)"/> makes.</summary>
    public static Random Undivided(long seed) => new((int)(seed ^ (seed >> 32)));

    private static ulong Mix(ulong z)
    {
        z += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
