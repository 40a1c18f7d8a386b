using Plait.Tasks;

namespace Plait.Data;

/// <summary>A data set, in memory or read row by row; the same rows give the same batches, bit for bit, either way.</summary>
public interface IDataSet : IDisposable
{
    /// <summary>The tasks whose targets the data holds.</summary>
    TaskSet Tasks { get; }

    /// <summary>Which tasks look at the same rows.</summary>
    RowStreams Streams { get; }

    /// <summary>What one row of input is, whichever task looks at it: what an encoder for all of them has to read.</summary>
    /// <exception cref="NotSupportedException">Tasks with rows of their own bring rows of different kinds: ask for those of each.</exception>
    InputSpec InputSpec { get; }

    /// <summary>What one row is that the task at this place of the set looks at.</summary>
    InputSpec InputSpecOf(int task);

    /// <summary>Rows of the task at this place of the set.</summary>
    long RowsOf(int task);

    /// <summary>Rows of all streams together.</summary>
    long RowsInAll => Streams.FirstTasks.Sum(RowsOf);

    /// <summary>The batches of this data, in order or shuffled anew for each epoch.</summary>
    /// <param name="batchSize">Rows a batch; the last batch of an epoch is smaller where they do not come out even.</param>
    /// <param name="shuffleSeed">What the order of every epoch is derived from; null keeps the data's order.</param>
    /// <param name="dropLast">Leaves out a last batch that is smaller than the others.</param>
    /// <returns>A source that reads from this data, which must outlive it.</returns>
    /// <exception cref="ArgumentException">An epoch of some task would hold no batch.</exception>
    MultiTaskDataLoader Batches(int batchSize, long? shuffleSeed = null, bool dropLast = false);

    /// <summary>The same data for fewer tasks, in the order of this set.</summary>
    /// <param name="taskNames">The tasks that remain.</param>
    /// <param name="dropUnlabelled">
    /// Leaves out rows in which none of the remaining tasks has a target, as a network of those tasks alone would be trained.
    /// </param>
    /// <returns>Data that this data must outlive.</returns>
    /// <exception cref="KeyNotFoundException">There is no task of some name.</exception>
    IDataSet SelectTasks(IEnumerable<string> taskNames, bool dropUnlabelled = false);

    /// <summary>The first rows of each task.</summary>
    /// <param name="rows">How many, at most; above 0.</param>
    /// <returns>Data that this data must outlive.</returns>
    IDataSet Take(long rows);
}
