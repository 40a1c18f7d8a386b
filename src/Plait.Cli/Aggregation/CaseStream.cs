namespace Plait.Cli.Aggregation;

/// <summary>Answers cases one by one as they come; one that is wrong stops nothing.</summary>
/// <param name="methods">What to apply to each case, in this order.</param>
/// <param name="seed">Decides what methods that draw chance draw.</param>
/// <param name="answers">Takes the answers.</param>
/// <param name="pictures">Draws the cases; null for no pictures.</param>
internal sealed class CaseStream(
    IReadOnlyList<NamedAggregator> methods,
    long seed,
    AnswerWriter answers,
    CasePictures? pictures
)
{
    /// <summary>Lines that were no case, or that a method refused or nobody could draw.</summary>
    public long Failed { get; private set; }

    /// <summary>Lines that held something.</summary>
    public long Lines { get; private set; }

    public async Task RunAsync(Stream input, CancellationToken cancel)
    {
        await foreach (var (number, text) in JsonLines.ReadAsync(input, cancel))
        {
            Lines++;
            Failed += Answer(text.Span, number, cancel) ? 0 : 1;
        }
    }

    private bool Answer(ReadOnlySpan<byte> line, long number, CancellationToken cancel)
    {
        GradientCase given;
        try
        {
            given = CaseReader.Read(line, number);
        }
        catch (Exception failure) when (IsOfTheCase(failure))
        {
            answers.Write(CaseReader.IdOf(line), null, number, CommandFailure.MessageOf(failure));
            return false;
        }

        var updates = new List<(string Method, CombinedUpdate Update)>();
        foreach (var method in methods)
        {
            cancel.ThrowIfCancellationRequested();
            var name = methods.Count > 1 ? method.Name : null;
            CombinedUpdate update;
            try
            {
                update = method.Apply(given, seed);
            }
            catch (Exception failure) when (IsOfTheCase(failure))
            {
                answers.Write(given.Id, name, number, CommandFailure.MessageOf(failure));
                continue;
            }

            answers.Write(given.Id, name, update);
            updates.Add((method.Name, update));
        }

        return (pictures?.Draw(given, updates) ?? true) && updates.Count == methods.Count;
    }

    private static bool IsOfTheCase(Exception failure) =>
        failure is not OperationCanceledException && CommandFailure.CodeOf(failure) is not null;
}
