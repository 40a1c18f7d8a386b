using System.Buffers.Binary;

namespace Plait.Testing;

/// <summary>Damages files in the ways that lie to a reader, and fails unless it reads each or refuses it cheaply in one line.</summary>
internal static class DamagedFiles
{
    private static readonly uint[] Lies = [0, 1, 0x7F, 0xFFFF, 0x1_0000, 0x00FF_FFFF, 0x7FFF_FFFF, 0x8000_0000, ~0u];

    /// <summary>Reads damaged versions of a file.</summary>
    /// <param name="whole">The file.</param>
    /// <param name="read">Reads a version.</param>
    /// <param name="name">What an error calls it.</param>
    /// <param name="mostBytes">What reading one may allocate.</param>
    /// <param name="count">How many versions.</param>
    /// <param name="seed">What the damage is drawn from.</param>
    /// <returns>How many were refused.</returns>
    public static int Read(byte[] whole, Action<byte[]> read, string name, long mostBytes, int count, int seed = 0)
    {
        var chance = new Random(seed);
        var refused = 0;
        for (var version = 0; version < count; version++)
        {
            var damaged = Damage(whole, chance);
            var before = GC.GetAllocatedBytesForCurrentThread();
            if (Refusal(read, damaged) is { } message)
            {
                Assert.Contains(name, message, StringComparison.Ordinal);
                Assert.DoesNotContain('\n', message);
                refused++;
            }

            var taken = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(
                taken <= mostBytes,
                $"Version {version} of seed {seed} took {taken} bytes: {Convert.ToHexString(damaged)}"
            );
        }

        return refused;
    }

    /// <summary>Fails unless a file is refused, in one line, for little memory.</summary>
    /// <param name="read">Reads it.</param>
    /// <param name="mostBytes">What that may allocate.</param>
    /// <returns>The message.</returns>
    public static string Refused(Action read, long mostBytes)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var refused = Assert.Throws<InvalidDataException>(read);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, mostBytes);
        Assert.DoesNotContain('\n', refused.Message);
        return refused.Message;
    }

    private static string? Refusal(Action<byte[]> read, byte[] damaged)
    {
        try
        {
            read(damaged);
            return null;
        }
        catch (InvalidDataException refused)
        {
            return refused.Message;
        }
    }

    private static byte[] Damage(byte[] whole, Random chance)
    {
        byte[] damaged = [.. whole];
        switch (chance.Next(4))
        {
            case 0:
                return damaged[..chance.Next(damaged.Length)];
            case 1: // bits
                for (var flips = chance.Next(1, 4); flips > 0; flips--)
                {
                    damaged[chance.Next(damaged.Length)] ^= (byte)(1 << chance.Next(8));
                }

                return damaged;
            case 2: // a number of four or eight bytes, in either order
                var lie = Lies[chance.Next(Lies.Length)];
                var number = new byte[chance.Next(2) == 0 ? sizeof(uint) : sizeof(ulong)];
                BinaryPrimitives.WriteUInt32LittleEndian(number, lie);
                if (chance.Next(2) == 0)
                {
                    Array.Reverse(number);
                }

                var place = chance.Next(damaged.Length);
                number.AsSpan(0, Math.Min(number.Length, damaged.Length - place)).CopyTo(damaged.AsSpan(place));
                return damaged;
            default: // a piece twice
                var start = chance.Next(damaged.Length);
                var end = chance.Next(start, Math.Min(damaged.Length, start + 64));
                return [.. damaged[..end], .. damaged[start..]];
        }
    }
}
