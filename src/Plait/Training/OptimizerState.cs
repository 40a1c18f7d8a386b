using Plait.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch.optim;

namespace Plait.Training;

/// <summary>Saves and loads what an optimizer remembers, be it one over flat storage or one of TorchSharp's.</summary>
internal static class OptimizerState
{
    /// <exception cref="NotSupportedException">TorchSharp cannot save this one.</exception>
    public static void Save(Optimizer optimizer, StateDictionary state)
    {
        if (optimizer is IStateful stateful)
        {
            stateful.Save(state);
            return;
        }

        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true))
        {
            Saveable(optimizer).save_state_dict(writer);
        }

        state.Set("torchsharp", stream.ToArray().AsSpan());
    }

    /// <exception cref="InvalidDataException">The state is of another make.</exception>
    public static void Load(Optimizer optimizer, StateDictionary state)
    {
        if (optimizer is IStateful stateful)
        {
            stateful.Load(state);
            return;
        }

        using var reader = new BinaryReader(new MemoryStream(state.Bytes("torchsharp")));
        Saveable(optimizer).load_state_dict(reader);
    }

    private static OptimizerHelper Saveable(Optimizer optimizer) =>
        optimizer as OptimizerHelper
        ?? throw new NotSupportedException(
            $"TorchSharp cannot save the state of {optimizer.GetType().Name}; train with it without checkpoints."
        );
}
