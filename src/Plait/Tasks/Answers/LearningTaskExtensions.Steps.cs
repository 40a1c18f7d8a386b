using Plait.Tasks.Losses;

namespace Plait.Tasks.Answers;

/// <content>Tasks with an answer for each step of a sequence.</content>
public static partial class LearningTaskExtensions
{
    extension(LearningTask)
    {
        /// <summary>One of several classes for each step of a sequence, such as the part of speech of each word: cross-entropy, judged by accuracy.</summary>
        /// <param name="name">The task's name.</param>
        /// <param name="classes">How many classes; 2 or more. Targets are Int64 numbers from 0, [rows, steps]; a negative one is missing.</param>
        /// <param name="classWeights">One weight a class, or null for equal ones.</param>
        /// <param name="metrics">What judges the task instead, the primary one first.</param>
        /// <remarks>What stands behind the end of a row is missing, whatever it is. Other answers of steps are made by <c>new</c>: <c>new(name, new Numeric(layout: Layout.Step))</c>.</remarks>
        public static LearningTask Tagging(
            string name,
            int classes,
            IReadOnlyList<float>? classWeights = null,
            IReadOnlyList<Metric>? metrics = null
        ) =>
            new(
                name,
                new Categorical(RequireClasses(name, classes, classWeights), Layout.Step),
                new CrossEntropy(classWeights),
                metrics
            );
    }
}
