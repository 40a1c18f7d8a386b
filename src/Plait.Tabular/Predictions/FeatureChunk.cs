namespace Plait.Tabular.Predictions;

/// <summary>Some rows of a file as inputs of a network.</summary>
public sealed class FeatureChunk : IDisposable
{
    internal FeatureChunk(Tensor input, IReadOnlyList<string>? identifiers)
    {
        Input = input;
        Identifiers = identifiers;
    }

    /// <summary>The inputs, [rows, inputs], float.</summary>
    public Tensor Input { get; }

    /// <summary>For each row, the text of the column that was asked to be kept; null when none was.</summary>
    public IReadOnlyList<string>? Identifiers { get; }

    /// <summary>How many rows there are.</summary>
    public int Rows => (int)Input.shape[0];

    /// <summary>Releases the inputs.</summary>
    public void Dispose() => Input.Dispose();
}
