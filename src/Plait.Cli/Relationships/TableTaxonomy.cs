using Plait.Cli.Runs;
using Plait.Relationships.Tables;
using Plait.Relationships.Transfer;

namespace Plait.Cli.Relationships;

/// <summary>How the program is solved.</summary>
internal enum TransferSolver
{
    /// <summary>The exact search for as many sources as it takes, SCIP for more.</summary>
    Auto,

    /// <summary>The exact search.</summary>
    Exact,

    /// <summary>SCIP.</summary>
    Scip,
}

/// <summary>A taxonomy from a table of transfers: which sources to supervise, what each target is learned from, and how good that is.</summary>
internal sealed record TableTaxonomy
{
    /// <summary>Policies that are drawn to compare with.</summary>
    public const int Draws = 1000;

    public required TransferTable Table { get; init; }

    public required TransferProgram Program { get; init; }

    public required TransferPolicy Policy { get; init; }

    public required TransferSolver Solver { get; init; }

    public required RatedPolicies Rates { get; init; }

    /// <summary>Solves the program of a table.</summary>
    /// <param name="table">Affinities.</param>
    /// <param name="options">What may be supervised, at what price, and what matters.</param>
    /// <param name="solver">How it is solved.</param>
    /// <param name="gain">Rates of wins over networks from scratch, or null.</param>
    /// <param name="quality">Rates of wins over networks with all labels, or null.</param>
    /// <param name="seed">Decides the random policies.</param>
    /// <param name="cancel">Ends the exact search.</param>
    public static TableTaxonomy Solve(
        TransferTable table,
        TransferOptions options,
        TransferSolver solver,
        TransferTable? gain,
        TransferTable? quality,
        long seed,
        CancellationToken cancel
    )
    {
        var program = JobCheck.AsUsage(() => new TransferProgram(table, options));
        var used =
            solver != TransferSolver.Auto ? solver
            : program.Sources.Count <= TransferSelection.MostSources ? TransferSolver.Exact
            : TransferSolver.Scip;
        var policy =
            used == TransferSolver.Scip
                ? ScipTransferSelection.Solve(program)
                : TransferSelection.Solve(program, cancel);
        return new TableTaxonomy
        {
            Table = table,
            Program = program,
            Policy = policy,
            Solver = used,
            Rates = RatedPolicies.Of(policy, RandomPolicies.Draw(program, Draws, seed), gain, quality),
        };
    }

    /// <summary>Reads a table of rates, which are from 0 to 1.</summary>
    /// <exception cref="CommandFailure">A rate is above 1.</exception>
    public static TransferTable? ReadRates(string? path)
    {
        if (path is null)
        {
            return null;
        }

        var table = TransferTableReader.Read(path);
        return table.Transfers.FirstOrDefault(transfer => transfer.Value > 1) is { } wrong
            ? throw new CommandFailure(
                FormattableString.Invariant(
                    $"{path}: the transfer {wrong} has the rate {wrong.Value}; a rate of wins is a share of samples, from 0 to 1."
                )
            )
            : table;
    }
}
