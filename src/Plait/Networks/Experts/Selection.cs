namespace Plait.Networks.Experts;

/// <summary>Chooses the modules of some tasks.</summary>
internal static class Selection
{
    /// <summary>The modules at these places, in the order of the places.</summary>
    public static T[] At<T>(this IList<T> modules, ReadOnlySpan<int> places)
    {
        var chosen = new T[places.Length];
        for (var i = 0; i < chosen.Length; i++)
        {
            chosen[i] = modules[places[i]];
        }

        return chosen;
    }
}
