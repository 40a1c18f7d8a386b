using System.Reflection;

namespace Plait.Catalogue;

/// <summary>What is found in the assemblies that bring methods: looked for at the first use, and again when there is one more of them.</summary>
/// <param name="find">Finds all in given assemblies, of which the first is the library.</param>
internal sealed class Found<T>(Func<IReadOnlyList<Assembly>, IReadOnlyList<T>> find)
{
    private volatile Look? last;

    /// <summary>All there are by now; the same list until there is one more assembly.</summary>
    public IReadOnlyList<T> All
    {
        get
        {
            var assemblies = MethodAssemblies.All;
            var look = last;
            if (look is null || !ReferenceEquals(look.Assemblies, assemblies))
            {
                last = look = new(assemblies, find(assemblies));
            }

            return look.Items;
        }
    }

    private sealed record Look(IReadOnlyList<Assembly> Assemblies, IReadOnlyList<T> Items);
}
