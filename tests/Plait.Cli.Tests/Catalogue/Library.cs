using System.Reflection;
using System.Runtime.Loader;
using Plait.Catalogue;
using Plait.Tasks;

namespace Plait.Cli.Tests.Catalogue;

/// <summary>A copy of the library with a catalogue of its own.</summary>
internal sealed class Library : AssemblyLoadContext
{
    private readonly Assembly plait;

    public Library()
        : base("library") => plait = LoadFromAssemblyPath(typeof(MethodCatalog).Assembly.Location);

    public string[] Methods => Names(typeof(MethodCatalog));

    public string[] Kinds => Names(typeof(AnswerKinds));

    public string[] Colours => Names(typeof(AnswerColours));

    /// <summary>The plugins that were loaded.</summary>
    public IReadOnlyList<string> Loaded =>
        (IReadOnlyList<string>)Own(typeof(Plugins)).GetProperty("Loaded")!.GetValue(null)!;

    /// <summary>Loads a plugin; what it throws comes as it is.</summary>
    public void Load(string file) =>
        Own(typeof(Plugins))
            .GetMethod("Load")!
            .Invoke(null, BindingFlags.DoNotWrapExceptions, binder: null, [file], culture: null);

    public void Add(Assembly assembly) => Own(typeof(MethodCatalog)).GetMethod("Add")!.Invoke(null, [assembly]);

    protected override Assembly? Load(AssemblyName name) => name.Name == "Plait" ? plait : null;

    private Type Own(Type type) => plait.GetType(type.FullName!)!;

    private string[] Names(Type type) =>
        [
            .. ((IEnumerable<object>)Own(type).GetProperty("All")!.GetValue(null)!).Select(item =>
                (string)item.GetType().GetProperty("Name")!.GetValue(item)!
            ),
        ];
}
