using System.Runtime.CompilerServices;

namespace Plait.Cli.Aggregation;

/// <summary>Cuts a stream into lines of UTF-8, however long they are.</summary>
internal static class JsonLines
{
    private const int FirstBuffer = 1 << 16;

    private static readonly byte[] ByteOrderMark = [0xEF, 0xBB, 0xBF];

    /// <summary>The lines that hold more than white space, each as soon as it is there.</summary>
    /// <param name="input">Read to its end.</param>
    /// <param name="cancel">Stops the reading, also one that waits.</param>
    /// <returns>Line numbers, from 1, and lines that are good until the next one is asked for.</returns>
    /// <exception cref="CommandFailure">A line is longer than an array can be.</exception>
    public static async IAsyncEnumerable<(long Number, ReadOnlyMemory<byte> Text)> ReadAsync(
        Stream input,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        var buffer = new byte[FirstBuffer];
        var (filled, searched, number) = (0, 0, 0L);
        var isOpen = true;
        while (isOpen || filled > 0)
        {
            var length = buffer.AsSpan(searched, filled - searched).IndexOf((byte)'\n');
            if (length < 0 && isOpen)
            {
                searched = filled;
                buffer = WithRoom(buffer, filled, number + 1);
                // A console's own waiting cannot be cancelled.
                var read = await input.ReadAsync(buffer.AsMemory(filled), cancel).AsTask().WaitAsync(cancel);
                filled += read;
                isOpen = read > 0;
                continue;
            }

            var end = length < 0 ? filled : searched + length;
            var line = Content(buffer.AsMemory(0, end), ++number);
            if (!line.IsEmpty)
            {
                yield return (number, line);
            }

            var next = Math.Min(end + 1, filled);
            buffer.AsSpan(next, filled - next).CopyTo(buffer);
            (filled, searched) = (filled - next, 0);
        }
    }

    private static ReadOnlyMemory<byte> Content(ReadOnlyMemory<byte> line, long number) =>
        (number == 1 && line.Span.StartsWith(ByteOrderMark) ? line[ByteOrderMark.Length..] : line).Trim(" \t\r"u8);

    private static byte[] WithRoom(byte[] buffer, int filled, long line)
    {
        if (filled < buffer.Length)
        {
            return buffer;
        }

        if (filled == Array.MaxLength)
        {
            throw new CommandFailure($"line {line} is longer than 2 GiB; divide its gradients into smaller cases.");
        }

        Array.Resize(ref buffer, (int)Math.Min(2L * buffer.Length, Array.MaxLength));
        return buffer;
    }
}
