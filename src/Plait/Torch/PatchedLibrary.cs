using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Plait.Torch;

/// <summary>
/// Loads a copy of TorchSharp's binding that no longer insists on the symbol version of a newer C++ library.
/// </summary>
/// <remarks>
/// The binding's only use of <c>GLIBCXX_3.4.32</c> is a marker that GCC 13 leaves in every program. Debian 12 and others of
/// its age have an older C++ library, on which everything works once the requirement is marked weak.
/// </remarks>
internal static class PatchedLibrary
{
    private const string MarkerVersion = "GLIBCXX_3.4.32";

    /// <summary>Loads the patched copy of a library, from the user's cache where there is one.</summary>
    /// <returns>Whether it was loaded; false also when there is nothing to patch.</returns>
    public static bool TryLoad(string library)
    {
        var bytes = File.ReadAllBytes(library);
        return ElfVersionNeeds.TryWeaken(bytes, MarkerVersion)
            && (
                TryLoadFromCache(bytes, Path.GetFileName(library))
                || TryLoadFromTemporary(bytes, Path.GetFileName(library))
            );
    }

    private static bool TryLoadFromCache(byte[] bytes, string name)
    {
        var data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        if (data.Length == 0)
        {
            return false;
        }

        try
        {
            var hash = Convert.ToHexStringLower(SHA256.HashData(bytes))[..16];
            var folder = Directory.CreateDirectory(Path.Combine(data, "plait", "native", hash)).FullName;
            return NativeLibrary.TryLoad(Stored(bytes, Path.Combine(folder, name)), out _);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // A read-only or full home folder: the temporary folder may still do.
        }
    }

    private static string Stored(byte[] bytes, string path)
    {
        // Compared in full, so that a torn or foreign file is replaced rather than loaded.
        if (!File.Exists(path) || !File.ReadAllBytes(path).AsSpan().SequenceEqual(bytes))
        {
            // Several processes may start at once; each of them finds a whole file.
            AtomicFile.Write(path, stream => stream.Write(bytes));
        }

        return path;
    }

    private static bool TryLoadFromTemporary(byte[] bytes, string name)
    {
        // A new folder that only this user can write: a fixed name in a shared folder could be somebody else's library.
        var folder = Directory.CreateTempSubdirectory("plait-");
        try
        {
            return NativeLibrary.TryLoad(Stored(bytes, Path.Combine(folder.FullName, name)), out _);
        }
        finally
        {
            folder.Delete(recursive: true); // Linux keeps a loaded library alive without its file.
        }
    }
}
