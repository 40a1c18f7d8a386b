using Plait.Torch;

namespace Plait.Tests.Torch;

/// <summary>A disk of a process that is killed before one of its steps: neither that one nor any after it happens, clearing away included.</summary>
/// <param name="steps">How many steps happen.</param>
internal sealed class BreakingDisk(int steps) : DiskSteps
{
    private int left = steps;

    /// <summary>What happened.</summary>
    public List<string> Done { get; } = [];

    public override Stream Create(string path)
    {
        Take("create");
        return new Content(this, path);
    }

    public override void Move(string from, string to)
    {
        Take("move");
        base.Move(from, to);
    }

    public override void FlushFolder(string path)
    {
        Take("flush folder");
        base.FlushFolder(path);
    }

    public override void Delete(string path)
    {
        Take("delete");
        base.Delete(path);
    }

    private void Take(string step)
    {
        if (left == 0)
        {
            throw new Killed();
        }

        left--;
        Done.Add(step);
    }

    /// <summary>The process is no more.</summary>
    internal sealed class Killed : Exception;

    /// <summary>A file whose every write is a step.</summary>
    private sealed class Content(BreakingDisk disk, string path)
        : FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Delete, bufferSize: 0)
    {
        public override void Write(ReadOnlySpan<byte> buffer) => Write(buffer.ToArray(), 0, buffer.Length);

        public override void Write(byte[] buffer, int offset, int count)
        {
            disk.Take("write");
            base.Write(buffer, offset, count);
        }

        public override void Flush(bool flushToDisk)
        {
            if (flushToDisk)
            {
                disk.Take("flush");
            }

            base.Flush(flushToDisk);
        }
    }
}
