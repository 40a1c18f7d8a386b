namespace Plait.Reporting.Gradients;

/// <summary>An arrow of a picture.</summary>
/// <param name="Label">The vector's name.</param>
/// <param name="Note">What the legend says of it.</param>
/// <param name="Tip">Where it ends; it begins at the origin.</param>
internal sealed record Arrow(string Label, string Note, Point Tip);

/// <summary>Gives vectors of any lengths lengths that can be seen beside each other.</summary>
/// <remarks>
/// Gradients are drawn to scale unless one is far longer than another; then all arrows have one length, and show directions. An
/// update far longer or shorter than the gradients is drawn as long as the longest gradient.
/// </remarks>
internal sealed class PictureScale
{
    private const double MostApart = 20;
    private const double MostAbove = 3;

    public PictureScale(IReadOnlyList<PictureVector> gradients, IReadOnlyList<PictureVector> updates)
    {
        Span = new GradientSpan(gradients);
        Point[] tips = [.. gradients.Select(one => Span.Coordinates(one.Values.Span))];
        var longest = tips.Max(tip => tip.Length);
        IsTrue = tips.All(tip => tip.Length == 0 || tip.Length * MostApart >= longest);
        Radius = IsTrue && longest > 0 ? longest : 1;
        Gradients =
        [
            .. gradients.Select((one, i) => new Arrow(one.Label, one.Note, IsTrue ? tips[i] : tips[i].Unit())),
        ];
        Updates = [.. updates.Select(Update)];
    }

    public GradientSpan Span { get; }

    /// <summary>Whether the gradients are drawn to scale.</summary>
    public bool IsTrue { get; }

    /// <summary>The length of the longest gradient, as drawn.</summary>
    public double Radius { get; }

    public IReadOnlyList<Arrow> Gradients { get; }

    public IReadOnlyList<Arrow> Updates { get; }

    private Arrow Update(PictureVector update)
    {
        var tip = Span.Coordinates(update.Values.Span);
        if (tip.Length == 0)
        {
            return new Arrow(update.Label, update.Note, tip);
        }

        if (IsTrue && tip.Length * MostApart >= Radius && tip.Length <= MostAbove * Radius)
        {
            return new Arrow(update.Label, update.Note, tip);
        }

        var note = IsTrue ? $"{update.Note}, not drawn to scale" : update.Note;
        return new Arrow(update.Label, note, tip * (Radius / tip.Length));
    }
}
