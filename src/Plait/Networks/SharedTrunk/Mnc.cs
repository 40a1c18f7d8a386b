using Plait.Catalogue;
using Plait.Data;
using Plait.Networks.Encoders;
using Plait.Networks.Heads;
using Plait.Tasks;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Networks.SharedTrunk;

/// <summary>A cascade on one encoder: a box around the object, the object's mask within the box, and its category by what the mask keeps.</summary>
/// <remarks>
/// <para>Dai, He and Sun 2016, <i>Instance-aware Semantic Segmentation via Multi-task Network Cascades</i>, sections 3 and 4: L(Θ) = L1(B) + L2(M|B) +
/// L3(C|B, M). Each stage reads the shared features through what the stage before has said, and the region is cut out so that the
/// gradients of later stages reach the box (section 4, RoI warping: here bilinear sampling at the points of a grid over the box).</para>
/// <para>The paper finds many boxes an image and keeps the best; here there is one object an image, hence one box and no proposals. Where
/// the paper has large fully connected layers, this has a convolution: a region here is a few pixels. Tasks beside the three read the
/// shared features.</para>
/// </remarks>
[Method(
    "mnc",
    Survey = "2.1",
    Paper = "Dai, He and Sun 2016, Instance-aware Semantic Segmentation via Multi-task Network Cascades",
    Arxiv = "1512.04412",
    Summary = "Cascade of box, mask and category, each reading shared features through the prediction before."
)]
public sealed class Mnc : MultiTaskNetwork
{
    private readonly CascadeTasks cascade;
    private readonly long regionSide;
    private readonly Encoder encoder;
    private readonly BoxStage boxStage;
    private readonly Module<Tensor, Tensor> maskStage;
    private readonly Module<Tensor, Tensor> categoryStage;
    private readonly Parameter outside; // what is said of pixels outside the box: [channels of the mask task]
    private readonly ModuleList<TaskHead> heads; // one for each other task, in order
    private readonly int[] others;

    /// <summary>Builds the three stages on an encoder.</summary>
    /// <param name="tasks">A task of boxes (left, top, right, bottom as fractions of the image), one with an output a pixel, and a classification; others may stand beside them.</param>
    /// <param name="encoder">The shared part, which ends in a map, now owned by this network.</param>
    /// <param name="box">The name of the box task; the first regression of four numbers when null.</param>
    /// <param name="mask">The name of the task with an output a pixel; the first such task when null.</param>
    /// <param name="category">The name of the classification; the first one when null.</param>
    /// <param name="region">Pixels of a side of what is cut out; 14 in the paper.</param>
    /// <param name="width">Channels inside each stage.</param>
    /// <param name="headWidths">Hidden widths of the linear layers that name the category, and of other tasks' heads; none for one layer.</param>
    /// <param name="head">What heads of other dense tasks are like; <see cref="ConvolutionHead"/> when null.</param>
    /// <exception cref="NotSupportedException">There are no such tasks, or the encoder ends in a vector.</exception>
    /// <exception cref="ArgumentException">A name is no task's, or of a task of another kind.</exception>
    public Mnc(
        TaskSet tasks,
        Encoder encoder,
        string? box = null,
        string? mask = null,
        string? category = null,
        int region = 14,
        int width = 64,
        int[]? headWidths = null,
        DenseHead? head = null
    )
        : base(tasks, nameof(Mnc))
    {
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(region);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        cascade = CascadeTasks.Find(tasks, box, mask, category);
        if (encoder.OutputShape.Count != 3 || encoder.InputShape.Count != 3)
        {
            throw new NotSupportedException(
                "mnc cuts regions out of maps; choose an encoder that ends in a map, such as tiny-resnet or resnet18:pool=false."
            );
        }

        this.encoder = encoder;
        regionSide = region;
        var channels = encoder.OutputShape[0];
        boxStage = new BoxStage(channels, width);
        maskStage = Sequential(
            ConvolutionUnits.Plain.Unit(new(channels, width, 3)),
            ReLU(),
            Conv2d(width, tasks[cascade.Mask].Output.Channels, 1)
        );
        categoryStage = Sequential(
            ConvolutionUnits.Plain.Unit(new(2 * channels, width, 3)),
            ReLU(),
            Sequential(AdaptiveAvgPool2d(1), Flatten(), Head.For(tasks[cascade.Category], width, headWidths))
        );
        outside = Parameter(torch.zeros(tasks[cascade.Mask].Output.Channels));
        others = [.. Enumerable.Range(0, tasks.Count).Where(task => !cascade.Contains(task))];
        heads = new ModuleList<TaskHead>([.. others.Select(task => Head.For(tasks[task], encoder, headWidths, head))]);
        RegisterComponents();
    }

    /// <inheritdoc/>
    /// <remarks>The box is shared by all three tasks of the cascade, and the mask within it by mask and category.</remarks>
    public override IEnumerable<Parameter> SharedParameters =>
        [.. encoder.parameters(), .. boxStage.parameters(), .. maskStage.parameters()];

    /// <inheritdoc/>
    public override IEnumerable<Parameter> ParametersOf(int task) =>
        task == cascade.Box ? []
        : task == cascade.Mask ? [outside]
        : task == cascade.Category ? categoryStage.parameters()
        : heads[Array.IndexOf(others, task)].parameters();

    /// <inheritdoc/>
    protected override void Forward(BatchInput input, TaskSelection tasks, TaskOutputs outputs)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(tasks);
        ArgumentNullException.ThrowIfNull(outputs);
        var map = encoder.Features(input).Values;
        for (var i = 0; i < others.Length; i++)
        {
            if (tasks.Contains(others[i]))
            {
                outputs[others[i]] = heads[i].call(map);
            }
        }

        var (wantsBox, wantsMask, wantsCategory) = (
            tasks.Contains(cascade.Box),
            tasks.Contains(cascade.Mask),
            tasks.Contains(cascade.Category)
        );
        if (!(wantsBox || wantsMask || wantsCategory))
        {
            return;
        }

        var box = boxStage.call(map);
        if (wantsBox)
        {
            outputs[cascade.Box] = box;
        }

        if (!(wantsMask || wantsCategory))
        {
            return;
        }

        var region = Region.CutOut(map, box, regionSide); // [rows, channels, side, side]
        var mask = maskStage.call(region); // logits: [rows, channels of the task, side, side]
        if (wantsMask)
        {
            outputs[cascade.Mask] = Region.PutBack(mask, box, outside, encoder.InputShape[1], encoder.InputShape[2]);
        }

        if (wantsCategory)
        {
            outputs[cascade.Category] = categoryStage.call(torch.cat([region, region * Foreground(mask)], 1));
        }
    }

    /// <summary>How likely each pixel of a region is the object's: of one logit its sigmoid, of several classes all but the first. [rows, 1, side, side].</summary>
    private static Tensor Foreground(Tensor logits) =>
        logits.size(1) == 1 ? logits.sigmoid() : 1 - logits.softmax(1).narrow(1, 0, 1);
}
