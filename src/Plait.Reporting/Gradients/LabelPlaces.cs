using Plait.Reporting.Plots;

namespace Plait.Reporting.Gradients;

/// <summary>Finds room for labels beside the tips of arrows.</summary>
/// <param name="width">Labels stay left of it.</param>
internal sealed class LabelPlaces(double width)
{
    private const double Away = 9;
    private const double LineHeight = 13;
    private const int Tries = 12;

    private readonly List<(double Left, double Right, double Y)> taken = [];

    /// <summary>Where a label begins, on the far side of the tip from the origin where there is room.</summary>
    public (double X, double Y) Find(string label, (double X, double Y) tip, (double X, double Y) origin)
    {
        var (dx, dy) = (tip.X - origin.X, tip.Y - origin.Y);
        var length = Math.Max(Math.Sqrt((dx * dx) + (dy * dy)), 1);
        var (x, y) = (tip.X + (dx / length * Away), tip.Y + (dy / length * Away) + 4);
        var room = Svg.WidthOf(label);
        var left = Math.Clamp(dx < 0 ? x - room : x, 2, Math.Max(width - room - 2, 2));
        for (var i = 0; i < Tries && taken.Any(one => Overlaps(one, left, left + room, y)); i++)
        {
            y += (i % 2 == 0 ? 1 : -1) * (i + 1) * LineHeight;
        }

        taken.Add((left, left + room, y));
        return (left, y);
    }

    private static bool Overlaps((double Left, double Right, double Y) one, double left, double right, double y) =>
        left < one.Right && right > one.Left && Math.Abs(y - one.Y) < LineHeight;
}
