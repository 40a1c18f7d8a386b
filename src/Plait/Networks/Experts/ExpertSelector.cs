using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Networks.Experts;

/// <summary>What one task's selectors are made of: logits of the digits of the experts that they choose, and of their weights.</summary>
/// <remarks>
/// Static selectors are the biases alone. The parameters start as in the authors' code: digits uniform within γ/100 of 0, where
/// the smooth step rises, weights within 0.05.
/// </remarks>
internal sealed class ExpertSelector : Module
{
    private const double WeightBound = 0.05;

    private readonly Parameter bias; // [selectors · (digits + 1)], digits first
    private readonly Parameter? weight; // [selectors · (digits + 1), inputs]; null where every row gets the same

    /// <summary>Builds the selectors of one task.</summary>
    /// <param name="selectors">How many.</param>
    /// <param name="digits">Binary digits of an expert's number.</param>
    /// <param name="stepWidth">γ of the smooth step.</param>
    /// <param name="inputs">What the selectors look at; null where they look at nothing.</param>
    public ExpertSelector(int selectors, int digits, double stepWidth, long? inputs)
        : base(nameof(ExpertSelector))
    {
        bias = Start(selectors, digits, stepWidth, []);
        weight = inputs is { } width ? Start(selectors, digits, stepWidth, [width]) : null;
        RegisterComponents();
    }

    /// <summary>Multiply-adds of a row's logits.</summary>
    public long Macs => weight?.numel() ?? 0;

    /// <summary>The logits of several tasks' selectors, [rows, tasks, selectors · (digits + 1)]; one row for all where they look at nothing.</summary>
    public static Tensor Logits(Tensor? query, IReadOnlyList<ExpertSelector> tasks)
    {
        if (query is null)
        {
            return torch.stack([.. tasks.Select(task => task.bias)]).unsqueeze(0);
        }

        var weights = torch.cat([.. tasks.Select(task => task.weight!)]);
        var biases = torch.cat([.. tasks.Select(task => task.bias)]);
        return functional.linear(query, weights, biases).view(query.size(0), tasks.Count, -1);
    }

    private static Parameter Start(int selectors, int digits, double stepWidth, long[] inputs)
    {
        var start = Parameter(torch.empty([selectors * (digits + 1), .. inputs]));
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        start.uniform_(-WeightBound, WeightBound);
        start.narrow(0, 0, selectors * digits).uniform_(-stepWidth / 100, stepWidth / 100);
        return start;
    }
}
