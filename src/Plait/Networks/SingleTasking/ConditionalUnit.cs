using Plait.Networks.Encoders;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Networks.SingleTasking;

/// <summary>A convolution that all tasks share, amid layers that may differ from task to task.</summary>
/// <remarks>N(y + series(y)) with y = conv(x) + parallel(x), and then what closes the unit; N is the normalisation.</remarks>
internal sealed class ConditionalUnit : AdoptingUnit
{
    private readonly Conv2d convolution;
    private readonly Module<Tensor, Tensor> normalisation;
    private readonly Module<Tensor, Tensor>? parallel;
    private readonly Module<Tensor, Tensor>? series;
    private readonly Module<Tensor, Tensor>? closing;

    /// <summary>Builds the convolution and joins the rest.</summary>
    /// <param name="shape">The convolution.</param>
    /// <param name="normalisation">Batch normalisation, one for each task, or a <see cref="TaskStatisticsNorm"/>.</param>
    /// <param name="parallel">Reads what the convolution reads.</param>
    /// <param name="series">Reads what it gives.</param>
    /// <param name="closing">Comes after the normalisation.</param>
    /// <param name="frozen">Whether the filters stay as they are.</param>
    public ConditionalUnit(
        ConvolutionShape shape,
        Module<Tensor, Tensor> normalisation,
        Module<Tensor, Tensor>? parallel = null,
        Module<Tensor, Tensor>? series = null,
        Module<Tensor, Tensor>? closing = null,
        bool frozen = false
    )
        : base(nameof(ConditionalUnit))
    {
        convolution = ConvolutionUnits.Convolution(shape);
        convolution.weight!.requires_grad = !frozen;
        this.normalisation = normalisation;
        this.parallel = parallel;
        this.series = series;
        this.closing = closing;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override void Adopt(Conv2d convolution, BatchNorm2d normalisation)
    {
        Copy(convolution, this.convolution);
        if (this.normalisation is TaskStatisticsNorm statistics)
        {
            statistics.Adopt(normalisation);
            return;
        }

        IEnumerable<Module<Tensor, Tensor>> all = this.normalisation is PerTask perTask
            ? perTask.Layers
            : [this.normalisation];
        foreach (var own in all)
        {
            Copy(normalisation, own);
        }
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        var output = convolution.call(input);
        if (parallel is not null)
        {
            output.add_(parallel.call(input));
        }

        if (series is not null)
        {
            output = output.add(series.call(output));
        }

        output = normalisation.call(output);
        return closing is null ? output : closing.call(output);
    }
}
