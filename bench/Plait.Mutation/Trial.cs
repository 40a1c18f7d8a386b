namespace Plait.Mutation;

/// <summary>Tries one mutant on the test classes that come to it, those first that are named as its file and then the quick ones.</summary>
internal sealed class Trial(TestProgram tests, IReadOnlyList<TestClass> classes)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(5); // worth of quick classes, which tell most mutants
    private static readonly TimeSpan Next = TimeSpan.FromSeconds(60);

    /// <summary>Stops at the first failure.</summary>
    public Outcome Of(Mutant mutant)
    {
        var name = Path.GetFileName(mutant.File).Split('.')[0];
        var waiting = new Queue<TestClass>(
            classes
                .Where(one => one.Reached.Contains(mutant.Id))
                .OrderBy(one => one.Name.EndsWith($".{name}Tests", StringComparison.Ordinal) ? 0 : 1)
                .ThenBy(one => one.Time)
        );
        if (waiting.Count == 0)
        {
            return Outcome.Unreached;
        }

        for (var worth = First; waiting.Count > 0; worth = Next)
        {
            var together = new List<TestClass>();
            for (var time = TimeSpan.Zero; waiting.Count > 0 && time < worth; time += together[^1].Time)
            {
                together.Add(waiting.Dequeue());
            }

            if (tests.Try(mutant, together) is var outcome and not Outcome.Survived)
            {
                return outcome;
            }
        }

        return Outcome.Survived;
    }
}
