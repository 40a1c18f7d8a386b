using System.Globalization;
using Sylvan.Data.Csv;

namespace Plait.Benchmarks.Reading;

/// <summary>The columns of a small comma-separated file that a benchmark wants, as text.</summary>
/// <remarks>The benchmarks' files have one header line and one line a row, so a row's line follows from its number.</remarks>
internal sealed class CsvColumns
{
    private const int FirstLine = 2; // after the header

    private readonly string name;
    private readonly Dictionary<string, List<string>> columns;

    private CsvColumns(string name, Dictionary<string, List<string>> columns)
    {
        this.name = name;
        this.columns = columns;
    }

    /// <summary>How many rows there are.</summary>
    public int Rows => columns.Values.First().Count;

    /// <summary>A column, one text a row.</summary>
    public IReadOnlyList<string> this[string column] => columns[column];

    /// <summary>Reads a file.</summary>
    /// <param name="files">Where it is.</param>
    /// <param name="file">Its name without .gz.</param>
    /// <param name="wanted">The columns to keep.</param>
    /// <exception cref="InvalidDataException">A column is missing, a row is ragged, or there is no row.</exception>
    public static CsvColumns Read(BenchmarkFiles files, string file, params IReadOnlyList<string> wanted)
    {
        using var text = files.OpenText(file, out var name);
        using var reader = CsvDataReader.Create(text, new CsvDataReaderOptions { HasHeaders = true, Delimiter = ',' });
        var header = Enumerable.Range(0, reader.FieldCount).Select(reader.GetName).ToArray();
        var places = wanted.Select(column => Array.IndexOf(header, column)).ToArray();
        if (Array.IndexOf(places, -1) is >= 0 and var absent)
        {
            throw new InvalidDataException(
                $"'{name}', line 1: there is no column '{wanted[absent]}'; the columns are {string.Join(", ", header)}."
            );
        }

        var columns = wanted.ToDictionary(column => column, _ => new List<string>());
        var kept = wanted.Select(column => columns[column]).ToArray();
        for (var line = FirstLine; reader.Read(); line++)
        {
            if (reader.RowFieldCount != header.Length)
            {
                throw new InvalidDataException(
                    $"'{name}', line {line}: {reader.RowFieldCount} fields, but the header has {header.Length}."
                );
            }

            for (var i = 0; i < kept.Length; i++)
            {
                kept[i].Add(reader.GetString(places[i]));
            }
        }

        return kept[0].Count > 0
            ? new CsvColumns(name, columns)
            : throw new InvalidDataException($"'{name}' has no rows.");
    }

    /// <summary>A column of numbers.</summary>
    /// <param name="column">Its name.</param>
    /// <param name="missing">What an empty field becomes; null refuses it.</param>
    /// <exception cref="InvalidDataException">A field is not a finite number.</exception>
    public float[] Numbers(string column, float? missing = null)
    {
        var texts = columns[column];
        var numbers = new float[texts.Count];
        for (var row = 0; row < numbers.Length; row++)
        {
            if (texts[row].Length == 0 && missing is { } instead)
            {
                numbers[row] = instead;
            }
            else if (
                !float.TryParse(texts[row], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[row])
                || !float.IsFinite(numbers[row])
            )
            {
                throw Fault(row, column, "a number");
            }
        }

        return numbers;
    }

    /// <summary>A column of classes, as their places in a list.</summary>
    /// <exception cref="InvalidDataException">A field is none of them.</exception>
    public long[] Classes(string column, IReadOnlyList<string> classes)
    {
        var places = classes.Select((text, place) => (text, place)).ToDictionary(pair => pair.text, pair => pair.place);
        return
        [
            .. columns[column]
                .Select(
                    (text, row) =>
                        places.TryGetValue(text, out var place)
                            ? (long)place
                            : throw Fault(row, column, $"one of {string.Join(", ", classes)}")
                ),
        ];
    }

    /// <summary>An error that names file, line and column.</summary>
    public InvalidDataException Fault(int row, string column, string expected) =>
        new($"'{name}', line {row + FirstLine}, column '{column}': expected {expected}; got '{columns[column][row]}'.");
}
