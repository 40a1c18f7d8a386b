namespace Plait.Torch;

/// <summary>libtorch's fused optimizer steps, which TorchSharp does not bind, reached through TorchScript.</summary>
internal static class FusedKernels
{
    // The tensors travel as lists from outside: TorchScript takes a call that changes a list made inside for dead code.
    private const string Source = """
        def adam(p: List[Tensor], g: List[Tensor], m: List[Tensor], v: List[Tensor], step: List[Tensor], lr: float, beta1: float, beta2: float, decay: float, eps: float) -> None:
            torch._fused_adam_(p, g, m, v, [], step, lr=lr, beta1=beta1, beta2=beta2, weight_decay=decay, eps=eps, amsgrad=False, maximize=False)

        def adamw(p: List[Tensor], g: List[Tensor], m: List[Tensor], v: List[Tensor], step: List[Tensor], lr: float, beta1: float, beta2: float, decay: float, eps: float) -> None:
            torch._fused_adamw_(p, g, m, v, [], step, lr=lr, beta1=beta1, beta2=beta2, weight_decay=decay, eps=eps, amsgrad=False, maximize=False)

        def sgd(p: List[Tensor], g: List[Tensor], buffer: List[Tensor], lr: float, momentum: float, decay: float, nesterov: bool) -> None:
            torch._fused_sgd_(p, g, buffer, weight_decay=decay, momentum=momentum, lr=lr, dampening=0.0, nesterov=nesterov, maximize=False, is_first_step=False)

        """;

    private static readonly Lazy<torch.jit.CompilationUnit> Unit = new(() =>
        torch.jit.compile(Source.ReplaceLineEndings("\n"))
    );

    /// <summary>Adam (Kingma &amp; Ba 2015), or AdamW (Loshchilov &amp; Hutter 2019) where the decay is decoupled, in place.</summary>
    public static void Adam(AdamTensors tensors, double learningRate, AdamOptions options, bool decoupled) =>
        Invoke(
            decoupled ? "adamw" : "adam",
            [tensors.Values, tensors.Gradients, tensors.Mean, tensors.Square, tensors.Step],
            learningRate,
            options.Beta1,
            options.Beta2,
            options.WeightDecay,
            options.Epsilon
        );

    /// <summary>Stochastic gradient descent with momentum, in place; the buffer is zero before a first step.</summary>
    public static void Sgd(SgdTensors tensors, double learningRate, SgdOptions options) =>
        Invoke(
            "sgd",
            [tensors.Values, tensors.Gradients, tensors.Buffer],
            learningRate,
            options.Momentum,
            options.WeightDecay,
            options.Nesterov
        );

    /// <summary>Calls with numbers that live until the call is over.</summary>
    /// <remarks>
    /// TorchSharp turns each number into an object that owns native memory and keeps only the address: under load the
    /// collector freed it before the call had read it.
    /// </remarks>
    private static void Invoke(string name, Tensor[][] tensors, params Scalar[] numbers)
    {
        Unit.Value.invoke(name, [.. tensors, .. numbers]);
        foreach (var number in numbers)
        {
            number.Dispose();
        }
    }
}

/// <summary>What Adam reads and moves: in each list one tensor for each run of numbers, all of its length but for the number of this step, a scalar.</summary>
internal readonly record struct AdamTensors(
    Tensor[] Values,
    Tensor[] Gradients,
    Tensor[] Mean,
    Tensor[] Square,
    Tensor[] Step
);

/// <summary>What stochastic gradient descent reads and moves: in each list one tensor for each run of numbers, all of its length; no buffer without momentum.</summary>
internal readonly record struct SgdTensors(Tensor[] Values, Tensor[] Gradients, Tensor[] Buffer);

/// <summary>The constants of Adam.</summary>
internal readonly record struct AdamOptions(double Beta1, double Beta2, double Epsilon, double WeightDecay);

/// <summary>The constants of stochastic gradient descent.</summary>
internal readonly record struct SgdOptions(double Momentum, double WeightDecay, bool Nesterov);
