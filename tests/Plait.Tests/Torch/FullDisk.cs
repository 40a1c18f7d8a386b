using Plait.Torch;

namespace Plait.Tests.Torch;

/// <summary>A disk that has room for a hundred bytes a file.</summary>
internal sealed class FullDisk(int room = 100) : DiskSteps
{
    public override Stream Create(string path) => new Content(path, room);

    private sealed class Content(string path, int room) : FileStream(path, FileMode.CreateNew)
    {
        private int room = room;

        public override void Write(ReadOnlySpan<byte> buffer) => Write(buffer.ToArray(), 0, buffer.Length);

        public override void Write(byte[] buffer, int offset, int count)
        {
            room -= count;
            if (room < 0)
            {
                throw new IOException("No space left on device");
            }

            base.Write(buffer, offset, count);
        }
    }
}
