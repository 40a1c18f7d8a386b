namespace Plait.Torch;

/// <summary>A stream that is unpacked as it is read, up to what a file's content may take.</summary>
/// <param name="unpacked">Gives the bytes; disposed with this one.</param>
/// <param name="budget">What may be taken.</param>
internal sealed class BoundedStream(Stream unpacked, ReadingBudget budget) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="InvalidDataException">The file unpacks to more than it may.</exception>
    public override int Read(Span<byte> buffer)
    {
        try
        {
            var read = unpacked.Read(buffer);
            budget.Take(read, "what it unpacks to");
            return read;
        }
        catch (IOException failure) when (ReadingBudget.IsDamage(failure))
        {
            throw new InvalidDataException(failure.Message, failure);
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            unpacked.Dispose();
        }

        base.Dispose(disposing);
    }
}
