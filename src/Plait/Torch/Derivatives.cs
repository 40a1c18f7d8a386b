namespace Plait.Torch;

/// <summary>Derivatives that can be differentiated again, reached through TorchScript, where an error is an exception and not an abort.</summary>
internal static class Derivatives
{
    private const string Source = """
        def derivative(output: Tensor, input: Tensor) -> Tensor:
            found = torch.grad([output], [input], None, True, True, True)[0]
            if found is None:
                return torch.zeros_like(input)
            return found

        """;

    private static readonly Lazy<torch.jit.CompilationUnit> Unit = new(() =>
        torch.jit.compile(Source.ReplaceLineEndings("\n"))
    );

    /// <summary>The derivative of a scalar, tied to the graph; the graph stays.</summary>
    /// <param name="output">A scalar that requires a gradient.</param>
    /// <param name="input">What it depends on.</param>
    /// <returns>Of the input's shape; zeros where the output does not depend on it.</returns>
    public static Tensor Of(Tensor output, Tensor input) => (Tensor)Unit.Value.invoke("derivative", output, input);
}
