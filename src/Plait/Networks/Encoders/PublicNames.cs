using System.Globalization;
using System.Text.RegularExpressions;

namespace Plait.Networks.Encoders;

/// <summary>What parameters and buffers of encoders are called in public checkpoints.</summary>
/// <remarks>A unit here is a convolution, "0", with its normalisation, "1"; there they are two modules of their own.</remarks>
internal static partial class PublicNames
{
    /// <summary>The name in torchvision's ResNets: conv1, bn1, layer1.0.conv1, layer1.0.downsample.0...; and in SE-ResNets layer1.0.se.fc.0...</summary>
    public static string OfResidualNetwork(string name) =>
        Stem().Match(name) is { Success: true } stem ? OfUnit(stem, "")
        : Block().Match(name) is { Success: true } block ? OfBlock(block, $"layer{block.Groups["stage"].Value}")
        : Excitation().Match(name) is { Success: true } own
            ? $"layer{own.Groups["stage"].Value}.{own.Groups["block"].Value}.se.fc.{(own.Groups["layer"].Value == "squeeze" ? 0 : 2)}.{own.Groups["rest"].Value}"
        : name;

    /// <summary>The name in the networks of Wang et al. 2020: transition1.0.0, stage2.0.branches.0.0.conv1, stage2.0.fuse_layers.0.1.0...</summary>
    public static string OfHighResolutionNetwork(string name)
    {
        if (Part().Match(name) is not { Success: true } match)
        {
            return OfResidualNetwork(name);
        }

        var (part, within) = (Number(match, "part"), match.Groups["within"].Value);
        if (Transition().Match(within) is { Success: true } transition)
        {
            var stream = Number(transition, "stream");
            // A stream that begins here is one step of a list of steps there.
            var step = stream > part ? ".0" : "";
            return $"transition{part + 1}.{stream}{step}.{transition.Groups["leaf"].Value}";
        }

        var exchange = Exchange().Match(within);
        var place = $"stage{part + 2}.{exchange.Groups["exchange"].Value}";
        within = exchange.Groups["within"].Value;
        return Block().Match(within) is { Success: true } block
                ? OfBlock(block, $"{place}.branches.{block.Groups["stage"].Value}")
            : Step().Match(within) is { Success: true } fuse
                ? $"{place}.fuse_layers.{fuse.Groups["place"].Value}.{fuse.Groups["leaf"].Value}"
            : $"{place}.{within.Replace("fuses.", "fuse_layers.", StringComparison.Ordinal)}";
    }

    private static string OfBlock(Match block, string layer)
    {
        var place = $"{layer}.{block.Groups["block"].Value}.";
        return block.Groups["unit"].Success
            ? OfUnit(block, place)
            : $"{place}downsample.{block.Groups["leaf"].Value}.{block.Groups["rest"].Value}";
    }

    /// <summary>Units stand at every second place of a branch, with activations between them.</summary>
    private static string OfUnit(Match match, string place) =>
        $"{place}{(match.Groups["leaf"].Value == "0" ? "conv" : "bn")}{(Number(match, "unit") / 2) + 1}.{match.Groups["rest"].Value}";

    private static int Number(Match match, string group) =>
        int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^stages\.0\.(?<unit>\d+)\.(?<leaf>[01])\.(?<rest>\w+)$")]
    private static partial Regex Stem();

    [GeneratedRegex(
        @"^(stages|branches)\.(?<stage>\d+)\.(?<block>\d+)\.(residual\.(?<unit>\d+)|shortcut)\.(?<leaf>[01])\.(?<rest>\w+)$"
    )]
    private static partial Regex Block();

    /// <summary>What closes a block of SE-ResNets, as Maninis et al. 2019 name it.</summary>
    [GeneratedRegex(@"^stages\.(?<stage>\d+)\.(?<block>\d+)\.residual\.\d+\.(?<layer>squeeze|excite)\.(?<rest>\w+)$")]
    private static partial Regex Excitation();

    [GeneratedRegex(@"^stages\.2\.parts\.(?<part>\d+)\.(?<within>.+)$")]
    private static partial Regex Part();

    [GeneratedRegex(@"^transitions\.(?<stream>\d+)\.0\.(?<leaf>[01]\.\w+)$")]
    private static partial Regex Transition();

    [GeneratedRegex(@"^exchanges\.(?<exchange>\d+)\.(?<within>.+)$")]
    private static partial Regex Exchange();

    /// <summary>A step of several down the scales, which has an activation after its unit.</summary>
    [GeneratedRegex(@"^fuses\.(?<place>\d+\.\d+\.\d+)\.0\.(?<leaf>[01]\.\w+)$")]
    private static partial Regex Step();
}
