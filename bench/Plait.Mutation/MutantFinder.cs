using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Plait.Mutation;

/// <summary>Finds what can be changed in a file: operators, signs, numbers, minima and maxima, calls and assignments.</summary>
/// <remarks>
/// Left alone is what no test should see or the language wants constant: messages, attributes, patterns, named constants, default values,
/// checks for null, and what frees memory.
/// </remarks>
internal sealed class MutantFinder(SemanticModel model, string file) : CSharpSyntaxWalker
{
    private static readonly HashSet<string> Ownership =
    [
        "MoveToOuterDisposeScope",
        "DetachFromDisposeScope",
        "MoveToOtherDisposeScope",
        "alias",
        "contiguous",
        "Dispose",
    ];

    private static readonly HashSet<string> Unary = ["Abs", "Sqrt", "Clamp", "Exp", "Log", "Round"];

    private readonly List<Mutant> found = [];

    /// <summary>All mutants of a file.</summary>
    public static IReadOnlyList<Mutant> In(SemanticModel model, string file)
    {
        var finder = new MutantFinder(model, file);
        finder.Visit(model.SyntaxTree.GetRoot());
        return finder.found;
    }

    public override void Visit(SyntaxNode? node)
    {
        if (node is null || IsLeftAlone(node))
        {
            return;
        }

        switch (node)
        {
            case ExpressionStatementSyntax statement:
                Find(statement);
                break;
            case BinaryExpressionSyntax binary:
                Find(binary);
                break;
            case LiteralExpressionSyntax literal when literal.IsKind(SyntaxKind.NumericLiteralExpression):
                Find(literal);
                break;
            case PrefixUnaryExpressionSyntax unary
                when unary.IsKind(SyntaxKind.UnaryMinusExpression) || unary.IsKind(SyntaxKind.LogicalNotExpression):
                Add(unary, unary.Operand.ToString());
                break;
            case InvocationExpressionSyntax { Parent: not ExpressionStatementSyntax } call:
                Find(call);
                break;
        }

        base.Visit(node);
    }

