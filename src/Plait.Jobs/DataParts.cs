using Plait.Data;
using Plait.Tasks;

namespace Plait.Jobs;

/// <summary>The three parts of a data set in memory; no row, and nothing that must be kept together, is in two of them.</summary>
public sealed class DataParts : IDataParts
{
    /// <summary>Holds parts.</summary>
    /// <param name="train">What networks learn from.</param>
    /// <param name="validation">What epochs and settings are chosen by.</param>
    /// <param name="test">What results are reported on.</param>
    /// <exception cref="ArgumentException">The parts are not for the same tasks.</exception>
    public DataParts(TensorData train, TensorData validation, TensorData test)
    {
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(validation);
        ArgumentNullException.ThrowIfNull(test);
        if (!ReferenceEquals(train.Tasks, validation.Tasks) || !ReferenceEquals(train.Tasks, test.Tasks))
        {
            throw new ArgumentException("The parts of a data set hold the same tasks; make them with one task set.");
        }

        Train = train;
        Validation = validation;
        Test = test;
    }

    /// <summary>What networks learn from.</summary>
    public TensorData Train { get; }

    /// <summary>What epochs and settings are chosen by.</summary>
    public TensorData Validation { get; }

    /// <summary>What results are reported on.</summary>
    public TensorData Test { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Notices { get; init; } = [];

    IDataSet IDataParts.Train => Train;

    IDataSet IDataParts.Validation => Validation;

    IDataSet IDataParts.Test => Test;

    /// <inheritdoc/>
    public TaskSet Tasks => Train.Tasks;

    /// <inheritdoc/>
    public InputSpec InputSpec => Train.InputSpec;

    /// <summary>The parts of data whose tasks share their rows.</summary>
    /// <param name="whole">All rows; still the caller's.</param>
    /// <param name="rows">The rows of the training, validation and test part.</param>
    public static DataParts Divide(TensorData whole, IReadOnlyList<long[]> rows) =>
        new(whole.Subset(rows[0]), whole.Subset(rows[1]), whole.Subset(rows[2]));

    /// <inheritdoc/>
    public void Dispose()
    {
        Train.Dispose();
        Validation.Dispose();
        Test.Dispose();
    }
}
