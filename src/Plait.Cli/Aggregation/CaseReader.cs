using System.Text.Json;
using Plait.Tasks;
using Plait.Tasks.Answers;

namespace Plait.Cli.Aggregation;

/// <summary>Reads a case: <c>{"id": 1, "gradients": [[1, 2], [3, 4]], "losses": [0.5, 2], "tasks": ["price", "churn"]}</c>.</summary>
/// <remarks>Only the gradients are needed; other properties are passed over.</remarks>
internal static class CaseReader
{
    private const string Form = """{"id": 1, "gradients": [[1, 2], [3, 4]]}""";

    /// <summary>Reads one line.</summary>
    /// <param name="line">UTF-8.</param>
    /// <param name="number">Its number, from 1.</param>
    /// <exception cref="FormatException">It is no case; the message says why, in one line.</exception>
    public static GradientCase Read(ReadOnlySpan<byte> line, long number)
    {
        try
        {
            return Parse(line, number);
        }
        catch (JsonException) when (NonFiniteWords.StandIn(line))
        {
            return Read(NonFiniteWords.Quote(line), number); // for a message that names the task
        }
        catch (JsonException failure)
        {
            var reason = failure.Message.Split(" LineNumber:")[0].TrimEnd('.');
            throw new FormatException(
                $"not JSON at byte {(failure.BytePositionInLine ?? 0) + 1}: {reason}. Write {Form} in one line.",
                failure
            );
        }
    }

    /// <summary>The id of a line that is no case, as far as there is one.</summary>
    public static byte[]? IdOf(ReadOnlySpan<byte> line)
    {
        try
        {
            line = NonFiniteWords.StandIn(line) ? NonFiniteWords.Quote(line) : line;
            var reader = new Utf8JsonReader(line);
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isId = reader.ValueTextEquals("id"u8);
                reader.Read();
                if (isId)
                {
                    return reader.TokenType is JsonTokenType.String or JsonTokenType.Number ? Raw(line, reader) : null;
                }

                reader.Skip();
            }
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            // The line ends in the middle: whatever id it was to have does not stand in it.
        }

        return null;
    }

    private static GradientCase Parse(ReadOnlySpan<byte> line, long number)
    {
        var reader = new Utf8JsonReader(line);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new FormatException($"a case is a JSON object; write {Form} in one line.");
        }

        byte[]? id = null;
        string[]? names = null;
        NumberRows? gradients = null;
        NumberRows? losses = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("id"u8))
            {
                reader.Read();
                id = ReadId(line, reader);
            }
            else if (reader.ValueTextEquals("gradients"u8))
            {
                reader.Read();
                gradients = NumberRows.ReadRows("gradients", line, ref reader);
            }
            else if (reader.ValueTextEquals("losses"u8))
            {
                reader.Read();
                losses = reader.TokenType == JsonTokenType.Null ? null : NumberRows.ReadRow("losses", line, ref reader);
            }
            else if (reader.ValueTextEquals("tasks"u8))
            {
                reader.Read();
                names = reader.TokenType == JsonTokenType.Null ? null : ReadNames(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        reader.Read(); // nothing may follow
        return Checked(id, number, gradients, losses, names);
    }

    private static GradientCase Checked(
        byte[]? id,
        long line,
        NumberRows? gradients,
        NumberRows? losses,
        string[]? names
    )
    {
        if (gradients is null)
        {
            throw new FormatException($"there are no \"gradients\"; write {Form}.");
        }

        if (gradients.Rows == 0 || gradients.Width == 0)
        {
            throw new FormatException("\"gradients\" is empty; write one row of numbers for each task.");
        }

        if (names is not null && names.Length != gradients.Rows)
        {
            throw new FormatException(
                $"\"tasks\" has the length {names.Length} and \"gradients\" the length {gradients.Rows}; name each gradient's task, or none."
            );
        }

        names ??= [.. Enumerable.Range(1, gradients.Rows).Select(task => $"task {task}")];
        var tasks = new TaskSet(names.Select(name => LearningTask.Regression(name)));
        gradients.RequireFinite(at => $"the gradient of task '{names[at.Row]}' is not finite");
        losses?.RequireFinite(at => $"the loss {at.Column + 1} is not finite");
        if (losses is not null && losses.Width != tasks.Count)
        {
            throw new FormatException(
                $"\"losses\" has the length {losses.Width} and \"gradients\" the length {tasks.Count}; give one loss for each gradient, or none."
            );
        }

        return new GradientCase(
            id,
            line,
            tasks,
            gradients.Values,
            gradients.Width,
            losses?.Values.AsSpan(0, losses.Width).ToArray()
        );
    }

    private static byte[]? ReadId(ReadOnlySpan<byte> line, in Utf8JsonReader reader) =>
        reader.TokenType switch
        {
            JsonTokenType.String or JsonTokenType.Number => Raw(line, reader),
            JsonTokenType.Null => null,
            _ => throw new FormatException("\"id\" is a string or a number."),
        };

    private static byte[] Raw(ReadOnlySpan<byte> line, in Utf8JsonReader reader) =>
        line[(int)reader.TokenStartIndex..(int)reader.BytesConsumed].ToArray();

    private static string[] ReadNames(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new FormatException("\"tasks\" is a list of names, such as [\"price\", \"churn\"].");
        }

        var names = new List<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            names.Add(
                reader.TokenType == JsonTokenType.String
                    ? reader.GetString()!
                    : throw new FormatException($"tasks[{names.Count}] is no text; write names in quotes.")
            );
        }

        return [.. names];
    }
}
