using System.Globalization;

namespace Plait.Torch;

/// <summary>How much memory the content of one file may take before the file is refused: what a file says of itself is no reason to believe it.</summary>
/// <remarks>
/// The usual limit leaves room for whatever honest files hold. It stops small files that unpack to enormous ones. Files that are packed in
/// earnest and need more are read with a larger <see cref="Constant"/>, or with the environment variable PLAIT_READ_MIB.
/// </remarks>
public sealed record ReadingLimits
{
    /// <summary>The environment variable that sets <see cref="Constant"/>, in MiB.</summary>
    public const string Variable = "PLAIT_READ_MIB";

    private const int BytesOfMebibyte = 1 << 20;

    /// <summary>Bytes that the content of any file may take, however small the file is; 0 or more.</summary>
    public long Constant { get; init; } = 128 * BytesOfMebibyte;

    /// <summary>Bytes that the content may take beyond that for each byte of the file; 1 or more.</summary>
    public int Ratio { get; init; } = 64;

    /// <summary>The usual limits, with the constant that <see cref="Variable"/> sets, where it does.</summary>
    /// <exception cref="InvalidDataException">The variable is set to something that is no number of MiB.</exception>
    public static ReadingLimits Usual => Of(Environment.GetEnvironmentVariable);

    /// <summary>The limits that an environment asks for.</summary>
    /// <param name="variable">Reads an environment variable.</param>
    internal static ReadingLimits Of(Func<string, string?> variable)
    {
        if (variable(Variable) is not { Length: > 0 } text)
        {
            return new();
        }

        return
            long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var mebibytes)
            && mebibytes is > 0 and <= long.MaxValue / BytesOfMebibyte
            ? new() { Constant = mebibytes * BytesOfMebibyte }
            : throw new InvalidDataException(
                $"{Variable} is '{ForeignText.Printable(text)}'; expected how many MiB the content of one file may take, such as 512."
            );
    }

    /// <summary>The most that a file's content may take.</summary>
    /// <param name="length">Bytes of the file.</param>
    internal long Of(long length) =>
        length > (long.MaxValue - Constant) / Ratio ? long.MaxValue : Constant + (Ratio * length);
}
