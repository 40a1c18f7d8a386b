namespace Plait.Tabular.Csv;

/// <summary>Finds the character between fields: the candidate that the header has most of, outside quotes.</summary>
internal static class DelimiterSearch
{
    private const string Candidates = ",;\t|";
    private const int Block = 4096;
    private const int LongestHeader = 1 << 22;

    /// <summary>Reads ahead as far as the header's end.</summary>
    /// <param name="reader">The text.</param>
    /// <param name="whole">The same text from its start.</param>
    /// <returns>The delimiter; a comma when no candidate is there.</returns>
    public static char Find(TextReader reader, out TextReader whole)
    {
        var ahead = new char[Block];
        var length = 0;
        var counts = new int[Candidates.Length];
        while (true)
        {
            var read = reader.Read(ahead, length, ahead.Length - length);
            length += read;
            if (HasWholeHeader(ahead.AsSpan(0, length), counts) || read == 0 || length >= LongestHeader)
            {
                whole = new RewoundReader(ahead.AsMemory(0, length), reader);
                return Candidates[Array.IndexOf(counts, counts.Max())];
            }

            if (length == ahead.Length)
            {
                Array.Resize(ref ahead, ahead.Length * 2);
            }
        }
    }

    private static bool HasWholeHeader(ReadOnlySpan<char> text, int[] counts)
    {
        Array.Clear(counts);
        var quoted = false;
        var blank = true;
        foreach (var character in text)
        {
            var candidate = Candidates.IndexOf(character, StringComparison.Ordinal);
            if (character == '"')
            {
                quoted = !quoted;
            }
            else if (!quoted && character is '\r' or '\n' && !blank)
            {
                return true;
            }
            else if (!quoted && candidate >= 0)
            {
                counts[candidate]++;
            }

            blank &= character is '\r' or '\n';
        }

        return false;
    }

    /// <summary>Gives back what was read ahead, then the rest.</summary>
    private sealed class RewoundReader(ReadOnlyMemory<char> ahead, TextReader rest) : TextReader
    {
        private ReadOnlyMemory<char> ahead = ahead;

        public override int Peek() => ahead.IsEmpty ? rest.Peek() : ahead.Span[0];

        public override int Read()
        {
            Span<char> one = stackalloc char[1];
            return Read(one) == 0 ? -1 : one[0];
        }

        public override int Read(char[] buffer, int index, int count) => Read(buffer.AsSpan(index, count));

        public override int Read(Span<char> buffer)
        {
            if (ahead.IsEmpty)
            {
                return rest.Read(buffer);
            }

            var taken = Math.Min(buffer.Length, ahead.Length);
            ahead.Span[..taken].CopyTo(buffer);
            ahead = ahead[taken..];
            return taken;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                rest.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
