namespace Plait.Torch;

/// <summary>libtorch's fused optimizer steps, which TorchSharp does not bind, reached through TorchScript.</summary>
internal static class FusedKernels
{
    private const string Source = """
        def adam(p: Tensor, g: Tensor, m: Tensor, v: Tensor, step: Tensor, lr: float, beta1: float, beta2: float, decay: float, eps: float) -> Tensor:
            step.add_(1)
            torch._fused_adam_([p], [g], [m], [v], [], [step], lr=lr, beta1=beta1, beta2=beta2, weight_decay=decay, eps=eps, amsgrad=False, maximize=False)
            return p

        def adamw(p: Tensor, g: Tensor, m: Tensor, v: Tensor, step: Tensor, lr: float, beta1: float, beta2: float, decay: float, eps: float) -> Tensor:
            step.add_(1)
            torch._fused_adamw_([p], [g], [m], [v], [], [step], lr=lr, beta1=beta1, beta2=beta2, weight_decay=decay, eps=eps, amsgrad=False, maximize=False)
            return p

        def sgd(p: Tensor, g: Tensor, buffer: Tensor, lr: float, momentum: float, dampening: float, decay: float, nesterov: bool, first: bool) -> Tensor:
            torch._fused_sgd_([p], [g], [buffer], weight_decay=decay, momentum=momentum, lr=lr, dampening=dampening, nesterov=nesterov, maximize=False, is_first_step=first)
            return p

        """;

    private static readonly Lazy<torch.jit.CompilationUnit> Unit = new(() =>
        torch.jit.compile(Source.ReplaceLineEndings("\n"))
    );

    /// <summary>Adam (Kingma &amp; Ba 2015), or with <paramref name="decoupled"/> AdamW (Loshchilov &amp; Hutter 2019), in place.</summary>
    public static void Adam(
        Tensor values,
        Tensor gradients,
        Tensor mean,
        Tensor square,
        Tensor step,
        double learningRate,
        AdamOptions options,
        bool decoupled
    ) =>
        Unit
            .Value.invoke<Tensor>(
                decoupled ? "adamw" : "adam",
                values,
                gradients,
                mean,
                square,
                step,
                learningRate,
                options.Beta1,
                options.Beta2,
                options.WeightDecay,
                options.Epsilon
            )
            .Dispose();

    /// <summary>Stochastic gradient descent with momentum, in place.</summary>
    public static void Sgd(
        Tensor values,
        Tensor gradients,
        Tensor buffer,
        double learningRate,
        SgdOptions options,
        bool first
    ) =>
        Unit
            .Value.invoke<Tensor>(
                "sgd",
                values,
                gradients,
                buffer,
                learningRate,
                options.Momentum,
                0.0,
                options.WeightDecay,
                options.Nesterov,
                first
            )
            .Dispose();
}

/// <summary>The constants of Adam.</summary>
internal readonly record struct AdamOptions(double Beta1, double Beta2, double Epsilon, double WeightDecay);

/// <summary>The constants of stochastic gradient descent.</summary>
internal readonly record struct SgdOptions(double Momentum, double WeightDecay, bool Nesterov);
