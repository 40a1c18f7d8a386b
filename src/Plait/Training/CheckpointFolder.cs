using Plait.Torch;

namespace Plait.Training;

/// <summary>The last two checkpoints of a run, in a folder of their own.</summary>
/// <remarks>The older one is there for the day on which the newer one turns out to be damaged.</remarks>
public sealed class CheckpointFolder
{
    private readonly DiskSteps disk;

    /// <summary>Names the folder; it is made when the first checkpoint is written.</summary>
    public CheckpointFolder(string path)
        : this(path, DiskSteps.Real) { }

    internal CheckpointFolder(string path, DiskSteps disk)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Path = path;
        this.disk = disk;
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>Whether there is a checkpoint to resume from.</summary>
    public bool HasCheckpoint => Candidates.Any();

    private string Fresh => System.IO.Path.Combine(Path, "checkpoint.new.safetensors");

    private string Newest => System.IO.Path.Combine(Path, "checkpoint.safetensors");

    private string Previous => System.IO.Path.Combine(Path, "checkpoint.previous.safetensors");

    /// <summary>The files that may hold a checkpoint, the newest first: a fresh one that is there was whole when the process was killed.</summary>
    private IEnumerable<string> Candidates => new[] { Fresh, Newest, Previous }.Where(File.Exists);

    /// <summary>Writes a checkpoint; the newest so far becomes the previous one.</summary>
    /// <exception cref="IOException">It cannot be written; the checkpoints that were there still load.</exception>
    internal void Write(StateDictionary state, IReadOnlyDictionary<string, string> metadata)
    {
        AtomicFile.Write(Fresh, stream => SafeTensorsFile.Write(stream, state, metadata), disk);
        if (File.Exists(Newest))
        {
            disk.Move(Newest, Previous);
        }

        disk.Move(Fresh, Newest);
        disk.FlushFolder(Path);
    }

    /// <summary>Reads the newest checkpoint that is whole.</summary>
    /// <param name="notice">Receives a line for each one that is damaged, when one before it is read instead.</param>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="InvalidDataException">None is whole.</exception>
    internal (StateDictionary State, IReadOnlyDictionary<string, string> Metadata) Read(Action<string>? notice)
    {
        var damages = new List<InvalidDataException>();
        foreach (var path in Candidates)
        {
            try
            {
                var read = SafeTensorsFile.Read(path);
                foreach (var damage in damages)
                {
                    notice?.Invoke($"{damage.Message} Going on from the checkpoint before it.");
                }

                return read;
            }
            catch (InvalidDataException damage)
            {
                damages.Add(damage);
            }
        }

        throw damages is [.., var last]
            ? new InvalidDataException(
                $"{last.Message.TrimEnd('.')}; no checkpoint is left to resume from, so start the training anew.",
                last
            )
            : new FileNotFoundException($"{Path}: there is no checkpoint here to resume from.", Newest);
    }
}
