using Plait.Torch;

namespace Plait.Optimization.Bilevel;

/// <summary>The derivative of an upper objective, at the parameters that one step of training would give, by variables that the step depends on.</summary>
/// <remarks>
/// <para>With θ' = θ - η (velocity + ∇lower(θ, λ) + weight decay θ), the derivative of upper(θ', λ) by λ is the direct term ∂upper/∂λ
/// less η times the mixed second derivative of lower, times v = ∇upper(θ'). Liu, Simonyan and Yang 2019, <i>DARTS: Differentiable
/// Architecture Search</i>, equations 6 to 8, replace the product by (∂lower/∂λ at θ + εv less that at θ - εv) / 2ε, ε = 0.01 / ‖v‖:
/// two more looks at the lower level and no second derivative. To first order the step is left out: the direct term at θ alone.</para>
/// <para>Parameters, their gradients in flat storage and the buffers are afterwards as they were, to the bit. The lower objective
/// always draws the same chance from torch's generator on the CPU (dropout masks), which is also what the training's own step
/// will draw, so that differences are of the variables alone.</para>
/// </remarks>
public sealed class HyperGradient
{
    private const double Reach = 0.01; // ‖εv‖: DARTS, section 2.3

    private readonly FlatParameters storage;
    private readonly double learningRate;
    private readonly Tensor? velocity;
    private readonly double weightDecay;
    private readonly Tensor[] buffers;
    private readonly HyperGradientOrder order;

    /// <summary>Describes the step.</summary>
    /// <param name="storage">The parameters θ.</param>
    /// <param name="learningRate">η, times each run's own scale.</param>
    /// <param name="velocity">Added to the gradient, [parameters], flat; null for nothing.</param>
    /// <param name="weightDecay">Times the parameters, added to the gradient.</param>
    /// <param name="buffers">What forward passes change beside, such as batch statistics; null for none.</param>
    /// <param name="order">Whether the step is looked through.</param>
    public HyperGradient(
        FlatParameters storage,
        double learningRate,
        Tensor? velocity = null,
        double weightDecay = 0,
        IEnumerable<Tensor>? buffers = null,
        HyperGradientOrder order = HyperGradientOrder.Second
    )
    {
        ArgumentNullException.ThrowIfNull(storage);
        this.storage = storage;
        this.learningRate = learningRate;
        this.velocity = velocity;
        this.weightDecay = weightDecay;
        this.buffers = [.. buffers ?? []];
        this.order = order;
    }

    /// <summary>That of the coming step of a training.</summary>
    /// <param name="lower">The training.</param>
    /// <param name="order">Whether the step is looked through.</param>
    public static HyperGradient Of(InnerProblem lower, HyperGradientOrder order = HyperGradientOrder.Second)
    {
        ArgumentNullException.ThrowIfNull(lower);
        return new(
            lower.Storage,
            lower.LearningRate,
            lower.Velocity,
            lower.WeightDecay,
            lower.Network.buffers(),
            order
        );
    }

    /// <summary>The derivative by variables that are numbers.</summary>
    /// <param name="lower">The lower objective at the parameters as they are, a scalar tied to them.</param>
    /// <param name="upper">The upper objective, likewise.</param>
    /// <param name="slopes">The derivative of the lower objective by each variable, at the parameters as they are.</param>
    /// <param name="direct">That of the upper objective; none when null.</param>
    /// <returns>One number a variable.</returns>
    public double[] ByNumbers(
        Func<Tensor> lower,
        Func<Tensor> upper,
        Func<double[]> slopes,
        Func<double[]>? direct = null
    )
    {
        ArgumentNullException.ThrowIfNull(slopes);
        using var scope = torch.NewDisposeScope();
        var derivative = Compute(
            lower,
            upper,
            () =>
            {
                using var noGrad = torch.no_grad();
                return [torch.tensor(slopes(), ScalarType.Float64)];
            },
            () => direct is null ? null : [torch.tensor(direct(), ScalarType.Float64)]
        );
        return Numbers.Read(derivative[0]);
    }

    /// <summary>The derivative by variables that are tensors which the objectives are built on.</summary>
    /// <param name="variables">Leaves that require a gradient; those they have are kept.</param>
    /// <param name="lower">The lower objective at the parameters as they are, a scalar tied to them and to the variables.</param>
    /// <param name="upper">The upper objective, likewise; it need not depend on the variables directly.</param>
    /// <returns>One tensor of its shape for each variable; the caller's to dispose.</returns>
    public Tensor[] ByTensors(IReadOnlyList<Tensor> variables, Func<Tensor> lower, Func<Tensor> upper)
    {
        ArgumentNullException.ThrowIfNull(variables);
        var kept = variables.Select(variable => variable.grad).ToArray();
        try
        {
            using var scope = torch.NewDisposeScope();
            Take(variables);
            var derivative = Compute(
                lower,
                upper,
                () =>
                {
                    Take(variables);
                    var objective = lower();
                    torch.autograd.backward([objective], [torch.ones_like(objective)], inputs: [.. variables]);
                    return Take(variables);
                },
                () => Take(variables),
                () => Take(variables)
            );
            return [.. derivative.Select(part => part.MoveToOuterDisposeScope())];
        }
        finally
        {
            for (var i = 0; i < kept.Length; i++)
            {
                variables[i].grad = kept[i];
                kept[i]?.Dispose();
            }
        }
    }

