using System.Text.Json;
using Plait.Torch;
using Plait.Training;

namespace Plait.Relationships.Embedding;

/// <content>How a trained model is kept.</content>
public sealed partial class TrajectoryEmbedding
{
    private const string Format = "plait-trajectory-embedding";
    private const string SizesKey = "sizes";

    /// <summary>Writes it to a safetensors file, atomically, with its sizes but not with what matters to learning alone.</summary>
    /// <exception cref="IOException">It cannot be written; a file that was there is as it was.</exception>
    public void Save(string path)
    {
        var sizes = new Sizes(observations, actions, width, hidden, updates, buffer);
        SafeTensorsFile.Write(
            path,
            NetworkState.Take(this),
            new Dictionary<string, string> { ["format"] = Format, [SizesKey] = JsonSerializer.Serialize(sizes) }
        );
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The file is damaged or holds something else.</exception>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    public static TrajectoryEmbedding Load(string path)
    {
        var (state, metadata) = SafeTensorsFile.Read(path);
        if (metadata.GetValueOrDefault("format") != Format || SizesIn(metadata) is not { IsPossible: true } sizes)
        {
            throw new InvalidDataException(
                $"{path}: this file holds no trajectory embedding; give the network.safetensors that `plait embed trajectories` or Save wrote."
            );
        }

        var model = new TrajectoryEmbedding(
            sizes.Observations,
            sizes.Actions,
            sizes.Width,
            sizes.Hidden,
            sizes.Updates,
            sizes.Buffer
        );
        try
        {
            NetworkState.Put(model, state);
            return model;
        }
        catch (InvalidDataException failure)
        {
            model.Dispose();
            throw new InvalidDataException($"{path}: {failure.Message}", failure);
        }
    }

    private static Sizes? SizesIn(IReadOnlyDictionary<string, string> metadata)
    {
        try
        {
            return JsonSerializer.Deserialize<Sizes>(metadata.GetValueOrDefault(SizesKey) ?? "null");
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>What a model is built of.</summary>
    private sealed record Sizes(long Observations, long Actions, long Width, long Hidden, int Updates, int Buffer)
    {
        private const long Largest = 1 << 16; // a file that says more would be taken at its word

        public bool IsPossible =>
            Observations is > 0 and < Largest
            && Actions is > 1 and < Largest
            && Width is > 0 and < Largest
            && Hidden is > 0 and < Largest
            && Updates is > 0 and < (int)Largest
            && Buffer is > 0 and < (int)Largest;
    }
}
