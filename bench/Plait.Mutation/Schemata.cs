using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace Plait.Mutation;

/// <summary>Writes all mutants of a file into it, each behind a switch: <c>a + b</c> becomes <c>Mutants.Is(17) ? a - b : a + b</c>.</summary>
/// <remarks>Untch, Offutt and Harrold 1993, <i>Mutation Analysis Using Mutant Schemata</i>: a mutant costs no build then.</remarks>
internal sealed class Schemata(IReadOnlyList<Mutant> mutants) : CSharpSyntaxRewriter
{
    /// <summary>Marks what a mutant wrote, by its number.</summary>
    public const string Mark = "mutant";

    private readonly ILookup<(int, int, bool), Mutant> places = mutants.ToLookup(mutant =>
        (mutant.Span.Start, mutant.Span.Length, mutant.IsStatement)
    );

    public override SyntaxNode? Visit(SyntaxNode? node)
    {
        var visited = base.Visit(node);
        if (node is not (ExpressionSyntax or StatementSyntax))
        {
            return visited;
        }

        foreach (var mutant in places[(node.SpanStart, node.Span.Length, node is StatementSyntax)])
        {
            visited = visited switch
            {
                ExpressionSyntax before when Says(node, mutant) => Switch(before, mutant),
                StatementSyntax before => Switch(before, mutant),
                _ => visited,
            };
        }

        return visited;
    }

    /// <summary>A parenthesis or an argument may span the same text as what is in it.</summary>
    private static bool Says(SyntaxNode node, Mutant mutant) =>
        node.ToString() == mutant.Before
        && node is not IdentifierNameSyntax
        && !(node.Parent is ExpressionSyntax parent && parent.Span == node.Span);

    private static ParenthesizedExpressionSyntax Switch(ExpressionSyntax before, Mutant mutant) =>
        ParenthesizedExpression(
                ConditionalExpression(
                    Question(mutant),
                    ParenthesizedExpression(ParseExpression(mutant.After)),
                    ParenthesizedExpression(before.WithoutTrivia())
                )
            )
            .WithTriviaFrom(before)
            .WithAdditionalAnnotations(Annotation(mutant));

    private static IfStatementSyntax Switch(StatementSyntax before, Mutant mutant) =>
        IfStatement(
                Question(mutant),
                mutant.After.Length == 0 ? Block() : Block(ParseStatement(mutant.After)),
                ElseClause(Block(before.WithoutTrivia()))
            )
            .NormalizeWhitespace()
            .WithTriviaFrom(before)
            .WithAdditionalAnnotations(Annotation(mutant));

    private static ExpressionSyntax Question(Mutant mutant) =>
        ParseExpression($"global::Plait.Mutation.Mutants.Is({mutant.Id.ToString(CultureInfo.InvariantCulture)})");

    private static SyntaxAnnotation Annotation(Mutant mutant) =>
        new(Mark, mutant.Id.ToString(CultureInfo.InvariantCulture));
}
