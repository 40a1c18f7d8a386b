namespace Plait.Relationships.Embedding.Studies;

/// <summary>How <see cref="ImitationStudy"/> learns from demonstrations.</summary>
public sealed record ImitationOptions
{
    /// <summary>Demonstrations that a task is known by in a training step and in the measurement, 1 or more.</summary>
    public int Support { get; init; } = 3;

    /// <summary>Further demonstrations of each task of a training step, 1 or more.</summary>
    public int Queries { get; init; } = 1;

    /// <summary>The share of the tasks that is held out and measured on, above 0 and below 1; two tasks at least.</summary>
    public double Test { get; init; } = 0.25;

    /// <summary>Training steps, each on tasks and demonstrations drawn anew, 1 or more.</summary>
    public int Iterations { get; init; } = 1000;

    /// <summary>Tasks of a training step, 2 or more; all where there are fewer.</summary>
    public int BatchTasks { get; init; } = 16;

    /// <summary>The width of embeddings; the authors' 20.</summary>
    public int Width { get; init; } = 20;

    /// <summary>Hidden widths of both networks.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [64, 64];

    /// <summary>By how much the cosine with the own task's sentence is to be above that with any other's; the authors' 0.1.</summary>
    public double Margin { get; init; } = 0.1;

    /// <summary>Of the embedding loss; 1 by default in the authors' code, as the next two. Their published runs take 1, 0.1 and 0.1.</summary>
    public double EmbeddingWeight { get; init; } = 1;

    /// <summary>Of the error of actions on the demonstrations that a task is known by.</summary>
    public double SupportWeight { get; init; } = 1;

    /// <summary>Of the error of actions on the others.</summary>
    public double QueryWeight { get; init; } = 1;

    /// <summary>The learning rate of Adam.</summary>
    public double LearningRate { get; init; } = 2e-3;

    /// <summary>Decides which tasks are held out, what is drawn, and where the networks start.</summary>
    public long Seed { get; init; }
}
