using System.CommandLine;
using Plait.Tasks;

namespace Plait.Cli.Commands;

/// <summary>The option that names columns to learn. Its description lists the kinds of targets, which are looked for when help is asked for and not before.</summary>
internal sealed class TargetOption : Option<string[]>
{
    private readonly string more;

    /// <summary>Makes the option.</summary>
    /// <param name="more">The last sentence of its description.</param>
    /// <param name="required">Whether a command needs it.</param>
    public TargetOption(string more, bool required = false)
        : base("--target", "-t")
    {
        this.more = more;
        HelpName = "NAME:KIND";
        Required = required;
    }

    /// <summary>Writes the description.</summary>
    public void Describe() =>
        Description = $"A column to learn: NAME, or NAME:KIND where KIND is {AnswerKinds.Listed}. {more}";
}
