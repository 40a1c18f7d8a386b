using System.Reflection;

namespace Plait.Training;

/// <summary>A setting of a <see cref="RunSpecification"/> as people write it: its name, what it does, its values.</summary>
public sealed class RunSetting
{
    private readonly PropertyInfo property;
    private readonly SettingAttribute said;

    private RunSetting(PropertyInfo property, SettingAttribute said) => (this.property, this.said) = (property, said);

    /// <summary>All settings, in the order of the specification.</summary>
    public static IReadOnlyList<RunSetting> All { get; } =
    [
        .. typeof(RunSpecification)
            .GetProperties()
            .Select(property => (Property: property, Said: property.GetCustomAttribute<SettingAttribute>()))
            .Where(one => one.Said is not null)
            .Select(one => new RunSetting(one.Property, one.Said!)),
    ];

    /// <summary>The name of its property.</summary>
    public string Property => property.Name;

    /// <summary>Its name, in lower case with hyphens.</summary>
    public string Name => said.Name;

    /// <summary>What it does, in a sentence or two.</summary>
    public string Summary => said.Summary;

    /// <summary>What help calls a value of it.</summary>
    public string ValueName => said.ValueName;

    /// <summary>Of whole numbers, the least one.</summary>
    public int Least => said.Least;

    /// <summary>The type of its property: a text, texts, a number or a time.</summary>
    public Type Type => property.PropertyType;

    /// <summary>What a specification says, as people write it; null where it says nothing.</summary>
    /// <param name="run">The specification.</param>
    public object? Of(RunSpecification run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return property.GetValue(run) switch
        {
            null when said.ZeroIsNone => 0,
            long bytes when said.Unit != 1 => (int)(bytes / said.Unit),
            var value => value,
        };
    }

    /// <summary>The specification with another value.</summary>
    /// <param name="run">The specification.</param>
    /// <param name="value">As people write it, of a type that <see cref="Of"/> gives; null for none.</param>
    /// <returns>A new one.</returns>
    public RunSpecification With(RunSpecification run, object? value)
    {
        ArgumentNullException.ThrowIfNull(run);
        var changed = run with { };
        property.SetValue(
            changed,
            value switch
            {
                0 when said.ZeroIsNone => null,
                int number when said.Unit != 1 => number * said.Unit,
                string path when said.IsPath => Path.GetFullPath(path),
                IReadOnlyList<string> paths when said.IsPath => paths.Select(Path.GetFullPath).ToArray(),
                _ => value,
            }
        );
        return changed;
    }
}
