namespace Plait.Catalogue;

/// <summary>A method's name and options, as text on the command line and in files: "name:option=value,option=value".</summary>
/// <param name="Name">The method's name.</param>
/// <param name="Options">The options that are given.</param>
/// <param name="Text">The whole, as it was written.</param>
public sealed record MethodSpecification(string Name, IReadOnlyDictionary<string, string> Options, string Text)
{
    /// <summary>Takes a specification apart.</summary>
    /// <exception cref="FormatException">It is empty, an option lacks its '=', or an option is given twice.</exception>
    public static MethodSpecification Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Trim().Split(':', 2);
        if (parts[0].Length == 0)
        {
            throw new FormatException($"'{text}' names no method; write name, or name:option=value,option=value.");
        }

        var options = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var option in parts.Length == 1 ? [] : parts[1].Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var pair = option.Split('=', 2);
            if (pair.Length != 2 || !options.TryAdd(pair[0].Trim(), pair[1].Trim()))
            {
                throw new FormatException(
                    $"'{option}' in '{text}' is not an option of its own; write name:option=value,option=value."
                );
            }
        }

        return new(parts[0], options, text.Trim());
    }

    /// <inheritdoc/>
    public override string ToString() => Text;
}
