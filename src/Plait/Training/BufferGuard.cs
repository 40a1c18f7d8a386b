using Plait.Networks;

namespace Plait.Training;

/// <summary>Keeps a network's buffers as they were before a step: a forward pass moves batch statistics even when the step is skipped.</summary>
internal sealed class BufferGuard : IDisposable
{
    private readonly Tensor[] buffers;
    private readonly Tensor[] kept;

    public BufferGuard(MultiTaskNetwork network)
    {
        buffers = [.. network.buffers()];
        kept = [.. buffers.Select(buffer => buffer.clone().DetachFromDisposeScope())];
    }

    public void Keep() => Copy(buffers, kept);

    public void Restore() => Copy(kept, buffers);

    public void Dispose()
    {
        foreach (var tensor in kept)
        {
            tensor.Dispose();
        }
    }

    private static void Copy(Tensor[] from, Tensor[] to)
    {
        using var noGrad = torch.no_grad();
        for (var i = 0; i < from.Length; i++)
        {
            to[i].copy_(from[i]);
        }
    }
}
