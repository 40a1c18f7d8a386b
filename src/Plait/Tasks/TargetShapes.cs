namespace Plait.Tasks;

/// <summary>How the shapes of outputs and targets meet.</summary>
internal static class TargetShapes
{
    /// <summary>The output in the shape of its targets: a channel axis of 1 is dropped or added where only one side has it.</summary>
    /// <exception cref="ArgumentException">They differ in more than that.</exception>
    public static Tensor Align(Tensor output, Tensor target)
    {
        var (outputs, targets) = (output.shape, target.shape);
        if (outputs.AsSpan().SequenceEqual(targets))
        {
            return output;
        }

        if (outputs.Length == targets.Length + 1 && outputs[1] == 1)
        {
            output = output.squeeze(1);
        }
        else if (outputs.Length + 1 == targets.Length && targets[1] == 1)
        {
            output = output.unsqueeze(1);
        }

        return output.shape.AsSpan().SequenceEqual(targets)
            ? output
            : throw new ArgumentException(
                $"Outputs of shape {Text(outputs)} do not fit targets of shape {Text(targets)}; give one target an output."
            );
    }

    /// <summary>Refuses class logits [rows, classes, ...] whose class numbers are not [rows, ...].</summary>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static void RequireClasses(Tensor output, Tensor target)
    {
        var (outputs, targets) = (output.shape, target.shape);
        if (
            outputs.Length != targets.Length + 1
            || outputs[0] != targets[0]
            || !outputs.AsSpan(2).SequenceEqual(targets.AsSpan(1))
        )
        {
            throw new ArgumentException(
                $"Class logits of shape {Text(outputs)} do not fit class numbers of shape {Text(targets)}; logits are [rows, classes, ...] and class numbers [rows, ...]."
            );
        }
    }

    /// <summary>Refuses outputs [rows, channels, ...] of another number of channels.</summary>
    /// <exception cref="ArgumentException">They have another.</exception>
    public static void RequireChannels(Tensor output, int channels)
    {
        if (output.dim() < 2 || output.shape[1] != channels)
        {
            throw new ArgumentException(
                $"Outputs of shape {Text(output.shape)} do not fit a task with {channels} outputs a row; they are [rows, {channels}, ...]."
            );
        }
    }

    /// <summary>Refuses vectors [rows, channels, ...] that are not of the same shape.</summary>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static void RequireVectors(Tensor output, Tensor target)
    {
        if (output.dim() < 2 || !output.shape.AsSpan().SequenceEqual(target.shape))
        {
            throw new ArgumentException(
                $"Vectors of shape {Text(output.shape)} do not fit directions of shape {Text(target.shape)}; both are [rows, channels, ...] with as many channels."
            );
        }
    }

    /// <summary>The height and width of maps of one number a pixel, [rows, 1, height, width] or [rows, height, width].</summary>
    /// <exception cref="ArgumentException">They are no such maps.</exception>
    public static (int Height, int Width) RequireMaps(Tensor target, string metric)
    {
        var shape = target.shape;
        return shape.Length == 3 || (shape.Length == 4 && shape[1] == 1)
            ? ((int)shape[^2], (int)shape[^1])
            : throw new ArgumentException(
                $"'{metric}' judges maps of one number a pixel, [rows, 1, height, width] or [rows, height, width]; got targets of shape {Text(shape)}."
            );
    }

    /// <summary>A shape as errors write it.</summary>
    public static string Text(ReadOnlySpan<long> shape) => $"[{string.Join(", ", shape.ToArray())}]";
}
