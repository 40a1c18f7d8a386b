using static TorchSharp.torch.nn;

namespace Plait.Relationships;

/// <summary>Puts modules in eval mode, without dropout and with fixed batch statistics, until it is disposed of.</summary>
internal sealed class EvaluationMode : IDisposable
{
    private readonly Module[] trained;

    public EvaluationMode(params IEnumerable<Module> modules)
    {
        trained = [.. modules.Where(module => module.training)];
        Array.ForEach(trained, module => module.eval());
    }

    public void Dispose() => Array.ForEach(trained, module => module.train());
}
