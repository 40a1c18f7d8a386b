using System.Text.Json.Serialization;
using Plait.Tasks;

namespace Plait.Tabular;

/// <summary>A column to be learned, and what it holds.</summary>
/// <param name="Column">The column's name in the header.</param>
/// <param name="Kind">The name of what it holds, one of <see cref="AnswerKinds"/>; null to have it inferred from the file.</param>
public sealed record TargetSpecification(string Column, string? Kind = null)
{
    /// <summary>What the kind is told behind an equals sign: the order of levels, from the lowest, "S&lt;M&lt;L"; what stands between labels, ","; null where nothing was said.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Order { get; init; }

    /// <summary>Reads <c>column</c>, <c>column:kind</c> or <c>column:kind=order</c>, where kind is one of <see cref="AnswerKinds"/>.</summary>
    /// <remarks>
    /// Only the text after the last colon is a kind, or what follows a colon as a kind and an equals sign. A column whose own name has a
    /// colon is followed by <c>:</c> and a kind.
    /// </remarks>
    /// <exception cref="TableException">There is no column, or no such kind; <see cref="TableException.IsRequest"/> is set.</exception>
    public static TargetSpecification Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var colon = KindAt(text);
        var column = (colon < 0 ? text : text[..colon]).Trim();
        if (column.Length == 0)
        {
            throw TableException.OfRequest(
                $"The target {TableException.Quote(text)} names no column; write column or column:kind, for example price:regression."
            );
        }

        if (colon < 0)
        {
            return new(column);
        }

        var (kind, order) = Divide(text[(colon + 1)..]);
        return new(column, KindOf(kind, text).Name) { Order = order };
    }

    /// <inheritdoc/>
    public override string ToString() =>
        Kind is null ? Column
        : Order is null ? $"{Column}:{Kind}"
        : $"{Column}:{Kind}={Order}";

    /// <summary>The kind of a name.</summary>
    /// <param name="kind">The name.</param>
    /// <param name="text">What the user wrote.</param>
    /// <exception cref="TableException">There is none.</exception>
    internal static AnswerKind KindOf(string kind, string text) =>
        AnswerKinds.Named(kind)
        ?? throw TableException.OfRequest(
            $"The target {TableException.Quote(text)} asks for {TableException.Quote(kind)}{Catalogue.NameSuggestion.Hint(kind, AnswerKinds.All.Select(known => known.Name))}; a target is {AnswerKinds.Listed}, or leave ':{kind}' out to have it inferred."
        );

    /// <summary>The place of the colon before a kind: the first that a kind and an equals sign follow, else the last.</summary>
    private static int KindAt(string text)
    {
        for (var colon = text.IndexOf(':'); colon >= 0; colon = text.IndexOf(':', colon + 1))
        {
            var (kind, order) = Divide(text[(colon + 1)..]);
            if (order is not null && AnswerKinds.Named(kind) is not null)
            {
                return colon;
            }
        }

        return text.LastIndexOf(':');
    }

    private static (string Kind, string? Order) Divide(string text)
    {
        var equals = text.IndexOf('=');
        return equals < 0 ? (text.Trim(), null) : (text[..equals].Trim(), text[(equals + 1)..].Trim());
    }
}
