using Plait.Data;
using Plait.Tasks;

namespace Plait.Benchmarks;

/// <summary>What networks learn from, are chosen by and are judged by, in memory (<see cref="BenchmarkData"/>) or read row by row.</summary>
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

    /// <summary>The shape of one row of input: [features], or [channels, height, width]. Tasks with rows of their own have it in common.</summary>
    IReadOnlyList<long> InputShape => Train.InputShape;
}
