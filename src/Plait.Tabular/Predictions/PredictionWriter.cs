using System.Text;
using Plait.Networks;
using Plait.Tabular.Features;
using Plait.Torch;

namespace Plait.Tabular.Predictions;

/// <summary>Writes a network's predictions as CSV, in the targets' own units and class names, one row for each row given.</summary>
/// <remarks>
/// Of a regression target it writes the value; of a binary one the class and, as <c>NAME_probability</c>, the probability of the
/// positive class; of a classification target the class and, where wanted, <c>NAME_probability_CLASS</c> for each class; of a
/// multi-label target the labels and, where wanted, the same for each label. Numbers
/// have a decimal point and the fewest digits that read back to the same number: of 64 bits for values, of 32 for probabilities.
/// </remarks>
public sealed class PredictionWriter : IDisposable
{
    private const int FileBuffer = 1 << 16;
    private static readonly UTF8Encoding WithoutMark = new(encoderShouldEmitUTF8Identifier: false);

    private readonly AtomicFile? file;
    private readonly TextWriter writer;
    private readonly CsvFields fields;
    private readonly PredictionColumns[] columns;
    private readonly bool hasIdentifier;
    private long rows;

    /// <summary>Writes to a file, which appears whole under its name with <see cref="Complete"/>.</summary>
    /// <param name="path">The file; an earlier one is replaced.</param>
    /// <param name="preprocessing">What the network was trained with.</param>
    /// <param name="identifier">The name of a first column that is copied through; null for none.</param>
    /// <param name="classProbabilities">Whether a classification target has a probability for each class.</param>
    /// <param name="spreadsheetSafe">Whether texts that a spreadsheet would run as a formula get an apostrophe in front; numbers stay as they are.</param>
    /// <exception cref="TableException">Two columns would have the same name, or the file cannot be written.</exception>
    public PredictionWriter(
        string path,
        Preprocessing preprocessing,
        string? identifier = null,
        bool classProbabilities = true,
        bool spreadsheetSafe = false
    )
        : this(
            Create(path, preprocessing, identifier, classProbabilities),
            null,
            preprocessing,
            identifier,
            classProbabilities,
            spreadsheetSafe
        ) { }

    /// <summary>Writes to an open writer, such as standard output, as it goes.</summary>
    /// <param name="writer">Where to; it is flushed, not disposed.</param>
    /// <param name="preprocessing">What the network was trained with.</param>
    /// <param name="identifier">The name of a first column that is copied through; null for none.</param>
    /// <param name="classProbabilities">Whether a classification target has a probability for each class.</param>
    /// <param name="spreadsheetSafe">Whether texts that a spreadsheet would run as a formula get an apostrophe in front; numbers stay as they are.</param>
    /// <exception cref="TableException">Two columns would have the same name.</exception>
    public PredictionWriter(
        TextWriter writer,
        Preprocessing preprocessing,
        string? identifier = null,
        bool classProbabilities = true,
        bool spreadsheetSafe = false
    )
        : this(null, writer, preprocessing, identifier, classProbabilities, spreadsheetSafe) { }

    private PredictionWriter(
        AtomicFile? file,
        TextWriter? writer,
        Preprocessing preprocessing,
        string? identifier,
        bool classProbabilities,
        bool spreadsheetSafe
    )
    {
        this.file = file;
        this.writer = file is null
            ? writer ?? throw new ArgumentNullException(nameof(writer))
            : new StreamWriter(file.Content, WithoutMark, FileBuffer, leaveOpen: true);
        fields = new CsvFields(this.writer, spreadsheetSafe);
        columns = Columns(preprocessing, classProbabilities);
        hasIdentifier = identifier is not null;
        foreach (var name in Names(columns, identifier))
        {
            fields.Add(name);
        }

        fields.EndRow();
    }

    /// <summary>Rows written so far.</summary>
    public long Rows => rows;

    /// <summary>Writes the predictions of one batch.</summary>
    /// <param name="outputs">What the network says for all tasks of <see cref="Preprocessing.CreateTasks"/>: logits, and standardised numbers.</param>
    /// <param name="identifiers">One text a row, where there is such a column.</param>
    /// <exception cref="TableException">A prediction is not finite, or the disk is full.</exception>
    /// <exception cref="ArgumentException">The outputs do not fit the targets, or there is not one identifier a row.</exception>
    public void Write(TaskOutputs outputs, IReadOnlyList<string>? identifiers = null)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        PredictedRows[] values = [.. columns.Select((column, i) => column.Read(outputs[i]))];
        var count = values[0].Count;
        RequireSameRows(values, count, identifiers);
        try
        {
            for (var row = 0; row < count; row++)
            {
                WriteRow(values, row, identifiers);
            }
        }
        catch (IOException e)
        {
            throw CannotWrite(e);
        }
    }

    /// <summary>Ends the file and puts it in its place; without this call nothing appears there.</summary>
    /// <exception cref="TableException">The file cannot be written.</exception>
    public void Complete()
    {
        try
        {
            writer.Flush();
            file?.Complete();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CannotWrite(e);
        }
    }

    /// <summary>Clears away what was not completed.</summary>
    public void Dispose() => file?.Dispose();

    private static PredictionColumns[] Columns(Preprocessing preprocessing, bool classProbabilities)
    {
        ArgumentNullException.ThrowIfNull(preprocessing);
        return [.. preprocessing.Targets.Select(target => new PredictionColumns(target, classProbabilities))];
    }

    private static string[] Names(PredictionColumns[] columns, string? identifier)
    {
        string[] names = [.. identifier is null ? [] : new[] { identifier }, .. columns.SelectMany(c => c.Names)];
        var twice = names.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1);
        return twice is null
            ? names
            : throw TableException.OfRequest(
                $"The predictions would have two columns called '{twice.Key}'; rename that column in the table, or copy another one through."
            );
    }

    private static AtomicFile Create(
        string path,
        Preprocessing preprocessing,
        string? identifier,
        bool classProbabilities
    )
    {
        _ = Names(Columns(preprocessing, classProbabilities), identifier); // before there is a file to clear away
        try
        {
            return new AtomicFile(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CannotWrite(path, e);
        }
    }

    private void WriteRow(PredictedRows[] values, int row, IReadOnlyList<string>? identifiers)
    {
        rows++;
        if (hasIdentifier)
        {
            fields.Add(identifiers![row]);
        }

        for (var i = 0; i < columns.Length; i++)
        {
            columns[i].Write(fields, values[i], row, rows);
        }

        fields.EndRow();
    }

    private void RequireSameRows(PredictedRows[] values, int count, IReadOnlyList<string>? identifiers)
    {
        if (values.Any(value => value.Count != count))
        {
            throw new ArgumentException("The outputs of the tasks have different numbers of rows.");
        }

        if (hasIdentifier && identifiers?.Count != count)
        {
            throw new ArgumentException(
                $"{count} rows need as many identifiers; got {identifiers?.Count ?? 0}.",
                nameof(identifiers)
            );
        }
    }

    private TableException CannotWrite(Exception e) => CannotWrite(file?.Path ?? "output", e);

    private static TableException CannotWrite(string path, Exception e) =>
        TableException.At(
            path,
            null,
            null,
            $"the predictions cannot be written ({e.Message.TrimEnd('.')}); an earlier file is as it was.",
            e
        );
}
