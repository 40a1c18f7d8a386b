using Plait.Tasks;
using Plait.Tasks.Losses;

namespace Plait.Optimization.Distillation;

/// <summary>What a task's outputs mean, as far as teaching goes.</summary>
internal enum AnswerKind
{
    /// <summary>Logits of classes along axis 1, of which one is right.</summary>
    Classes,

    /// <summary>Logits that are each a yes or a no.</summary>
    YesOrNo,

    /// <summary>Numbers.</summary>
    Numbers,
}

/// <summary>Tells from a task's loss what its outputs mean.</summary>
internal static class AnswerKinds
{
    /// <exception cref="NotSupportedException">The task's loss says neither.</exception>
    public static AnswerKind Of(LearningTask task) =>
        task.Loss switch
        {
            CrossEntropy => AnswerKind.Classes,
            BinaryCrossEntropy => AnswerKind.YesOrNo,
            SquaredError or AbsoluteError or Huber => AnswerKind.Numbers,
            _ => throw new NotSupportedException(
                $"Task '{task.Name}' is trained by the loss '{task.Loss.Name}', which does not say whether its outputs are classes or numbers; teachers teach tasks trained by cross-entropy, binary-cross-entropy, mse, l1 or huber."
            ),
        };

    /// <summary>As errors write it: "4 classes a row".</summary>
    public static string Describe(LearningTask task)
    {
        var kind = Of(task) switch
        {
            AnswerKind.Classes => "classes",
            AnswerKind.YesOrNo => "yes-or-no logits",
            _ => "numbers",
        };
        return $"{task.Output.Channels} {kind} a {(task.Output.IsDense ? "pixel" : "row")}";
    }
}
