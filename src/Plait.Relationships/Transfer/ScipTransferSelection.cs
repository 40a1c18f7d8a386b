using Google.OrTools.LinearSolver;

namespace Plait.Relationships.Transfer;

/// <summary>Solves the binary program of a taxonomy by SCIP, for any number of sources.</summary>
/// <remarks>
/// Zamir et al. 2018, <i>Taskonomy</i>, section 3.4, written as facility location: one binary variable a source, one share from 0 to 1 a
/// transfer, at most one whole share a target, and for each target and source no more shares of transfers that need the source than
/// of the source itself. Once the sources are whole so are the shares, and the relaxation is far tighter than with one row a
/// transfer. Of policies with equal totals SCIP may find another than <see cref="TransferSelection"/>.
/// </remarks>
public static class ScipTransferSelection
{
    /// <summary>Finds the best policy, or the best within a time.</summary>
    /// <param name="program">What to decide.</param>
    /// <param name="limit">How long to search; null for as long as it takes.</param>
    /// <returns>The policy; whether it is optimal, and the bound that was proved, say how good it is.</returns>
    /// <exception cref="InvalidOperationException">No policy was found in time.</exception>
    /// <exception cref="PlatformNotSupportedException">SCIP is not there.</exception>
    public static TransferPolicy Solve(TransferProgram program, TimeSpan? limit = null)
    {
        ArgumentNullException.ThrowIfNull(program);
        using var solver =
            Solver.CreateSolver("SCIP")
            ?? throw new PlatformNotSupportedException("OR-Tools has no SCIP here; use the exact search.");
        Variable[] chosen = [.. program.Sources.Select((_, source) => solver.MakeBoolVar($"source {source}"))];
        var budget = solver.MakeConstraint(0, program.Budget);
        for (var source = 0; source < chosen.Length; source++)
        {
            budget.SetCoefficient(chosen[source], program.Costs[source]);
        }

        // Affinities may be very small beside the solver's tolerances.
        var scale = program.Candidates.Max(candidate => candidate.Worth) is > 0 and var most ? 1000 / most : 1;
        foreach (var candidates in program.ByTarget)
        {
            Serve(solver, candidates, chosen, scale);
        }

        solver.Objective().SetMaximization();
        if (limit is { } time)
        {
            solver.SetTimeLimit((long)Math.Max(1, time.TotalMilliseconds));
        }

        using var parameters = new MPSolverParameters();
        parameters.SetDoubleParam(MPSolverParameters.DoubleParam.RELATIVE_MIP_GAP, 0);
        var status = solver.Solve(parameters);
        if (status is not (Solver.ResultStatus.OPTIMAL or Solver.ResultStatus.FEASIBLE))
        {
            throw new InvalidOperationException(
                $"SCIP found no policy ({status}); give it more time, or fewer sources and targets."
            );
        }

        return program.Serve(
            Enumerable.Range(0, chosen.Length).Where(source => chosen[source].SolutionValue() > 0.5),
            status == Solver.ResultStatus.OPTIMAL ? null : solver.Objective().BestBound() / scale
        );
    }

    private static void Serve(
        Solver solver,
        IReadOnlyList<TransferCandidate> candidates,
        Variable[] chosen,
        double scale
    )
    {
        var once = solver.MakeConstraint(0, 1);
        var needs = new Dictionary<int, Constraint>();
        foreach (var candidate in candidates)
        {
            var share = solver.MakeNumVar(0, 1, "");
            once.SetCoefficient(share, 1);
            solver.Objective().SetCoefficient(share, candidate.Worth * scale);
            foreach (var source in candidate.Sources)
            {
                if (!needs.TryGetValue(source, out var need))
                {
                    needs[source] = need = solver.MakeConstraint(double.NegativeInfinity, 0);
                    need.SetCoefficient(chosen[source], -1);
                }

                need.SetCoefficient(share, 1);
            }
        }
    }
}
