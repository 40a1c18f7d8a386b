using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace Plait.Catalogue;

/// <summary>One method of the catalogue.</summary>
public sealed class MethodEntry
{
    private const int LargestSize = 1 << 16; // widths, experts, layers: a square layer of it has 17 GB

    private readonly MethodAttribute method;
    private readonly ConstructorInfo constructor;

    internal MethodEntry(MethodAttribute method, MethodKind kind, Type type)
    {
        this.method = method;
        Kind = kind;
        Type = type;
        constructor = type.GetConstructors().OrderByDescending(candidate => candidate.GetParameters().Length).First();
    }

    /// <summary>The name on the command line.</summary>
    public string Name => method.Name;

    /// <summary>What part of a run it is.</summary>
    public MethodKind Kind { get; }

    /// <summary>Its class.</summary>
    public Type Type { get; }

    /// <summary>The survey's section.</summary>
    public string Survey => method.Survey;

    /// <summary>Authors, year and title.</summary>
    public string Paper => method.Paper;

    /// <summary>The arXiv number, or empty.</summary>
    public string Arxiv => method.Arxiv;

    /// <summary>What it does, in one sentence.</summary>
    public string Summary => method.Summary;

    /// <summary>How it is written for three tasks: its name, and options where it cannot do without.</summary>
    public string Example => method.Example.Length == 0 ? Name : $"{Name}:{method.Example}";

    /// <summary>
    /// The options that a specification may set, with their defaults, as they are written: "at=parameters"; "widths=..." where
    /// the method itself chooses, "weights=(needed)" where nothing can be chosen for it.
    /// </summary>
    public IEnumerable<string> Options =>
        constructor
            .GetParameters()
            .Where(parameter => IsTextual(parameter) && (parameter.HasDefaultValue || parameter.ParameterType.IsArray))
            .Select(parameter =>
                $"{OptionName(parameter)}={(parameter.HasDefaultValue ? Write(parameter.DefaultValue) : "(needed)")}"
            );

    internal object Create(MethodSpecification specification, object[] given)
    {
        var parameters = constructor.GetParameters();
        var unknown = specification.Options.Keys.FirstOrDefault(name =>
            !parameters.Any(parameter => IsOption(parameter, given) && OptionName(parameter) == name)
        );
        if (unknown is not null)
        {
            var options = parameters.Where(parameter => IsOption(parameter, given)).Select(OptionName).ToArray();
            throw new FormatException(
                $"'{Name}' has no option '{unknown}'{NameSuggestion.Hint(unknown, options)}; {(options.Length == 0 ? "it has none" : $"its options are {string.Join(", ", options)}")}."
            );
        }

