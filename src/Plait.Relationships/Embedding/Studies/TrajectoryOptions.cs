namespace Plait.Relationships.Embedding.Studies;

/// <summary>How <see cref="TrajectoryStudy"/> learns by trial.</summary>
public sealed record TrajectoryOptions
{
    /// <summary>New tasks that are embedded when all is learned, 3 or more.</summary>
    public int Tasks { get; init; } = 16;

    /// <summary>Training steps, each on tasks drawn anew, 1 or more.</summary>
    public int Iterations { get; init; } = 600;

    /// <summary>Tasks of a training step, 1 or more.</summary>
    public int BatchTasks { get; init; } = 12;

    /// <summary>Episodes of each task that run side by side, 2 or more; a task is embedded from as many of its best ones.</summary>
    public int Episodes { get; init; } = 8;

    /// <summary>Fast updates of the encoder in a task, 1 or more.</summary>
    public int Updates { get; init; } = 1;

    /// <summary>The width of embeddings; the authors' 8.</summary>
    public int Width { get; init; } = 8;

    /// <summary>The width of the recurrent unit, and of the policy's two layers.</summary>
    public int Hidden { get; init; } = 32;

    /// <summary>The learning rate of Adam.</summary>
    public double LearningRate { get; init; } = 5e-3;

    /// <summary>Decides which tasks are drawn, what the agent tries, and where the networks start.</summary>
    public long Seed { get; init; }
}
