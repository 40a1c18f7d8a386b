using Plait.Data;
using Plait.Tasks;

namespace Plait.Jobs;

/// <summary>What networks learn from, are chosen by and are judged by, in memory (<see cref="DataParts"/>) or read row by row.</summary>
public interface IDataParts : IDisposable
{
    /// <summary>What networks learn from.</summary>
    IDataSet Train { get; }

    /// <summary>What epochs and settings are chosen by.</summary>
    IDataSet Validation { get; }

    /// <summary>What results are reported on.</summary>
    IDataSet Test { get; }

    /// <summary>What is worth knowing of where they come from, a line each, such as rows that are left out.</summary>
    IReadOnlyList<string> Notices { get; }

    /// <summary>The tasks of all parts.</summary>
    TaskSet Tasks => Train.Tasks;

    /// <summary>What one row of input is, whichever task looks at it.</summary>
    /// <exception cref="NotSupportedException">Tasks with rows of their own bring rows of different kinds.</exception>
    InputSpec InputSpec => Train.InputSpec;
}
