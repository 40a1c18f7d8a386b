namespace Plait.Tabular;

/// <summary>A column to be learned, and what it holds.</summary>
/// <param name="Column">The column's name in the header.</param>
/// <param name="Kind">What it holds; null to have it inferred from the file.</param>
public sealed record TargetSpecification(string Column, TargetKind? Kind = null)
{
    /// <summary>Reads <c>column</c> or <c>column:kind</c>, where kind is regression, binary or classification.</summary>
    /// <remarks>Only the text after the last colon is a kind. A column whose own name has a colon is followed by <c>:</c> and a kind.</remarks>
    /// <exception cref="TableException">There is no column, or no such kind; <see cref="TableException.IsRequest"/> is set.</exception>
    public static TargetSpecification Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var colon = text.LastIndexOf(':');
        var column = (colon < 0 ? text : text[..colon]).Trim();
        if (column.Length == 0)
        {
            throw TableException.OfRequest(
                $"The target {TableException.Quote(text)} names no column; write column or column:kind, for example price:regression."
            );
        }

        return colon < 0 ? new(column) : new(column, KindOf(text[(colon + 1)..].Trim(), text));
    }

    /// <inheritdoc/>
    public override string ToString() => Kind is null ? Column : $"{Column}:{Name(Kind.Value)}";

    /// <summary>The kind's name as users write it.</summary>
    internal static string Name(TargetKind kind) =>
        kind switch
        {
            TargetKind.Regression => "regression",
            TargetKind.Binary => "binary",
            _ => "classification",
        };

    private static TargetKind KindOf(string kind, string text)
    {
        foreach (var known in Enum.GetValues<TargetKind>())
        {
            if (kind.Equals(Name(known), StringComparison.OrdinalIgnoreCase))
            {
                return known;
            }
        }

        throw TableException.OfRequest(
            $"The target {TableException.Quote(text)} asks for {TableException.Quote(kind)}{Catalogue.Nearest.Hint(kind, Enum.GetValues<TargetKind>().Select(Name))}; a target is regression, binary or classification, or leave ':{kind}' out to have it inferred."
        );
    }
}
