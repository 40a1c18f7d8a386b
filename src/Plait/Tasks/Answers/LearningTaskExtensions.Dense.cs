using Plait.Tasks.Losses;
using Plait.Tasks.Metrics;

namespace Plait.Tasks.Answers;

/// <content>Tasks with an answer for each pixel.</content>
public static partial class LearningTaskExtensions
{
    extension(LearningTask)
    {
        /// <summary>One of several classes for each pixel: cross-entropy, judged by mean IoU and pixel accuracy. Also for human parts.</summary>
        /// <param name="name">The task's name.</param>
        /// <param name="classes">How many classes; 2 or more. Targets are Int64 numbers from 0, [rows, height, width]; a negative one is missing.</param>
        /// <param name="classWeights">One weight a class, or null for equal ones.</param>
        /// <param name="metrics">What judges the task instead, the primary one first.</param>
        public static LearningTask Segmentation(
            string name,
            int classes,
            IReadOnlyList<float>? classWeights = null,
            IReadOnlyList<Metric>? metrics = null
        ) =>
            new(
                name,
                new Categorical(RequireClasses(name, classes, classWeights), Layout.Pixel),
                new CrossEntropy(classWeights),
                metrics
            );

        /// <summary>The distance of each pixel: absolute error, judged by the root mean squared, absolute and relative error.</summary>
        /// <param name="name">The task's name.</param>
        /// <param name="loss">What trains it instead: <see cref="BerHu"/>, <see cref="ScaleInvariantLog"/>.</param>
        /// <param name="metrics">What judges the task instead, the primary one first: <see cref="DepthError.Kinds"/> has all there are.</param>
        /// <remarks>Targets are metres along the optical axis, above 0, [rows, 1, height, width]; NaN is missing.</remarks>
        public static LearningTask Depth(string name, TaskLoss? loss = null, IReadOnlyList<Metric>? metrics = null) =>
            new(name, new Numeric(layout: Layout.Pixel), loss ?? new AbsoluteError(), metrics ?? Metric.ForDepth);

        /// <summary>The direction that each pixel's surface faces: cosine distance, judged by the mean and median angle and the shares of small ones.</summary>
        /// <param name="name">The task's name.</param>
        /// <param name="metrics">What judges the task instead, the primary one first: <see cref="NormalAngle.Kinds"/> has all there are.</param>
        /// <remarks>
        /// Targets are unit vectors (right, up, towards the camera), [rows, 3, height, width]; NaN is missing. Outputs may have any
        /// length. The metrics are those of the MTAN protocol.
        /// </remarks>
        public static LearningTask SurfaceNormals(string name, IReadOnlyList<Metric>? metrics = null) =>
            new(name, new Direction(layout: Layout.Pixel), metrics: metrics);

        /// <summary>Whether an edge goes through each pixel: balanced cross-entropy on one logit, judged by ODS and OIS F.</summary>
        /// <param name="name">The task's name.</param>
        /// <param name="positiveShare">What an edge pixel weighs, between 0 and 1, others weighing the rest.</param>
        /// <param name="metrics">What judges the task instead, the primary one first.</param>
        /// <remarks>Targets are 0 and 1, [rows, 1, height, width]; NaN is missing. Instance boundaries are the same kind of task.</remarks>
        public static LearningTask Edges(
            string name,
            double positiveShare = 0.95,
            IReadOnlyList<Metric>? metrics = null
        ) => new(name, new Binary(Layout.Pixel), new BalancedCrossEntropy(positiveShare), metrics ?? Metric.ForEdges);

        /// <summary>Whether each pixel is of what stands out: balanced cross-entropy on one logit, judged by the best F and mean Jaccard.</summary>
        /// <param name="name">The task's name.</param>
        /// <param name="metrics">What judges the task instead, the primary one first.</param>
        /// <remarks>Targets are 0 and 1, [rows, 1, height, width]; NaN is missing. Each batch's own shares balance it.</remarks>
        public static LearningTask Saliency(string name, IReadOnlyList<Metric>? metrics = null) =>
            new(name, new Binary(Layout.Pixel), new BalancedCrossEntropy(), metrics ?? Metric.ForSaliency);
    }
}
