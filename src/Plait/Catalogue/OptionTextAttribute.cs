using System.Reflection;

namespace Plait.Catalogue;

/// <summary>Marks a type of options of methods that reads itself: its public static <c>Parse(string)</c> takes what is written, and throws <see cref="FormatException"/> with what was expected.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
public sealed class OptionTextAttribute : Attribute
{
    /// <summary>Whether a type, or the elements of a list, read themselves.</summary>
    internal static bool Marks(Type type) =>
        (type.IsArray ? type.GetElementType()! : type).IsDefined(typeof(OptionTextAttribute), inherit: false);

    /// <summary>Reads an option of such a type; a list is written with <c>/</c> between its elements.</summary>
    /// <exception cref="FormatException">The text is something else.</exception>
    internal static object Read(Type type, string text)
    {
        if (!type.IsArray)
        {
            return Parse(type, text);
        }

        var element = type.GetElementType()!;
        var parts = text.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var list = Array.CreateInstance(element, parts.Length);
        for (var i = 0; i < parts.Length; i++)
        {
            list.SetValue(Parse(element, parts[i]), i);
        }

        return list;
    }

    private static object Parse(Type type, string text) =>
        type.GetMethod("Parse", BindingFlags.Public | BindingFlags.Static, [typeof(string)])!
            .Invoke(null, BindingFlags.DoNotWrapExceptions, binder: null, [text], culture: null)!;
}
