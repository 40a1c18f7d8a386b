using Plait.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch.optim;

namespace Plait.Training;

/// <summary>An optimizer of TorchSharp as one that moves groups: it moves what it was made for, as far as that has a gradient.</summary>
/// <param name="optimizer">Disposed with this.</param>
internal sealed class TorchGroupOptimizer(Optimizer optimizer) : IGroupOptimizer
{
    public Optimizer Scheduled => optimizer;

    public bool LooksAgain => optimizer is LBFGS; // TorchSharp's own do not tell, and this is the only one

    public Tensor? Velocity => null;

    public double WeightDecay => 0;

    public void Step(ReadOnlySpan<bool> learns) => optimizer.step()?.Dispose();

    public void StepByLooks(Func<Tensor> look) => optimizer.step(look)?.Dispose();

    /// <exception cref="NotSupportedException">TorchSharp cannot save this one.</exception>
    public void Save(StateDictionary state)
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true))
        {
            Saveable.save_state_dict(writer);
        }

        state.Set("torchsharp", stream.ToArray().AsSpan());
    }

    /// <exception cref="InvalidDataException">The state is of another make.</exception>
    public void Load(StateDictionary state)
    {
        using var reader = new BinaryReader(new MemoryStream(state.Bytes("torchsharp")));
        Saveable.load_state_dict(reader);
    }

    public void Dispose() => optimizer.Dispose();

    private OptimizerHelper Saveable =>
        optimizer as OptimizerHelper
        ?? throw new NotSupportedException(
            $"TorchSharp cannot save the state of {optimizer.GetType().Name}; train with it without checkpoints."
        );
}
