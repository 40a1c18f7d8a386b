using System.Globalization;
using System.Text.Json;
using Plait.Relationships.Embedding.Studies;
using Plait.Relationships.Tables;

namespace Plait.Cli.Embedding;

/// <summary>What TecNets came to on a table of demonstrations.</summary>
/// <param name="Tasks">How many tasks.</param>
/// <param name="Demonstrations">How many demonstrations of all tasks together.</param>
/// <param name="Steps">Steps of each.</param>
/// <param name="Observations">The columns of what is seen.</param>
/// <param name="Actions">The columns of what is done.</param>
/// <param name="HeldOut">The tasks that were held out.</param>
/// <param name="Nearest">How often a demonstration of them is nearest to its own task.</param>
/// <param name="Chance">How often by chance.</param>
/// <param name="Errors">Of the actions in them.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Files">The embeddings and the network.</param>
internal sealed record ImitationAnswer(
    int Tasks,
    int Demonstrations,
    int Steps,
    IReadOnlyList<string> Observations,
    IReadOnlyList<string> Actions,
    IReadOnlyList<string> HeldOut,
    double Nearest,
    double Chance,
    ActionErrors Errors,
    double Seconds,
    EmbeddingFiles Files
)
{
    public static ImitationAnswer Of(
        DemonstrationTable table,
        ImitationMeasurement measured,
        TimeSpan time,
        EmbeddingFolder folder
    ) =>
        new(
            table.Tasks.Count,
            table.Tasks.Sum(task => task.Demonstrations.Count),
            table.Steps,
            table.Observations,
            table.Actions,
            measured.HeldOut,
            measured.Nearest,
            measured.Chance,
            new ActionErrors(measured.Error, measured.ErrorOfMean, measured.ErrorUntold),
            time.TotalSeconds,
            EmbeddingFiles.Of(folder)
        );

    private const int MostNamed = 10; // tasks on a line

    /// <summary>Prints it.</summary>
    public void Show(TextWriter output, bool json)
    {
        if (json)
        {
            output.WriteLine(JsonSerializer.Serialize(this, JsonSerializerOptions.Web));
            return;
        }

        output.WriteLine(
            $"Tasks:   {Tasks} with {Demonstrations} demonstrations of {Steps} steps; held out are {string.Join(", ", HeldOut.Take(MostNamed))}{(HeldOut.Count > MostNamed ? $" and {HeldOut.Count - MostNamed} more" : "")}"
        );
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Nearest: {Nearest:P1} of the held-out tasks' demonstrations are nearest to their own task; {Chance:P1} by chance"
            )
        );
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Actions: error {Errors.Told:0.000} there; {Errors.Mean:0.000} of the mean action, {Errors.Untold:0.000} of a network that is not told the task"
            )
        );
        Files.Show(output);
    }
}

/// <summary>Roots of mean squares, in deviations of each action over the training.</summary>
/// <param name="Told">Of the network that is told the task.</param>
/// <param name="Mean">Of the mean action.</param>
/// <param name="Untold">Of a network that is not told the task.</param>
internal sealed record ActionErrors(double Told, double Mean, double Untold);