    private static bool IsLeftAlone(SyntaxNode node) =>
        node
            is AttributeListSyntax
                or PatternSyntax
                or ThrowStatementSyntax
                or ThrowExpressionSyntax
                or InterpolatedStringExpressionSyntax
                or EnumMemberDeclarationSyntax
                or SwitchLabelSyntax
                or EqualsValueClauseSyntax { Parent: ParameterSyntax }
        || (node is FieldDeclarationSyntax field && field.Modifiers.Any(SyntaxKind.ConstKeyword))
        || (node is LocalDeclarationStatementSyntax local && local.IsConst)
        || (node is InvocationExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.Text: "nameof" } })
        || (node is InvocationExpressionSyntax call && NameOf(call).StartsWith("ThrowIf", StringComparison.Ordinal));

    private void Find(ExpressionStatementSyntax statement)
    {
        if (
            statement.Expression is InvocationExpressionSyntax call
            && !IsLeftAlone(call)
            && !Ownership.Contains(NameOf(call))
        )
        {
            Add(statement, "");
        }

        if (statement.Expression is AssignmentExpressionSyntax assignment && Other(assignment.Kind()) is { } other)
        {
            Add(statement, $"{assignment.Left} {other} {assignment.Right};");
        }
    }

    private void Find(BinaryExpressionSyntax binary)
    {
        if (model.GetTypeInfo(binary).Type?.SpecialType == SpecialType.System_String)
        {
            return;
        }

        foreach (var other in Others(binary.Kind()))
        {
            Add(binary, $"{Together(binary.Left)} {other} {Together(binary.Right)}");
        }
    }

    /// <summary>The other operator may bind more tightly.</summary>
    private static string Together(ExpressionSyntax operand) =>
        operand is BinaryExpressionSyntax or ConditionalExpressionSyntax ? $"({operand})" : operand.ToString();

    private void Find(LiteralExpressionSyntax literal)
    {
        object? value = literal.Token.Value switch
        {
            int number => number + 1,
            long number => $"{number + 1}L",
            double number => number == 0 ? "1.0" : $"{literal.Token.Text} * 2",
            float number => number == 0 ? "1f" : $"{literal.Token.Text} * 2",
            _ => null,
        };
        if (value is not null)
        {
            Add(literal, $"{value}");
        }
    }

    /// <summary>Whether it stands behind a <c>?.</c>, without which it means nothing.</summary>
    private static bool GoesOnFromNull(ExpressionSyntax expression) =>
        expression switch
        {
            MemberBindingExpressionSyntax or ElementBindingExpressionSyntax => true,
            MemberAccessExpressionSyntax access => GoesOnFromNull(access.Expression),
            InvocationExpressionSyntax call => GoesOnFromNull(call.Expression),
            ElementAccessExpressionSyntax element => GoesOnFromNull(element.Expression),
            _ => false,
        };

    private void Find(InvocationExpressionSyntax call)
    {
        if (
            call.Expression is not MemberAccessExpressionSyntax access
            || GoesOnFromNull(access)
            || model.GetSymbolInfo(call).Symbol is not IMethodSymbol method
        )
        {
            return;
        }

        var name = access.Name.Identifier.Text;
        var arguments = call.ArgumentList;
        if (method.ContainingType.ToString() is "System.Math" or "System.MathF")
        {
            var after = name switch
            {
                "Min" => $"{access.Expression}.Max{arguments}",
                "Max" => $"{access.Expression}.Min{arguments}",
                _ when Unary.Contains(name) => arguments.Arguments[0].ToString(),
                _ => null,
            };
            if (after is not null)
            {
                Add(call, after);
            }
        }
        else if (
            !method.IsStatic
            && model.GetTypeInfo(access.Expression).Type is { } type
            && SymbolEqualityComparer.Default.Equals(type, method.ReturnType)
            && !Ownership.Contains(name)
        )
        {
            Add(call, access.Expression.ToString());
        }
    }

    private void Add(SyntaxNode node, string after)
    {
        // A variable that is declared in it would be declared twice.
        if (
            node.DescendantNodes().Any(inner => inner is VariableDesignationSyntax or AnonymousFunctionExpressionSyntax)
        )
        {
            return;
        }

        var line = node.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
        found.Add(new Mutant(file, line, node.Span, node is StatementSyntax, node.ToString(), after));
    }

    private static string NameOf(InvocationExpressionSyntax call) =>
        call.Expression switch
        {
            MemberAccessExpressionSyntax access => access.Name.Identifier.Text,
            MemberBindingExpressionSyntax binding => binding.Name.Identifier.Text,
            IdentifierNameSyntax name => name.Identifier.Text,
            ConditionalAccessExpressionSyntax => "",
            _ => "",
        };

    private static string? Other(SyntaxKind assignment) =>
        assignment switch
        {
            SyntaxKind.AddAssignmentExpression => "-=",
            SyntaxKind.SubtractAssignmentExpression => "+=",
            SyntaxKind.MultiplyAssignmentExpression => "/=",
            SyntaxKind.DivideAssignmentExpression => "*=",
            SyntaxKind.OrAssignmentExpression => "&=",
            SyntaxKind.AndAssignmentExpression => "|=",
            _ => null,
        };

    private static string[] Others(SyntaxKind binary) =>
        binary switch
        {
            SyntaxKind.AddExpression => ["-"],
            SyntaxKind.SubtractExpression => ["+"],
            SyntaxKind.MultiplyExpression => ["/"],
            SyntaxKind.DivideExpression => ["*"],
            SyntaxKind.ModuloExpression => ["*"],
            SyntaxKind.LessThanExpression => ["<=", ">="],
            SyntaxKind.LessThanOrEqualExpression => ["<", ">"],
            SyntaxKind.GreaterThanExpression => [">=", "<="],
            SyntaxKind.GreaterThanOrEqualExpression => [">", "<"],
            SyntaxKind.EqualsExpression => ["!="],
            SyntaxKind.NotEqualsExpression => ["=="],
            SyntaxKind.LogicalAndExpression => ["||"],
            SyntaxKind.LogicalOrExpression => ["&&"],
            _ => [],
        };
}
