namespace Plait.Catalogue;

/// <summary>What part of a run a method is.</summary>
public enum MethodKind
{
    /// <summary>A multi-task network (survey section 2).</summary>
    Architecture,

    /// <summary>An encoder that architectures are built from.</summary>
    Encoder,

    /// <summary>What the heads of dense tasks are like.</summary>
    Head,

    /// <summary>A loss weighting (survey section 3.1).</summary>
    Weighting,

    /// <summary>A regularizer (survey section 3.2).</summary>
    Regularizer,

    /// <summary>A task schedule (survey section 3.3).</summary>
    Schedule,

    /// <summary>A gradient aggregator (survey sections 3.4 and 3.6).</summary>
    Aggregator,

    /// <summary>A term that a task's loss gains, such as distillation from a teacher (survey section 3.5).</summary>
    Auxiliary,

    /// <summary>An optimizer.</summary>
    Optimizer,

    /// <summary>What looks at a training, such as a measure of how tasks affect one another (survey section 4.1).</summary>
    Callback,

    /// <summary>A measure of how tasks are related (survey section 4).</summary>
    Relationship,
}
