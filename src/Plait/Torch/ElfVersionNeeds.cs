using System.Runtime.InteropServices;
using System.Text;

namespace Plait.Torch;

/// <summary>
/// Edits the symbol versions that a 64-bit little-endian ELF library needs from other libraries.
/// </summary>
/// <remarks>
/// System V ABI, chapters 4 and 5, and the GNU extension <c>.gnu.version_r</c>: a chain of needed files, each with a
/// chain of needed versions. The loader passes over a missing version that carries the weak flag.
/// </remarks>
internal static class ElfVersionNeeds
{
    private const uint SectionTypeVersionNeeds = 0x6ffffffe; // SHT_GNU_verneed
    private const ushort WeakFlag = 2; // VER_FLG_WEAK

    private static ReadOnlySpan<byte> Magic => [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1];

    /// <summary>Marks one needed version as weak, in place.</summary>
    /// <returns>Whether the library is a 64-bit little-endian ELF file that needs that version.</returns>
    public static bool TryWeaken(Span<byte> elf, string version)
    {
        if (!elf.StartsWith(Magic))
        {
            return false;
        }

        var weakened = false;
        foreach (var section in Sections(elf))
        {
            if (section.Type == SectionTypeVersionNeeds)
            {
                var names = Sections(elf)[(int)section.Link];
                weakened |= TryWeaken(
                    elf,
                    (int)section.Offset,
                    elf[(int)names.Offset..],
                    Encoding.ASCII.GetBytes(version)
                );
            }
        }

        return weakened;
    }

    private static bool TryWeaken(Span<byte> elf, int need, ReadOnlySpan<byte> names, ReadOnlySpan<byte> version)
    {
        var weakened = false;
        int step;
        do
        {
            var file = MemoryMarshal.Read<NeededFile>(elf[need..]);
            var at = need + (int)file.FirstVersion;
            for (var i = 0; i < file.VersionCount; i++)
            {
                var entry = MemoryMarshal.Read<NeededVersion>(elf[at..]);
                if (NameAt(names, entry.Name).SequenceEqual(version))
                {
                    MemoryMarshal.Write(elf[at..], entry with { Flags = (ushort)(entry.Flags | WeakFlag) });
                    weakened = true;
                }

                at += (int)entry.Next;
            }

            step = (int)file.Next;
            need += step;
        } while (step != 0);

        return weakened;
    }

    private static ReadOnlySpan<byte> NameAt(ReadOnlySpan<byte> names, uint offset)
    {
        var name = names[(int)offset..];
        return name[..name.IndexOf((byte)0)];
    }

    private static ReadOnlySpan<Section> Sections(ReadOnlySpan<byte> elf)
    {
        var header = MemoryMarshal.Read<Header>(elf);
        return MemoryMarshal.Cast<byte, Section>(elf[(int)header.SectionOffset..])[..header.SectionCount];
    }

    // The fields are those of Elf64_Ehdr, Elf64_Shdr, Elf64_Verneed and Elf64_Vernaux; only the offsets of those used count.
    [StructLayout(LayoutKind.Explicit, Size = 64)]
    private readonly record struct Header(
        [field: FieldOffset(0x28)] ulong SectionOffset,
        [field: FieldOffset(0x3c)] ushort SectionCount
    );

    [StructLayout(LayoutKind.Explicit, Size = 64)]
    private readonly record struct Section(
        [field: FieldOffset(4)] uint Type,
        [field: FieldOffset(0x18)] ulong Offset,
        [field: FieldOffset(0x28)] uint Link
    );

    [StructLayout(LayoutKind.Explicit, Size = 16)]
    private readonly record struct NeededFile(
        [field: FieldOffset(2)] ushort VersionCount,
        [field: FieldOffset(8)] uint FirstVersion,
        [field: FieldOffset(12)] uint Next
    );

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct NeededVersion(uint Hash, ushort Flags, ushort Other, uint Name, uint Next);
}
