using Plait.Networks.Encoders;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Networks.SingleTasking;

/// <summary>A convolution whose filters each task makes of those of a frozen bank: W_t W_s, and a normalisation of the task's own.</summary>
/// <remarks>
/// Kanakis et al. 2020, section 3.1. A 1 x 1 convolution W_t behind W_s is a convolution by the product of both, which is computed instead:
/// one map fewer for each layer, and the same function. Without a bank (in shortcuts) a task's filters are its own entirely.
/// </remarks>
internal sealed class FilterBankUnit : AdoptingUnit, ITaskDependent, ICountsMacs
{
    private readonly ActiveTask turn;
    private readonly ConvolutionShape shape;
    private readonly Parameter? bank; // [outputs, inputs, window, window]
    private readonly TaskFilters origin; // what a task starts from
    private readonly ModuleList<TaskFilters> parts;
    private ResponseMoments? moments;

    /// <summary>Builds a bank of zeros, for <see cref="Adopt"/> or <see cref="TakeOver"/> to fill.</summary>
    /// <param name="turn">Whose turn it is.</param>
    /// <param name="tasks">How many tasks there are.</param>
    /// <param name="shape">The convolution.</param>
    /// <param name="banked">Whether there is a bank.</param>
    /// <param name="normalized">Whether the rows of W_t are normalised.</param>
    public FilterBankUnit(ActiveTask turn, int tasks, ConvolutionShape shape, bool banked, bool normalized)
        : base(nameof(FilterBankUnit))
    {
        this.turn = turn;
        this.shape = shape;
        long[] kernel = [shape.Outputs, shape.Inputs, shape.Window, shape.Window];
        bank = banked ? Parameter(torch.zeros(kernel), requires_grad: false) : null;
        origin = Part();
        foreach (var parameter in origin.parameters())
        {
            parameter.requires_grad = false;
        }

        parts = new ModuleList<TaskFilters>([.. Enumerable.Range(0, tasks).Select(_ => Part())]);
        RegisterComponents();

        TaskFilters Part() =>
            banked
                ? new(shape.Outputs, shape.Outputs, normalized)
                : new(shape.Outputs, kernel[1] * kernel[2] * kernel[3], normalized: false);
    }

    /// <inheritdoc/>
    public IEnumerable<Parameter> ParametersOf(int task) => parts[task].parameters();

    /// <summary>The matrix by which a task makes its filters of those of the bank, [outputs, outputs]; without a bank the filters.</summary>
    public Tensor MatrixOf(int task) => parts[task].Matrix();

    /// <summary>The part of one task.</summary>
    public TaskFilters PartOf(int task) => parts[task];

    /// <summary>The frozen filters; null without a bank.</summary>
    public Parameter? Bank => bank;

    /// <inheritdoc/>
    public override void Adopt(Conv2d convolution, BatchNorm2d normalisation)
    {
        using var noGrad = torch.no_grad();
        bank?.copy_(convolution.weight!);
        foreach (var part in parts.Prepend(origin))
        {
            part.Adopt(normalisation);
            if (bank is null)
            {
                using var filters = convolution.weight!.flatten(1);
                part.Set(filters);
            }
        }
    }

    /// <summary>Takes over all parts of a unit of fewer tasks; further tasks start from its origin.</summary>
    /// <param name="before">The unit.</param>
    /// <param name="places">For each task here its place there; -1 for a further one.</param>
    public void TakeOver(FilterBankUnit before, IReadOnlyList<int> places)
    {
        using var noGrad = torch.no_grad();
        bank?.copy_(before.bank!);
        Copy(before.origin, origin);
        foreach (var (place, part) in places.Zip(parts))
        {
            Copy(place < 0 ? before.origin : before.parts[place], part);
        }
    }

    /// <summary>Starts to look at the responses of the filters.</summary>
    public void Watch() => moments = bank is null ? null : new ResponseMoments();

    /// <summary>Turns the bank towards the principal components of the responses seen, and every task's matrix back.</summary>
    /// <remarks>Kanakis et al. 2020, section 3.2: W_s becomes U' W and W_t becomes U, so that the function stays what it was.</remarks>
    public void Rotate()
    {
        if (moments is null)
        {
            return;
        }

        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var components = moments.Components();
        bank!.copy_(components.t().mm(bank.flatten(1).to(ScalarType.Float64)).view(bank.shape));
        foreach (var part in parts.Prepend(origin))
        {
            part.Set(components);
        }

        moments = null;
    }

    /// <inheritdoc/>
    /// <remarks>The product W_t W_s is made once a pass, whatever the rows, and is left out.</remarks>
    public long MacsOf(Tensor input, Tensor output) => output.numel() * shape.Inputs * shape.Window * shape.Window;

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        var part = parts[turn.Task];
        var matrix = part.Matrix();
        var filters = bank is null ? matrix : matrix.mm(bank.flatten(1));
        var responses = functional.conv2d(
            input,
            filters.view(shape.Outputs, shape.Inputs, shape.Window, shape.Window),
            strides: [shape.Stride, shape.Stride],
            padding: [shape.Window / 2 * shape.Dilation, shape.Window / 2 * shape.Dilation],
            dilation: [shape.Dilation, shape.Dilation]
        );
        moments?.Add(responses);
        return part.call(responses);
    }
}
