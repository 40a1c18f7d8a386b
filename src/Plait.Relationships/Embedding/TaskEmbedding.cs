namespace Plait.Relationships.Embedding;

/// <summary>A task as a point: how much each unit of a probe network knows about it.</summary>
/// <param name="Task">The task's name.</param>
/// <param name="Information">For each unit or filter of the probe, in the order of its layers, the mean Fisher information of its weights a row; 0 or more.</param>
/// <param name="Prior">The same for a task that tells nothing: what the scale of each layer's weights alone says of them; above 0.</param>
public sealed record TaskEmbedding(string Task, IReadOnlyList<double> Information, IReadOnlyList<double> Prior)
{
    /// <summary>The sum of the information, which grows with what the task asks of the features (Achille et al. 2019, section 2.1).</summary>
    public double Norm => Information.Sum();

    /// <summary>The point of a task that tells nothing, seen by the same probe.</summary>
    public TaskEmbedding Trivial() => new("trivial", Prior, Prior);
}
