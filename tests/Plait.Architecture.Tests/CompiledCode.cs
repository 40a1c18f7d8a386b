using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Plait.Architecture.Tests;

/// <summary>A reference from one compiled type to another.</summary>
/// <param name="From">The outermost type that uses.</param>
/// <param name="To">The outermost type that is used.</param>
internal readonly record struct Reference(TypeReference From, TypeReference To)
{
    /// <summary>As messages write it: "Plait.Tasks.TaskSet uses Plait.Data.BatchInput".</summary>
    public override string ToString() => $"{From.FullName} uses {To.FullName}";
}

/// <summary>What compiled code refers to: bases, members, attributes and instructions, of nested and generated types as well.</summary>
/// <remarks>Constants and <c>nameof</c> leave no trace in compiled code.</remarks>
internal static class CompiledCode
{
    /// <summary>All references between different outermost types of an assembly, and from it to those of others, each once.</summary>
    public static IEnumerable<Reference> ReferencesOf(AssemblyDefinition assembly) =>
        TypesOf(assembly)
            .SelectMany(type =>
                Used(type)
                    .SelectMany(Parts)
                    .Select(Outermost)
                    .DistinctBy(used => used.FullName)
                    .Where(used => used.FullName != type.FullName)
                    .Select(used => new Reference(type, used))
            );

    /// <summary>The outermost types of an assembly that people wrote.</summary>
    public static IEnumerable<TypeDefinition> TypesOf(AssemblyDefinition assembly) =>
        assembly.MainModule.Types.Where(type => type.Namespace.StartsWith("Plait", StringComparison.Ordinal));

    /// <summary>The methods that an outermost type calls, those of its nested types as well.</summary>
    public static IEnumerable<MethodReference> CallsOf(TypeDefinition type) =>
        Bodies(type).SelectMany(body => body.Instructions).Select(code => code.Operand).OfType<MethodReference>();

    private static IEnumerable<MethodBody> Bodies(TypeDefinition type) =>
        type
            .Methods.Where(method => method.HasBody)
            .Select(method => method.Body)
            .Concat(type.NestedTypes.SelectMany(Bodies));

    private static IEnumerable<TypeReference?> Used(TypeDefinition type) =>
        [
            type.BaseType,
            .. type.Interfaces.Select(implemented => implemented.InterfaceType),
            .. type.GenericParameters.SelectMany(Constraints),
            .. Attributes(type),
            .. type.Fields.Select(field => field.FieldType),
            .. type.Fields.SelectMany(Attributes),
            .. type.Properties.SelectMany(Attributes),
            .. type.Methods.SelectMany(Used),
            .. type.NestedTypes.SelectMany(Used),
        ];

    private static IEnumerable<TypeReference?> Used(MethodDefinition method) =>
        [
            method.ReturnType,
            .. Attributes(method),
            .. method.GenericParameters.SelectMany(Constraints),
            .. method.Parameters.Select(parameter => parameter.ParameterType),
            .. method.Parameters.SelectMany(Attributes),
            .. method.HasBody ? Used(method.Body) : [],
        ];

    private static IEnumerable<TypeReference?> Used(MethodBody body) =>
        [
            .. body.Variables.Select(variable => variable.VariableType),
            .. body.ExceptionHandlers.Select(handler => handler.CatchType),
            .. body.Instructions.SelectMany(code => Used(code.Operand)),
        ];

    private static IEnumerable<TypeReference?> Used(object? operand) =>
        operand switch
        {
            TypeReference type => [type],
            FieldReference field => [field.DeclaringType, field.FieldType],
            MethodReference method =>
            [
                method.DeclaringType,
                method.ReturnType,
                .. method.Parameters.Select(parameter => parameter.ParameterType),
                .. method is GenericInstanceMethod generic ? generic.GenericArguments : [],
            ],
            _ => [],
        };

    private static IEnumerable<TypeReference> Constraints(GenericParameter parameter) =>
        parameter.Constraints.Select(constraint => constraint.ConstraintType);

    private static IEnumerable<TypeReference> Attributes(ICustomAttributeProvider owner) =>
        owner.CustomAttributes.SelectMany(attribute =>
            attribute
                .ConstructorArguments.Select(argument => argument.Value)
                .OfType<TypeReference>()
                .Append(attribute.AttributeType)
        );

    /// <summary>A type without arrays, references and arguments around it, and those arguments.</summary>
    private static IEnumerable<TypeReference> Parts(TypeReference? type) =>
        type switch
        {
            null or GenericParameter => [],
            GenericInstanceType generic => generic.GenericArguments.SelectMany(Parts).Append(generic.ElementType),
            TypeSpecification around => Parts(around.ElementType),
            _ => [type],
        };

    private static TypeReference Outermost(TypeReference type)
    {
        while (type.DeclaringType is { } outer)
        {
            type = outer;
        }

        return type;
    }
}
