namespace Plait.Cli.Arguments;

/// <summary>Files that options name, to be read.</summary>
internal static class InputFile
{
    /// <summary>Opens one.</summary>
    /// <param name="file">The file; it may be a pipe.</param>
    /// <param name="holds">What it should hold, for errors.</param>
    /// <exception cref="CommandFailure">It is not there, is a folder, or may not be read.</exception>
    public static FileStream Open(string file, string holds)
    {
        Require(file, holds);
        try
        {
            return File.OpenRead(file);
        }
        catch (UnauthorizedAccessException)
        {
            throw new CommandFailure($"{file}: this file may not be read; check its permissions.");
        }
    }

    /// <summary>Refuses one that is not there.</summary>
    /// <param name="file">The file; it may be a pipe.</param>
    /// <param name="holds">What it should hold, for errors.</param>
    /// <exception cref="CommandFailure">It is not there, or is a folder.</exception>
    public static void Require(string file, string holds)
    {
        if (!File.Exists(file))
        {
            throw new CommandFailure(
                Directory.Exists(file)
                    ? $"{file}: this is a folder; name a file of {holds}."
                    : $"{file}: there is no such file."
            );
        }
    }

    /// <summary>Reads one that holds JSON.</summary>
    /// <param name="file">The file.</param>
    /// <param name="holds">What it should hold, for errors.</param>
    /// <param name="parse">Makes something of the text.</param>
    /// <param name="remedy">What to do about a file that is damaged or something else.</param>
    /// <exception cref="CommandFailure">It cannot be read, or holds something else.</exception>
    public static T ReadJson<T>(string file, string holds, Func<string, T> parse, string remedy)
    {
        using var reader = new StreamReader(Open(file, holds));
        try
        {
            return parse(reader.ReadToEnd());
        }
        catch (FormatException failure)
        {
            throw new CommandFailure($"{file}: {failure.Message.TrimEnd('.')}; {remedy}.");
        }
    }
}
