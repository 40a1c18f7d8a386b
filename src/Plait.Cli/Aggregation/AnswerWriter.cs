using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Plait.Cli.Aggregation;

/// <summary>Writes one JSON object a line: what a method made of a case, or what is wrong with a line.</summary>
/// <param name="output">Flushed after every answer.</param>
internal sealed class AnswerWriter(TextWriter output)
{
    private static readonly JsonWriterOptions Layout = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ArrayBufferWriter<byte> buffer = new();

    /// <summary>Writes an update.</summary>
    /// <param name="id">The case's id as JSON, or null.</param>
    /// <param name="method">The method's name; null where there is only one.</param>
    /// <param name="update">What the method made of the case.</param>
    public void Write(byte[]? id, string? method, CombinedUpdate update) =>
        WriteLine(
            id,
            method,
            json =>
            {
                json.WritePropertyName("weights");
                WriteNumbers(json, update.Weights);
                json.WritePropertyName("combined");
                WriteNumbers(json, update.Combined);
                json.WritePropertyName("norm");
                WriteNumber(json, update.Length);
                json.WriteNumber("conflicts", update.Conflicts);
                json.WritePropertyName("residual");
                WriteNumber(json, update.Residual);
            }
        );

    /// <summary>Writes what is wrong.</summary>
    /// <param name="id">The case's id as JSON, or null.</param>
    /// <param name="method">The method that refused the case; null where there is only one, or the line is no case.</param>
    /// <param name="line">The line, from 1.</param>
    /// <param name="error">What is wrong with it.</param>
    public void Write(byte[]? id, string? method, long line, string error) =>
        WriteLine(
            id,
            method,
            json =>
            {
                json.WriteNumber("line", line);
                json.WriteString("error", error);
            }
        );

    private void WriteLine(byte[]? id, string? method, Action<Utf8JsonWriter> content)
    {
        buffer.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(buffer, Layout))
        {
            json.WriteStartObject();
            json.WritePropertyName("id");
            json.WriteRawValue(id ?? "null"u8);
            if (method is not null)
            {
                json.WriteString("method", method);
            }

            content(json);
            json.WriteEndObject();
        }

        output.WriteLine(Encoding.UTF8.GetString(buffer.WrittenSpan));
        output.Flush();
    }

    private static void WriteNumbers(Utf8JsonWriter json, double[]? numbers)
    {
        if (numbers is null)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartArray();
        foreach (var number in numbers)
        {
            json.WriteNumberValue(number);
        }

        json.WriteEndArray();
    }

    private static void WriteNumber(Utf8JsonWriter json, double number)
    {
        if (double.IsFinite(number))
        {
            json.WriteNumberValue(number);
        }
        else
        {
            json.WriteNullValue();
        }
    }
}
