using Plait.Tasks;

namespace Plait.Tabular;

/// <summary>What one pass over a target finds out that may name several classes a row: its texts, and their parts by each separator.</summary>
internal sealed class LabelProfile : IColumnProfile
{
    private readonly AnswerKind kind;
    private readonly (string Separator, ColumnProfile Parts)[] divided;
    private readonly bool[] occurs;

    /// <summary>Starts a profile.</summary>
    /// <param name="kind">Takes texts apart.</param>
    /// <param name="separators">What may stand between classes, the preferred one first.</param>
    /// <param name="limit">How many different classes to remember.</param>
    public LabelProfile(AnswerKind kind, IReadOnlyList<string> separators, int limit)
    {
        this.kind = kind;
        Texts = new ColumnProfile(limit);
        divided = [.. separators.Select(separator => (separator, new ColumnProfile(limit)))];
        occurs = new bool[divided.Length];
    }

    /// <inheritdoc/>
    public ColumnProfile Texts { get; }

    /// <inheritdoc/>
    public (string? Separator, ColumnProfile Classes) Classes => divided[Math.Max(0, Array.IndexOf(occurs, true))];

    /// <summary>The separators, where none of them stands in any row; null where one does.</summary>
    public IReadOnlyList<string>? Unseen =>
        Array.IndexOf(occurs, true) < 0 ? [.. divided.Select(one => one.Separator)] : null;

    /// <inheritdoc/>
    public void ObserveMissing() => Texts.ObserveMissing();

    /// <inheritdoc/>
    public void Observe(ReadOnlySpan<char> field, int line)
    {
        Texts.Observe(field, line);
        var text = field.ToString();
        for (var i = 0; i < divided.Length; i++)
        {
            occurs[i] |= text.Contains(divided[i].Separator, StringComparison.Ordinal);
            foreach (var part in kind.PartsOf(text, divided[i].Separator))
            {
                divided[i].Parts.Observe(part, line);
            }
        }
    }
}