        try
        {
            return constructor.Invoke([.. parameters.Select(parameter => Argument(parameter, specification, given))]);
        }
        catch (TargetInvocationException failure) when (failure.InnerException is ArgumentException inner)
        {
            var reason = ArgumentMessage.Of(inner).Split('\n')[0].TrimEnd();
            throw new FormatException($"'{specification.Text}': {reason}", inner);
        }
        catch (TargetInvocationException failure) when (failure.InnerException is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure.InnerException);
            throw;
        }
    }

    private object? Argument(ParameterInfo parameter, MethodSpecification specification, object[] given)
    {
        if (IsOption(parameter, given) && specification.Options.TryGetValue(OptionName(parameter), out var text))
        {
            var value = Read(text, parameter);
            RequireSize(value, text, parameter);
            return value;
        }

        // An option keeps its default even where something given happens to be of its type.
        var fitting = IsTextual(parameter) && parameter.HasDefaultValue ? null : Given(parameter, given);
        return fitting
            ?? (
                parameter.HasDefaultValue ? parameter.DefaultValue
                : IsTextual(parameter)
                    ? throw new FormatException(
                        $"'{Name}' needs '{OptionName(parameter)}'; write {Name}:{OptionName(parameter)}=..."
                    )
                : throw new FormatException(
                    $"'{Name}' needs {OptionName(parameter).Replace('-', ' ')}, which is not known here; choose another {Kind.ToString().ToLowerInvariant()}."
                )
            );
    }

    private static object? Given(ParameterInfo parameter, object[] given) =>
        Array.Find(given, value => parameter.ParameterType.IsInstanceOfType(value));

    private object Read(string text, ParameterInfo parameter)
    {
        var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        try
        {
            return type switch
            {
                _ when type == typeof(int[]) => Parts(text, "[/-]")
                    .Select(part => int.Parse(part, CultureInfo.InvariantCulture))
                    .ToArray(),
                _ when type == typeof(double[]) => Parts(text, "/|(?<=[0-9.])-")
                    .Select(part => double.Parse(part, CultureInfo.InvariantCulture))
                    .ToArray(),
                _ when OptionTextAttribute.Marks(type) => OptionTextAttribute.Read(type, text),
                _ when type == typeof(string[]) => text.Split('/', StringSplitOptions.RemoveEmptyEntries),
                _ when type.IsEnum => Enum.GetNames(type).FirstOrDefault(name => Kebab(name) == text) is { } name
                    ? Enum.Parse(type, name)
                    : throw new FormatException($"one of {string.Join(", ", Enum.GetNames(type).Select(Kebab))}"),
                _ when type == typeof(bool) => text switch
                {
                    "true" or "1" or "yes" => true,
                    "false" or "0" or "no" => false,
                    _ => throw new FormatException("true or false"),
                },
                _ => Convert.ChangeType(text, type, CultureInfo.InvariantCulture),
            };
        }
        catch (Exception failure) when (failure is FormatException or OverflowException or InvalidCastException)
        {
            var expected =
                type.IsEnum || type == typeof(bool) || OptionTextAttribute.Marks(type) ? failure.Message
                : type == typeof(int[]) ? "whole numbers such as 256-64"
                : type == typeof(double[]) ? "numbers such as 0.3/0.7"
                : type == typeof(int) || type == typeof(long) ? "a whole number"
                : "a number";
            throw new FormatException($"'{Name}:{OptionName(parameter)}' takes {expected}; got '{text}'.", failure);
        }
    }

    /// <summary>Refuses sizes beyond any network, before anything of such a size is made: a number of rows or bytes in the wrong place.</summary>
    private void RequireSize(object value, string text, ParameterInfo parameter)
    {
        int[] sizes = value switch
        {
            int[] several => several,
            int one => [one],
            _ => [],
        };
        var isSize =
            Kind is MethodKind.Architecture or MethodKind.Encoder or MethodKind.Head
            || parameter.Name!.Contains("width", StringComparison.OrdinalIgnoreCase);
        if (isSize && Array.Exists(sizes, size => size > LargestSize))
        {
            throw new FormatException(
                $"'{Name}:{OptionName(parameter)}' takes whole numbers up to {LargestSize}; got '{text}'."
            );
        }
    }

    /// <summary>Whether text may set it: it can be written, and is not what the caller has to give, such as the width of the input.</summary>
    private static bool IsOption(ParameterInfo parameter, object[] given) =>
        IsTextual(parameter) && (parameter.HasDefaultValue || Given(parameter, given) is null);

    private static bool IsTextual(ParameterInfo parameter)
    {
        var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        return type.IsPrimitive
            || type.IsEnum
            || type == typeof(string)
            || type == typeof(int[])
            || type == typeof(double[])
            || type == typeof(string[])
            || OptionTextAttribute.Marks(type);
    }

    /// <summary>The numbers of a list, apart by '/' or '-'; a number with an exponent keeps its sign.</summary>
    private static IEnumerable<string> Parts(string text, string separator) =>
        text.Length == 0 ? [] : Regex.Split(text, separator);

    private static string OptionName(ParameterInfo parameter) => Kebab(parameter.Name!);

    private static string Kebab(string name) =>
        string.Concat(
            name.Select((c, i) => char.IsUpper(c) ? (i == 0 ? "" : "-") + char.ToLowerInvariant(c) : c.ToString())
        );

    private static string Write(object? value) =>
        value switch
        {
            null => "...",
            Enum choice => Kebab(choice.ToString()),
            bool flag => flag ? "true" : "false",
            _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
        };
}
