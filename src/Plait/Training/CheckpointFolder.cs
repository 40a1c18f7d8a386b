using Plait.Torch;

namespace Plait.Training;

/// <summary>The last two checkpoints of a run, in a folder of their own.</summary>
/// <remarks>The older one is there for the day on which the newer one turns out to be damaged.</remarks>
public sealed class CheckpointFolder
{
    private readonly Func<string, Stream> create;

    /// <summary>Names the folder; it is made when the first checkpoint is written.</summary>
    public CheckpointFolder(string path)
        : this(path, File.Create) { }

    internal CheckpointFolder(string path, Func<string, Stream> create)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Path = path;
        this.create = create;
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>Whether there is a checkpoint to resume from.</summary>
    public bool HasCheckpoint => File.Exists(Newest) || File.Exists(Previous);

    private string Newest => System.IO.Path.Combine(Path, "checkpoint.safetensors");

    private string Previous => System.IO.Path.Combine(Path, "checkpoint.previous.safetensors");

    /// <summary>Writes a checkpoint; the newest so far becomes the previous one.</summary>
    /// <exception cref="IOException">It cannot be written; the checkpoints that were there still load.</exception>
    internal void Write(StateDictionary state, IReadOnlyDictionary<string, string> metadata)
    {
        var fresh = System.IO.Path.Combine(Path, "checkpoint.new.safetensors");
        AtomicFile.Write(fresh, stream => SafeTensorsFile.Write(stream, state, metadata), create);
        if (File.Exists(Newest))
        {
            File.Move(Newest, Previous, overwrite: true);
        }

        File.Move(fresh, Newest, overwrite: true);
    }

    /// <summary>Reads the newest checkpoint that is whole.</summary>
    /// <param name="notice">Receives a line when the newest one is damaged and the previous one is read instead.</param>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="InvalidDataException">None is whole.</exception>
    internal (StateDictionary State, IReadOnlyDictionary<string, string> Metadata) Read(Action<string>? notice)
    {
        if (!HasCheckpoint)
        {
            throw new FileNotFoundException($"{Path}: there is no checkpoint here to resume from.", Newest);
        }

        try
        {
            return SafeTensorsFile.Read(File.Exists(Newest) ? Newest : Previous);
        }
        catch (InvalidDataException failure) when (File.Exists(Newest) && File.Exists(Previous))
        {
            var read = ReadLast(Previous);
            notice?.Invoke($"{failure.Message} Going on from the checkpoint before it.");
            return read;
        }
        catch (InvalidDataException failure)
        {
            throw NoneLeft(failure);
        }
    }

    private static (StateDictionary State, IReadOnlyDictionary<string, string> Metadata) ReadLast(string path)
    {
        try
        {
            return SafeTensorsFile.Read(path);
        }
        catch (InvalidDataException failure)
        {
            throw NoneLeft(failure);
        }
    }

    private static InvalidDataException NoneLeft(InvalidDataException failure) =>
        new(
            $"{failure.Message.TrimEnd('.')}; no checkpoint is left to resume from, so start the training anew.",
            failure
        );
}
