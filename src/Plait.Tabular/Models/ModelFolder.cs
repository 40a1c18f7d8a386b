using System.Security.Cryptography;
using System.Text.Json;
using Plait.Tabular.Features;
using Plait.Torch;
using Plait.Training;

namespace Plait.Tabular.Models;

/// <summary>Writes and reads a model's three files, which belong together or are refused.</summary>
/// <remarks>
/// All three are on the disk before the first is put in its place, and the description, which is put there last, holds the
/// checksums of the other two and one of itself: a save that breaks off leaves the old model or none that loads, and a
/// change in any of the three is noticed.
/// </remarks>
internal static class ModelFolder
{
    private const string Format = "plait-tabular-model";
    private const int Version = 2; // 1 had no checksum of the description
    private const string What = "a model";
    private const string Description = "model.json";
    private const string Encoding = "preprocessing.json";
    private const string Network = "network.safetensors";
    private const string Remedy = "copy the model's folder again, or train anew";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Checks that a model may be saved in a folder.</summary>
    /// <exception cref="IOException">It is a file, or a folder that holds something else.</exception>
    public static void RequireFree(string folder)
    {
        OwnFolder.RequireFolder(folder, What);
        if (!IsModel(Path.Combine(folder, Description)))
        {
            OwnFolder.RequireNothingElse(folder, What, [Network, Encoding], [Network, Encoding, Description]);
        }
    }

    public static void Write(TabularModel model, string folder)
    {
        RequireFree(folder);
        try
        {
            Directory.CreateDirectory(folder);
            using var network = new AtomicFile(Path.Combine(folder, Network));
            using var encoding = new AtomicFile(Path.Combine(folder, Encoding));
            using var description = new AtomicFile(Path.Combine(folder, Description));
            var networkSum = Fill(network, stream => NetworkState.Save(model.Network, stream));
            var encodingSum = Fill(encoding, stream => stream.Write(UTF8(model.Preprocessing.ToJson())));
            Fill(description, stream => stream.Write(UTF8(Describe(model, networkSum, encodingSum))));
            network.Complete();
            encoding.Complete();
            description.Complete();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new IOException(
                $"{folder}: the model could not be saved ({failure.Message.TrimEnd('.')}); free some space or choose another folder.",
                failure
            );
        }
    }

    public static TabularModel Read(string folder, string device)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException(
                $"{folder}: there is no such folder; give the one that the model was saved in."
            );
        }

        var document = ReadDescription(FileIn(folder, Description));
        var encoding = FileIn(folder, Encoding);
        var weights = FileIn(folder, Network);
        var preprocessing = Preprocessing.Load(encoding);
        var network = Load(document.Run with { Device = device }, preprocessing, weights);
        try
        {
            RequireSum(weights, document.NetworkChecksum);
            RequireSum(encoding, document.PreprocessingChecksum);
        }
        catch
        {
            network.Dispose();
            throw;
        }

        return new TabularModel(network, preprocessing, document.Run, document.Test);
    }

    private static Networks.MultiTaskNetwork Load(RunSpecification run, Preprocessing preprocessing, string weights)
    {
        try
        {
            return run.LoadNetwork(preprocessing.CreateTasks(), [preprocessing.InputWidth], weights);
        }
        catch (InvalidDataException failure)
        {
            throw new InvalidDataException($"{failure.Message.TrimEnd('.')}; {Remedy}.", failure);
        }
    }

    private static Document ReadDescription(string path)
    {
        try
        {
            var text = StoredFile.ReadAllText(path);
            var document = JsonSerializer.Deserialize<Document>(text, Json);
            if (document is { Format: Format, Version: not Version })
            {
                throw new InvalidDataException(
                    $"{path}: the model is of version {document.Version}, but this program reads version {Version}; use the program that wrote it, or train anew."
                );
            }

            if (document is { Format: Format, Run: not null })
            {
                return IsAsSaved(text, document)
                    ? document
                    : throw new InvalidDataException(
                        $"{path}: this description of a model is not as it was saved: it was changed or damaged; {Remedy}."
                    );
            }
        }
        catch (JsonException failure)
        {
            throw Damaged(path, failure);
        }

        throw Damaged(path, null);
    }

    /// <summary>Whether the text is what the checksum in it was made of: the same with an empty one.</summary>
    private static bool IsAsSaved(string text, Document document) =>
        document.Checksum is { Length: > 0 } sum && SumOf(text.Replace(sum, "", StringComparison.Ordinal)) == sum;

    private static InvalidDataException Damaged(string path, Exception? cause) =>
        new($"{path}: this is no description of a trained model, or it is damaged; {Remedy}.", cause);

    private static void RequireSum(string path, string expected)
    {
        using var file = StoredFile.OpenRead(path);
        if (Convert.ToHexStringLower(SHA256.HashData(file)) != expected)
        {
            throw new InvalidDataException(
                $"{path}: this file is not the one that was saved with {Description}: it is of another model, or was changed; {Remedy}."
            );
        }
    }

    private static string FileIn(string folder, string name)
    {
        var path = Path.Combine(folder, name);
        if (!File.Exists(path))
        {
            throw new FileNotFoundException(
                $"{path}: there is no such file, so this is no whole model; {Remedy}.",
                path
            );
        }

        StoredFile.Require(path);
        return path;
    }

    private static string Fill(AtomicFile file, Action<Stream> write)
    {
        using var sum = SHA256.Create();
        using (var content = new CryptoStream(file.Content, sum, CryptoStreamMode.Write, leaveOpen: true))
        {
            write(content);
        }

        file.Flush();
        return Convert.ToHexStringLower(sum.Hash!);
    }

    private static string Describe(TabularModel model, string networkSum, string encodingSum)
    {
        var document = new Document
        {
            Format = Format,
            Version = Version,
            CreatedBy = $"Plait {typeof(ModelFolder).Assembly.GetName().Version!.ToString(3)}",
            Targets =
            [
                .. model.Preprocessing.Targets.Select(target => new Target(target.Name, target.Kind, target.Classes)),
            ],
            InputWidth = model.Preprocessing.InputWidth,
            Run = model.Run,
            Test = model.Test,
            NetworkChecksum = networkSum,
            PreprocessingChecksum = encodingSum,
        };
        var sum = SumOf(JsonSerializer.Serialize(document, Json));
        return JsonSerializer.Serialize(document with { Checksum = sum }, Json);
    }

    private static string SumOf(string text) => Convert.ToHexStringLower(SHA256.HashData(UTF8(text)));

    private static bool IsModel(string path)
    {
        try
        {
            return File.Exists(path)
                && JsonSerializer.Deserialize<Document>(StoredFile.ReadAllText(path), Json) is { Format: Format };
        }
        catch (Exception failure) when (failure is JsonException or InvalidDataException)
        {
            return false;
        }
    }

    private static byte[] UTF8(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    private sealed record Document
    {
        public string Format { get; init; } = "";
        public int Version { get; init; }
        public string CreatedBy { get; init; } = "";
        public IReadOnlyList<Target> Targets { get; init; } = [];
        public int InputWidth { get; init; }
        public RunSpecification Run { get; init; } = null!;
        public TestReport? Test { get; init; }
        public string NetworkChecksum { get; init; } = "";
        public string PreprocessingChecksum { get; init; } = "";
        public string Checksum { get; init; } = "";
    }

    /// <summary>A target as other programs may want to read it; this one reads the preprocessing.</summary>
    private sealed record Target(string Name, string Kind, IReadOnlyList<string> Classes);
}
