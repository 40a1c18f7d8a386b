using Plait.Numerics;
using Plait.Tasks;
using Plait.Torch;

namespace Plait.Networks.Conditional;

/// <summary>One network for a whole Pareto front: told how much each task matters, it answers with that trade-off.</summary>
/// <remarks>
/// In training each step draws a preference from a Dirichlet distribution, a pure function of seed and step; the weightings and
/// aggregators that can be told a preference follow it. In evaluation <see cref="Prefer"/> says which one is meant; it is a buffer, so that
/// a saved network keeps it.
/// </remarks>
public abstract class PreferenceNetwork : MultiTaskNetwork
{
    private const string Buffer = "preference";
    private readonly double concentration;
    private readonly double[] drawn;

    /// <summary>Names the tasks; every preference starts out equal.</summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="name">The module's name.</param>
    /// <param name="concentration">Of the Dirichlet distribution; above 0. Below 1 most preferences are nearly for one task alone.</param>
    /// <exception cref="ArgumentException">The concentration is not a number above 0.</exception>
    protected PreferenceNetwork(TaskSet tasks, string name, double concentration)
        : base(tasks, name)
    {
        if (!(concentration > 0 && double.IsFinite(concentration)))
        {
            throw new ArgumentException(
                $"The concentration of the preferences is a number above 0; got {concentration}.",
                nameof(concentration)
            );
        }

        this.concentration = concentration;
        drawn = [.. Enumerable.Repeat(1.0 / tasks.Count, tasks.Count)];
        using var equal = torch.full(tasks.Count, 1f / tasks.Count);
        register_buffer(Buffer, equal.clone().DetachFromDisposeScope());
    }

    /// <summary>The preference that a forward pass acts on now, one share a task, with sum 1: the step's own in training, else what was asked for.</summary>
    public IReadOnlyList<double> Preference => training ? drawn : Numbers.Read(get_buffer(Buffer)!);

    /// <summary>Asks for a trade-off in evaluation.</summary>
    /// <param name="preference">One number of 0 or more for each task, not all 0; only their ratios count.</param>
    /// <exception cref="ArgumentException">There is not one such number a task.</exception>
    public void Prefer(params ReadOnlySpan<double> preference)
    {
        var values = preference.ToArray();
        if (
            values.Length != Tasks.Count
            || values.Any(value => !(value >= 0) || double.IsInfinity(value))
            || values.Sum() == 0
        )
        {
            throw new ArgumentException(
                $"A preference is one number of 0 or more for each of {Tasks.Count} tasks, not all 0; got {string.Join(", ", values)}.",
                nameof(preference)
            );
        }

        var sum = values.Sum();
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        get_buffer(Buffer)!.copy_(torch.tensor(values.Select(value => (float)(value / sum)).ToArray()));
    }

    /// <summary>Draws the step's preference.</summary>
    /// <param name="step">Where the run stands.</param>
    public override void BeginStep(StepContext step)
    {
        ArgumentNullException.ThrowIfNull(step);
        Dirichlet.Fill(step.Random(ChanceStreams.Preference), concentration, drawn);
    }

    /// <summary>The preference as a tensor of the parameters' type and device, [1, tasks].</summary>
    protected Tensor PreferenceRow()
    {
        var like = parameters().First();
        return torch.tensor(Preference.ToArray(), dtype: like.dtype, device: like.device).unsqueeze(0);
    }
}
