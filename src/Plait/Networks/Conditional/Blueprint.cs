using Plait.Networks.Encoders;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Networks.Conditional;

/// <summary>The layers of a module without their parameters, which are given anew at each pass and may be tied to whatever made them.</summary>
/// <remarks>
/// Linear layers, convolutions and layers without parameters. Batch normalisation is refused: its running statistics belong
/// to one set of parameters, and here there are as many as preferences.
/// </remarks>
internal sealed class Blueprint : IDisposable
{
    private readonly Module<Tensor, Tensor> module;

    /// <summary>Takes a module over, with the values that it starts with.</summary>
    /// <exception cref="NotSupportedException">A layer of it cannot be given parameters, or it is an encoder of other rows than those of one shape.</exception>
    public Blueprint(Module<Tensor, Tensor> module)
    {
        if (module is Encoder { Input: { Shape: null } input } encoder)
        {
            throw new NotSupportedException(
                $"{encoder.GetName()} reads {input.Text}, and networks for a whole Pareto front read rows of one shape: choose another architecture, such as hps."
            );
        }

        this.module = module;
        var parameters = new List<Parameter>();
        Collect(module, parameters);
        Initial = parameters;
    }

    /// <summary>The parameters that the module was made with, in the order in which <see cref="Run"/> takes others.</summary>
    public IReadOnlyList<Parameter> Initial { get; }

    /// <summary>Goes forward with other parameters; each row of the result is laid out flat.</summary>
    /// <param name="input">[rows, ...].</param>
    /// <param name="parameters">Of the shapes of <see cref="Initial"/>.</param>
    public Tensor Run(Tensor input, IReadOnlyList<Tensor> parameters)
    {
        var next = 0;
        var entering = module is Encoder encoder ? encoder.Normalise(input) : input; // the layers are gone through one by one
        var output = Walk(module, entering, parameters, ref next);
        return output.dim() == 2 ? output : output.flatten(1);
    }

    /// <summary>Sets the mode of layers such as dropout.</summary>
    public void Train(bool on) => module.train(on);

    public void Dispose() => module.Dispose();

    private static void Collect(Module module, List<Parameter> parameters)
    {
        switch (module)
        {
            case Linear linear:
                parameters.Add(linear.weight!);
                parameters.AddRange(Some(linear.bias));
                break;
            case Conv2d convolution when convolution is { padding_mode: PaddingModes.Zeros, padding_type: null }:
                parameters.Add(convolution.weight!);
                parameters.AddRange(Some(convolution.bias));
                break;
            default:
                foreach (var part in Parts(module))
                {
                    Collect(part, parameters);
                }

                break;
        }
    }

    private static Tensor Walk(
        Module<Tensor, Tensor> module,
        Tensor input,
        IReadOnlyList<Tensor> parameters,
        ref int next
    )
    {
        switch (module)
        {
            case Linear linear:
                var weight = parameters[next++];
                return functional.linear(input, weight, linear.bias is null ? null : parameters[next++]);
            case Conv2d convolution:
                var kernel = parameters[next++];
                return functional.conv2d(
                    input,
                    kernel,
                    convolution.bias is null ? null : parameters[next++],
                    convolution.stride,
                    convolution.padding,
                    convolution.dilation,
                    convolution.groups
                );
            default:
                var parts = Parts(module);
                if (parts.Count == 0)
                {
                    return module is Encoder or TorchSharp.Modules.Sequential ? input : module.call(input);
                }

                foreach (var part in parts)
                {
                    input = Walk(part, input, parameters, ref next);
                }

                return input;
        }
    }

    /// <summary>What a module calls one after the other; none for a layer without parameters.</summary>
    private static IReadOnlyList<Module<Tensor, Tensor>> Parts(Module module) =>
        module switch
        {
            Encoder encoder => encoder.Stages,
            TorchSharp.Modules.Sequential sequential => [.. sequential.children().Cast<Module<Tensor, Tensor>>()],
            _ when module.parameters().Any() || module.buffers().Any() => throw new NotSupportedException(
                $"{module.GetName()} cannot be given parameters from outside: networks for a whole Pareto front are made of linear layers and convolutions, such as the encoders mlp and lenet."
            ),
            _ => [],
        };

    private static IEnumerable<Parameter> Some(Parameter? parameter) => parameter is null ? [] : [parameter];
}
