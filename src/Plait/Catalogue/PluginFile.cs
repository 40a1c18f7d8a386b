using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.Versioning;

namespace Plait.Catalogue;

/// <summary>What an assembly says of itself before it is loaded: whether it is one, and what it was built for.</summary>
internal static class PluginFile
{
    /// <summary>Refuses a file that cannot be a plugin of this program.</summary>
    /// <param name="file">Its full path.</param>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    /// <exception cref="InvalidDataException">It is no assembly, or is built for something else; the message is one line that says what to do.</exception>
    public static void Check(string file)
    {
        if (!File.Exists(file))
        {
            throw new FileNotFoundException($"{file}: there is no such plugin; build its project first.", file);
        }

        using var content = File.OpenRead(file);
        using var image = Open(content, file);
        var reader = image.GetMetadataReader();
        RequireFramework(reader, file);
        RequireLibrary(reader, file);
    }

    private static PEReader Open(Stream content, string file)
    {
        PEReader? image = null;
        try
        {
            image = new PEReader(content);
            if (image.HasMetadata && image.GetMetadataReader().IsAssembly)
            {
                return image;
            }
        }
        catch (Exception fault) when (fault is BadImageFormatException or InvalidOperationException)
        {
            // Said below.
        }

        image?.Dispose();
        throw new InvalidDataException(
            $"{file} is no .NET assembly; name the .dll that the plugin's project builds, such as bin/Release/net10.0/My.dll."
        );
    }

    private static void RequireFramework(MetadataReader reader, string file)
    {
        if (FrameworkOf(reader) is not { } name)
        {
            return;
        }

        var framework = new FrameworkName(name);
        var runtime = Environment.Version;
        if (
            framework.Identifier != ".NETStandard"
            && (framework.Identifier != ".NETCoreApp" || framework.Version > new Version(runtime.Major, runtime.Minor))
        )
        {
            throw new InvalidDataException(
                $"{file} is built for {framework.Identifier} {framework.Version}, and this program runs on .NET {runtime.Major}.{runtime.Minor}; build it for net{runtime.Major}.{runtime.Minor}."
            );
        }
    }

    /// <summary>Refuses what has nothing to do with the library, and what was built against another version of it.</summary>
    private static void RequireLibrary(MetadataReader reader, string file)
    {
        var library = typeof(PluginFile).Assembly.GetName();
        var built = reader
            .AssemblyReferences.Select(reader.GetAssemblyReference)
            .Where(reference => reader.StringComparer.Equals(reference.Name, library.Name!))
            .Select(reference => reference.Version)
            .FirstOrDefault();
        if (built is null)
        {
            throw new InvalidDataException($"{file} holds no methods: it does not refer to {library.Name}.");
        }

        var own = library.Version!;
        if (built.Major != own.Major || built.Minor != own.Minor || built > own)
        {
            throw new InvalidDataException(
                $"{file} is built against {library.Name} {built.ToString(3)}, and this is {own.ToString(3)}; build it against this version."
            );
        }
    }

    /// <summary>What the compiler wrote down, such as ".NETCoreApp,Version=v10.0"; null where it wrote nothing.</summary>
    private static string? FrameworkOf(MetadataReader reader)
    {
        foreach (var handle in reader.GetAssemblyDefinition().GetCustomAttributes())
        {
            var attribute = reader.GetCustomAttribute(handle);
            if (
                attribute.Constructor is { Kind: HandleKind.MemberReference } constructor
                && reader.GetMemberReference((MemberReferenceHandle)constructor).Parent
                    is { Kind: HandleKind.TypeReference } type
                && reader.StringComparer.Equals(
                    reader.GetTypeReference((TypeReferenceHandle)type).Name,
                    nameof(TargetFrameworkAttribute)
                )
            )
            {
                var value = reader.GetBlobReader(attribute.Value);
                value.ReadUInt16(); // the prolog
                return value.ReadSerializedString();
            }
        }

        return null;
    }
}
