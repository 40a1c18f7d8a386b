using System.Xml.Linq;
using Plait.Relationships.Plans;
using Plait.Reporting.Plots;
using static Plait.Reporting.Plots.Markup;

namespace Plait.Reporting.Relationships;

/// <content>Linear models that showed groups.</content>
internal static partial class AnalysisReport
{
    private static XElement LinearModels(MeasuredGrouping grouping, MeasuredLinearModels linear) =>
        Section(
            "Linear models",
            Table(
                [
                    "Task",
                    .. grouping.Networks.Select((_, place) => $"Of network {Format.Count(place + 1)} %"),
                    "Error",
                    "All together",
                    "Alone",
                ],
                grouping.Tasks.Select(task =>
                    (string[])
                        [
                            task,
                            .. linear.Parts[task].Select(Share),
                            Format.Metric(linear.Losses[task]),
                            Format.Metric(linear.LossesTogether[task]),
                            Format.Metric(linear.LossesAlone[task]),
                        ]
                )
            ),
            Classed(
                "p",
                "note",
                $"How much of each task's linear model each network's group makes up, and squared errors on the validation rows in units of the variance of the training targets: about 1 where a model tells nothing. The penalty has strength {Format.Raw(linear.Strength)}.{(grouping.Affinity is null ? " One latent task is left, of which all models are multiples: that says nothing of how alike the tasks are, and no affinities are shown." : "")}"
            )
        );
}
