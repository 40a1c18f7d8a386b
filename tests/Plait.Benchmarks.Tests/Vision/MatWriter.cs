using System.IO.Compression;
using System.Text;

namespace Plait.Benchmarks.Tests.Vision;

/// <summary>Writes MATLAB files of version 5, little-endian.</summary>
internal static class MatWriter
{
    /// <summary>A file of variables, each packed or not.</summary>
    public static byte[] File(bool packed, params (string Name, Func<string, byte[]> Array)[] variables)
    {
        byte[] header = [.. Encoding.ASCII.GetBytes("MATLAB 5.0 MAT-file".PadRight(124)), 0, 1, (byte)'I', (byte)'M'];
        return
        [
            .. header,
            .. variables.SelectMany(variable =>
            {
                var element = variable.Array(variable.Name);
                return packed ? Pack(element) : element;
            }),
        ];
    }

    /// <summary>Numbers, column by column, of bytes or doubles.</summary>
    public static Func<string, byte[]> Numbers(int rows, int columns, Func<int, int, double> value, bool bytes = true)
    {
        var values = Enumerable.Range(0, rows * columns).Select(i => value(i % rows, i / rows));
        return name =>
            Array(
                name,
                (byte)(bytes ? 9 : 6),
                [rows, columns],
                bytes
                    ? Element(2, [.. values.Select(one => (byte)one)])
                    : Element(9, [.. values.SelectMany(BitConverter.GetBytes)])
            );
    }

    public static Func<string, byte[]> Text(string text) =>
        name => Array(name, 4, [1, text.Length], Element(4, Encoding.Unicode.GetBytes(text)));

    /// <summary>A row of structures, or a row of cells where there is one field without a name.</summary>
    public static Func<string, byte[]> Structures(params (string Field, Func<string, byte[]> Value)[][] structures)
    {
        var fields = structures.Length == 0 ? [] : structures[0].Select(field => field.Field).ToArray();
        return name =>
            Array(
                name,
                2,
                [1, structures.Length],
                [
                    .. Element(5, BitConverter.GetBytes(32)),
                    .. Element(1, [.. fields.SelectMany(field => Encoding.ASCII.GetBytes(field.PadRight(32, '\0')))]),
                    .. structures.SelectMany(one => one.SelectMany(field => field.Value(""))),
                ]
            );
    }

    public static Func<string, byte[]> Cells(params Func<string, byte[]>[] cells) =>
        name => Array(name, 1, [1, cells.Length], [.. cells.SelectMany(cell => cell(""))]);

    /// <summary>An array without anything, as MATLAB's [] is.</summary>
    public static Func<string, byte[]> Nothing() => _ => Element(14, []);

    /// <summary>A file of one array "anno" that says it has more elements than it has, which are none.</summary>
    /// <param name="kind">1 for cells, 2 for structures.</param>
    /// <param name="sizes">What it says.</param>
    /// <param name="fields">How many fields its structures have.</param>
    public static byte[] Claimed(byte kind, int[] sizes, int fields) =>
        File(
            packed: false,
            (
                "anno",
                name =>
                    Array(
                        name,
                        kind,
                        sizes,
                        kind == 1
                            ? []
                            : [.. Element(5, BitConverter.GetBytes(32)), .. Element(1, new byte[32 * fields])]
                    )
            )
        );

    /// <summary>Cells of one cell each, one in the other; the outermost is called "anno".</summary>
    public static byte[] Nested(int depth)
    {
        using var file = new MemoryStream();
        for (var level = 0; level < depth; level++)
        {
            var frame = Array("anno", 1, level == depth - 1 ? [0, 0] : [1, 1], []);
            BitConverter.GetBytes(((depth - level) * frame.Length) - 8).CopyTo(frame, 4); // all that follows lies within it
            file.Write(frame);
        }

        return file.ToArray();
    }

    private static byte[] Array(string name, byte kind, int[] sizes, byte[] content) =>
        Element(
            14,
            [
                .. Element(6, [kind, 0, 0, 0, 0, 0, 0, 0]),
                .. Element(5, [.. sizes.SelectMany(BitConverter.GetBytes)]),
                .. Element(1, Encoding.ASCII.GetBytes(name)),
                .. content,
            ]
        );

    /// <summary>A tag and data that fills eight bytes; up to four bytes lie within the tag.</summary>
    private static byte[] Element(int type, byte[] data) =>
        data.Length is > 0 and <= 4
            ? [(byte)type, 0, (byte)data.Length, 0, .. data, .. new byte[4 - data.Length]]
            :
            [
                .. BitConverter.GetBytes(type),
                .. BitConverter.GetBytes(data.Length),
                .. data,
                .. new byte[(8 - (data.Length % 8)) % 8],
            ];

    private static byte[] Pack(byte[] element)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            zlib.Write(element);
        }

        return [.. BitConverter.GetBytes(15), .. BitConverter.GetBytes((int)packed.Length), .. packed.ToArray()];
    }
}
