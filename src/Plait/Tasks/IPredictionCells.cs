namespace Plait.Tasks;

/// <summary>The cells of one row of predictions, from left to right.</summary>
public interface IPredictionCells
{
    /// <summary>Writes a text.</summary>
    void Add(string text);

    /// <summary>Writes a number, so that it reads back to the same bits.</summary>
    void Add(double number);

    /// <summary>Writes a number, so that it reads back to the same bits.</summary>
    void Add(float number);
}
