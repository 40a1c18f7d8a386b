namespace Plait.Tabular;

/// <summary>What one pass over a column finds out, row by row.</summary>
internal interface IColumnProfile
{
    /// <summary>The texts of the column's cells.</summary>
    ColumnProfile Texts { get; }

    /// <summary>The classes that these texts name, and what stands between them; the texts themselves, and null, where a text is one class.</summary>
    (string? Separator, ColumnProfile Classes) Classes { get; }

    /// <summary>Takes in a row in which the column is missing.</summary>
    void ObserveMissing();

    /// <summary>Takes in the text of a row.</summary>
    void Observe(ReadOnlySpan<char> field, int line);
}
