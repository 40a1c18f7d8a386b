namespace Plait.Cli.Aggregation;

/// <summary>The words NaN, Infinity and -Infinity where numbers should be: no JSON, but what some programs write.</summary>
internal static class NonFiniteWords
{
    /// <summary>Whether such a word stands outside of quotes.</summary>
    public static bool StandIn(ReadOnlySpan<byte> line) => Next(line, 0) is not null;

    /// <summary>The line with quotes around each of them.</summary>
    public static byte[] Quote(ReadOnlySpan<byte> line)
    {
        var quoted = new List<byte>(line.Length + 64);
        var copied = 0;
        while (Next(line, copied) is var (start, length))
        {
            quoted.AddRange(line[copied..start]);
            quoted.Add((byte)'"');
            quoted.AddRange(line.Slice(start, length));
            quoted.Add((byte)'"');
            copied = start + length;
        }

        quoted.AddRange(line[copied..]);
        return [.. quoted];
    }

    /// <summary>The first of them from a place outside of quotes on, or null.</summary>
    private static (int Start, int Length)? Next(ReadOnlySpan<byte> line, int from)
    {
        var isQuoted = false;
        for (var i = from; i < line.Length; i++)
        {
            if (line[i] == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (isQuoted && line[i] == '\\')
            {
                i++;
            }
            else if (!isQuoted && LengthOf(line[i..]) is > 0 and var length)
            {
                return (i, length);
            }
        }

        return null;
    }

    private static int LengthOf(ReadOnlySpan<byte> text) =>
        text.StartsWith("NaN"u8) ? 3
        : text.StartsWith("Infinity"u8) ? 8
        : text.StartsWith("-Infinity"u8) ? 9
        : 0;
}
