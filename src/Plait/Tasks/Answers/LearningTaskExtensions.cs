using Plait.Tasks.Losses;

namespace Plait.Tasks.Answers;

/// <summary>The usual tasks, one line each: <c>LearningTask.Binary("churn")</c>.</summary>
public static partial class LearningTaskExtensions
{
    extension(LearningTask)
    {
        /// <summary>One of several classes: cross-entropy, judged by accuracy.</summary>
        /// <param name="name">The task's name.</param>
        /// <param name="classes">How many classes; 2 or more. Targets are Int64 numbers from 0; a negative one is missing.</param>
        /// <param name="classWeights">One weight a class, or null for equal ones.</param>
        /// <param name="labelSmoothing">From 0 (none) to below 1: the share of a target spread evenly over the classes.</param>
        /// <param name="metrics">What judges the task instead, the primary one first.</param>
        public static LearningTask Classification(
            string name,
            int classes,
            IReadOnlyList<float>? classWeights = null,
            double labelSmoothing = 0,
            IReadOnlyList<Metric>? metrics = null
        ) =>
            new(
                name,
                new Categorical(RequireClasses(name, classes, classWeights)),
                new CrossEntropy(classWeights, labelSmoothing),
                metrics
            );

        /// <summary>Yes or no: binary cross-entropy on one logit, judged by AUC. Targets are 0 and 1; NaN is missing.</summary>
        /// <param name="name">The task's name.</param>
        /// <param name="positiveWeight">The cost of a positive target is multiplied by it; above 0.</param>
        /// <param name="metrics">What judges the task instead, the primary one first.</param>
        public static LearningTask Binary(
            string name,
            double positiveWeight = 1,
            IReadOnlyList<Metric>? metrics = null
        ) => new(name, new Binary(), new BinaryCrossEntropy(positiveWeight), metrics);

        /// <summary>The same with a weight for either class, over which the loss is a mean.</summary>
        /// <param name="name">The task's name.</param>
        /// <param name="classWeights">What a negative target counts and what a positive one counts, each above 0.</param>
        /// <param name="metrics">What judges the task instead, the primary one first.</param>
        public static LearningTask Binary(
            string name,
            IReadOnlyList<float> classWeights,
            IReadOnlyList<Metric>? metrics = null
        ) => new(name, new Binary(), new BinaryCrossEntropy(classWeights), metrics);

        /// <summary>Numbers: squared error, judged by it and by the absolute error. NaN is missing.</summary>
        /// <param name="name">The task's name.</param>
        /// <param name="width">Numbers a row.</param>
        /// <param name="metrics">What judges the task instead, the primary one first.</param>
        public static LearningTask Regression(string name, int width = 1, IReadOnlyList<Metric>? metrics = null) =>
            new(name, new Numeric(width), metrics: metrics);

        /// <summary>Any number of several labels: binary cross-entropy on a logit each, judged by the micro F1, accuracy, AUC and log-loss.</summary>
        /// <param name="name">The task's name.</param>
        /// <param name="labels">How many labels there are; 1 or more. Targets are [rows, labels] of 0 and 1; NaN is missing.</param>
        /// <param name="metrics">What judges the task instead, the primary one first.</param>
        public static LearningTask MultiLabel(string name, int labels, IReadOnlyList<Metric>? metrics = null) =>
            new(name, new MultiLabel(labels), metrics: metrics);
    }

    private static int RequireClasses(string name, int classes, IReadOnlyList<float>? classWeights)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        return classWeights is null || classWeights.Count == classes
            ? classes
            : throw new ArgumentException(
                $"Task '{name}' has {classes} classes and {classWeights.Count} class weights; give one a class.",
                nameof(classWeights)
            );
    }
}
