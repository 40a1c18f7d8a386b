using Plait.Benchmarks.Reading;

namespace Plait.Benchmarks.Text;

/// <summary>One command: what it asks for, its words, and a slot tag for each word.</summary>
/// <param name="Intent">What it asks for, such as "PlayMusic".</param>
/// <param name="Tokens">The words.</param>
/// <param name="Slots">For each word "O" (outside of any slot), or "B-" (begins) or "I-" (inside) and the slot's name.</param>
public sealed record Utterance(string Intent, IReadOnlyList<string> Tokens, IReadOnlyList<string> Slots);

/// <summary>A part of the Snips data.</summary>
public enum SnipsPart
{
    /// <summary>13,084 utterances.</summary>
    Train,

    /// <summary>700 utterances.</summary>
    Validation,

    /// <summary>700 utterances.</summary>
    Test,
}

/// <summary>Reads the utterances of <see cref="Snips"/>: lines of intent, words and tags, divided by tabs.</summary>
public static class SnipsReader
{
    private const string Header = "intent\ttokens\tslots";

    /// <summary>Reads a part.</summary>
    /// <param name="part">Which.</param>
    /// <param name="dataDirectory">A folder with files of the same names, or null for the embedded data.</param>
    /// <exception cref="FileNotFoundException">The part's file is not in the folder.</exception>
    /// <exception cref="InvalidDataException">A line is not an utterance.</exception>
    public static IReadOnlyList<Utterance> Read(SnipsPart part, string? dataDirectory = null)
    {
        var name = part switch
        {
            SnipsPart.Train => "train",
            SnipsPart.Validation => "valid",
            SnipsPart.Test => "test",
            _ => throw new ArgumentOutOfRangeException(nameof(part), part, "Snips has no such part."),
        };
        using var reader = new BenchmarkFiles("snips", dataDirectory).OpenText($"snips-{name}.tsv", out var file);
        return Read(reader, file);
    }

    /// <summary>Reads utterances in the same format.</summary>
    /// <param name="reader">The text.</param>
    /// <param name="name">What errors call it.</param>
    /// <exception cref="InvalidDataException">A line is not an utterance.</exception>
    public static IReadOnlyList<Utterance> Read(TextReader reader, string name)
    {
        ArgumentNullException.ThrowIfNull(reader);
        if (reader.ReadLine() != Header)
        {
            throw new InvalidDataException(
                $"'{name}', line 1: expected the header intent, tokens, slots, divided by tabs."
            );
        }

        var utterances = new List<Utterance>();
        for (var line = 2; reader.ReadLine() is { } text; line++)
        {
            utterances.Add(Parse(text, $"'{name}', line {line}"));
        }

        return utterances;
    }

    private static Utterance Parse(string line, string place)
    {
        var fields = line.Split('\t');
        if (fields.Length != 3 || fields[0].Length == 0)
        {
            throw new InvalidDataException(
                $"{place}: expected intent, tokens and slots, divided by tabs; got {fields.Length} fields."
            );
        }

        var tokens = fields[1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var slots = fields[2].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (tokens.Length == 0 || tokens.Length != slots.Length)
        {
            throw new InvalidDataException(
                $"{place}: {tokens.Length} tokens but {slots.Length} slots; each token needs one."
            );
        }

        return Array.Find(slots, slot => !IsTag(slot)) is { } wrong
            ? throw new InvalidDataException($"{place}: '{wrong}' is not a slot tag; expected O, B-NAME or I-NAME.")
            : new Utterance(fields[0], tokens, slots);
    }

    private static bool IsTag(string slot) =>
        slot == "O" || (slot.Length > 2 && slot[0] is 'B' or 'I' && slot[1] == '-');
}
