using static TorchSharp.torch.optim;

namespace Plait.Torch;

/// <summary>What moves parameters of a flat storage, be it an optimizer over the storage or one of another make.</summary>
internal interface IGroupOptimizer : IStateful, IDisposable
{
    /// <summary>The optimizer as TorchSharp's schedulers of learning rates know it.</summary>
    Optimizer Scheduled { get; }

    /// <summary>Whether one step looks at the losses several times, by <see cref="StepByLooks"/>.</summary>
    bool LooksAgain { get; }

    /// <summary>What the next step adds to the gradient for its momentum, [parameters], a new tensor; null where that is not how it works.</summary>
    Tensor? Velocity { get; }

    /// <summary>What the next step adds to the gradient, times the parameters.</summary>
    double WeightDecay { get; }

    /// <summary>Moves the parameters that learn in this step, and nothing of the others.</summary>
    /// <param name="learns">One flag a parameter, in the order of the storage.</param>
    void Step(ReadOnlySpan<bool> learns);

    /// <summary>Moves all parameters by as many looks as it takes.</summary>
    /// <param name="look">Takes the gradients anew at the parameters as they are, and returns the objective.</param>
    /// <exception cref="NotSupportedException">It looks once, at the gradients that are there.</exception>
    void StepByLooks(Func<Tensor> look);
}
