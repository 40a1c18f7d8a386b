using System.Text;
using Plait.Torch;

namespace Plait.Cli.Display;

/// <summary>Writes lines for people: what came out of a file is shown, and cannot steer the terminal.</summary>
/// <param name="inner">Where they go; it is flushed, not disposed.</param>
internal sealed class PrintableWriter(TextWriter inner) : TextWriter
{
    /// <summary>Takes text as it is, for data and for a terminal's own codes.</summary>
    public TextWriter Inner => inner;

    /// <inheritdoc/>
    public override Encoding Encoding => inner.Encoding;

    /// <inheritdoc/>
    public override void Write(char value) => Write([value]);

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    /// <inheritdoc/>
    public override void Write(string? value) => Write(value.AsSpan());

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<char> buffer)
    {
        if (ForeignText.IsVisible(buffer))
        {
            inner.Write(buffer);
        }
        else
        {
            inner.Write(ForeignText.Visible(buffer.ToString()));
        }
    }

    /// <inheritdoc/>
    public override void WriteLine() => inner.WriteLine();

    /// <inheritdoc/>
    public override void WriteLine(string? value)
    {
        Write(value);
        WriteLine();
    }

    /// <inheritdoc/>
    public override void Flush() => inner.Flush();
}
