namespace Plait.Cli.Arguments;

/// <summary>Reads several methods from one option: "hps,mmoe:experts=4,expert-widths=32,cross-stitch" names three.</summary>
internal static class MethodList
{
    /// <summary>Splits at commas that begin a new method; one behind which an option of the last method stands does not.</summary>
    public static IReadOnlyList<string> Parse(string text)
    {
        var methods = new List<string>();
        foreach (var part in NameList.Split(text))
        {
            var colon = part.IndexOf(':', StringComparison.Ordinal);
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            var isOption = equals >= 0 && (colon < 0 || equals < colon);
            if (isOption && methods.Count > 0)
            {
                methods[^1] += $",{part}";
            }
            else
            {
                methods.Add(part);
            }
        }

        return methods;
    }
}
