namespace Plait.Torch;

/// <summary>A part of a run whose state a checkpoint holds.</summary>
public interface IStateful
{
    /// <summary>Writes the state.</summary>
    void Save(StateDictionary state);

    /// <summary>Takes the state back.</summary>
    /// <exception cref="InvalidDataException">The state is of another make.</exception>
    void Load(StateDictionary state);
}