    /// <summary>The gradients of some leaves, which have none afterwards.</summary>
    private static Tensor[] Take(IReadOnlyList<Tensor> variables)
    {
        var taken = new Tensor[variables.Count];
        for (var i = 0; i < taken.Length; i++)
        {
            taken[i] = variables[i].grad?.clone() ?? torch.zeros_like(variables[i]).detach();
            variables[i].grad = null;
        }

        return taken;
    }

    private Tensor[] Compute(
        Func<Tensor> lower,
        Func<Tensor> upper,
        Func<Tensor[]> slopes,
        Func<Tensor[]?> direct,
        Action? forget = null
    )
    {
        ArgumentNullException.ThrowIfNull(lower);
        ArgumentNullException.ThrowIfNull(upper);
        storage.Attach();
        var (values, gradients) = (storage.Values.clone(), storage.Gradients.clone());
        Tensor[] statistics = [.. buffers.Select(buffer => buffer.clone())];
        var chance = torch.get_rng_state();
        try
        {
            if (order == HyperGradientOrder.Second)
            {
                storage.ZeroGradients();
                lower().backward();
                using var noGrad = torch.no_grad();
                Move(values, Step(values), -learningRate);
            }

            storage.ZeroGradients();
            forget?.Invoke();
            upper().backward();
            var own = direct();
            return order == HyperGradientOrder.First ? own ?? Nothing(slopes) : Through(values, slopes, own, chance);
        }
        finally
        {
            using var noGrad = torch.no_grad();
            storage.Values.copy_(values);
            storage.Gradients.copy_(gradients);
            for (var i = 0; i < statistics.Length; i++)
            {
                buffers[i].copy_(statistics[i]);
            }

            torch.set_rng_state(chance);
        }
    }

    /// <summary>What the optimizer's step goes against: the gradient with momentum and decay.</summary>
    private Tensor Step(Tensor values)
    {
        var step = storage.Gradients.add(values, weightDecay);
        return velocity is null ? step : step.add_(velocity);
    }

    /// <summary>Adds to the direct term, if any, what goes through the step.</summary>
    private Tensor[] Through(Tensor values, Func<Tensor[]> slopes, Tensor[]? direct, Tensor chance)
    {
        var largest = storage.Gradients.abs().max().to(ScalarType.Float64).item<double>();
        if (largest == 0)
        {
            return direct ?? Nothing(slopes);
        }

        // Scaled twice, so that no square of a small or large gradient underflows or overflows.
        var direction = storage.Gradients.div(largest);
        foreach (var segment in storage.Segments)
        {
            direction.narrow(0, segment.Start, segment.Length).mul_(segment.LearningRateScale);
        }

        var norm = direction.norm().to(ScalarType.Float64).item<double>();
        var above = At(1);
        var below = At(-1);
        var factor = -learningRate * largest * norm / (2 * Reach);
        return
        [
            .. above.Select(
                (up, i) =>
                {
                    var through = up.sub(below[i]).mul(factor);
                    return direct is null ? through : through.add(direct[i]);
                }
            ),
        ];

        Tensor[] At(int side)
        {
            using (torch.no_grad())
            {
                storage.Values.copy_(values).add_(direction, side * Reach / norm);
            }

            torch.set_rng_state(chance);
            return slopes();
        }
    }

    private static Tensor[] Nothing(Func<Tensor[]> slopes) => [.. slopes().Select(part => torch.zeros_like(part))];

    /// <summary>Moves the parameters along a direction, each run of them at its own scale.</summary>
    private void Move(Tensor from, Tensor direction, double factor)
    {
        storage.Values.copy_(from);
        foreach (var segment in storage.Segments)
        {
            storage
                .Values.narrow(0, segment.Start, segment.Length)
                .add_(direction.narrow(0, segment.Start, segment.Length), factor * segment.LearningRateScale);
        }
    }
}

/// <summary>How far a derivative through a training looks.</summary>
public enum HyperGradientOrder
{
    /// <summary>The direct term at the parameters as they are, as if they did not depend on the variables.</summary>
    First,

    /// <summary>Through one step, its second derivative by finite differences.</summary>
    Second,
}
