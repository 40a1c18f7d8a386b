namespace Plait.Networks;

/// <summary>A network whose tasks share nothing that learns, so that it can be given further ones once it is trained, without a trace in those that it has.</summary>
public interface ITakesFurtherTasks
{
    /// <summary>Takes over everything that a trained network of some of its tasks has learned, and freezes those: the others alone learn from then on.</summary>
    /// <remarks>Their outputs are the same bits as the other network's, and stay so. The other one stays as it is, and the caller's.</remarks>
    /// <param name="trained">A network of the same architecture, options, encoder and heads, with fewer tasks.</param>
    /// <exception cref="ArgumentException">It is of another make, has a task that this network lacks, or leaves none to be learned.</exception>
    void GoOnFrom(MultiTaskNetwork trained);
}
