using Plait.Tabular;

namespace Plait.Relationships.Tables;

/// <summary>The steps of a demonstration as they are read.</summary>
/// <param name="file">Where from, for errors.</param>
/// <param name="column">The column of steps, for errors.</param>
/// <param name="task">Its task.</param>
/// <param name="demonstration">Its name there.</param>
internal sealed class StepSequence(string file, string column, string task, string demonstration)
{
    private readonly List<(long Step, int Line, double[] Numbers)> rows = [];

    /// <summary>What to call it in an error.</summary>
    public string Name => $"demonstration {TableException.Quote(demonstration)} of task {TableException.Quote(task)}";

    /// <summary>How many steps.</summary>
    public int Length => rows.Count;

    /// <summary>What to say of its length in an error.</summary>
    public string NameWithLength => $"{Name} has {(Length == 1 ? "1 step" : $"{Length} steps")}";

    public void Add(long step, int line, double[] numbers) => rows.Add((step, line, numbers));

    /// <summary>Brings the steps into their order, and refuses gaps.</summary>
    /// <exception cref="TableException">A step is missing, or is there twice.</exception>
    public void Sort()
    {
        rows.Sort((left, right) => (left.Step, left.Line).CompareTo((right.Step, right.Line)));
        for (var i = 1; i < rows.Count; i++)
        {
            var (before, now) = (rows[i - 1], rows[i]);
            if (now.Step == before.Step)
            {
                throw TableException.At(
                    file,
                    now.Line,
                    column,
                    $"{Name} has step {now.Step} on line {before.Line} already; remove one of them, or give the demonstrations names of their own."
                );
            }

            if (now.Step > before.Step + 1)
            {
                throw TableException.At(
                    file,
                    now.Line,
                    column,
                    $"{Name} goes from step {before.Step} (line {before.Line}) to step {now.Step}; add what is between them, or number the steps one by one."
                );
            }
        }
    }

    /// <summary>So many steps at even distances, the first and the last among them, one after the other; of one step the first.</summary>
    public double[] Take(int steps) =>
        [
            .. Enumerable
                .Range(0, steps)
                .SelectMany(i =>
                    rows[steps == 1 ? 0 : (int)Math.Round((double)i * (rows.Count - 1) / (steps - 1))].Numbers
                ),
        ];
}
