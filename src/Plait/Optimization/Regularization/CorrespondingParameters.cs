using Plait.Networks;
using TorchSharp.Modules;

namespace Plait.Optimization.Regularization;

/// <summary>Finds the private parameters of different tasks that play the same part.</summary>
/// <remarks>They stand at the same place among their tasks' private parameters, are trained, and have shapes that fit each other.</remarks>
internal static class CorrespondingParameters
{
    /// <summary>Parameters of one shape: one of each task.</summary>
    public static IEnumerable<Parameter[]> Of(MultiTaskNetwork network) =>
        Fitting(network, (own, first) => own.shape.AsSpan().SequenceEqual(first.shape));

    /// <summary>Weights of one shape, with two axes or more: one of each task.</summary>
    public static IEnumerable<Parameter[]> WeightsOf(MultiTaskNetwork network) =>
        Of(network).Where(weights => weights[0].dim() >= 2);

    /// <summary>Weights that read equally wide inputs, their second axis: one of each task.</summary>
    public static IEnumerable<Parameter[]> ReadersOf(MultiTaskNetwork network) =>
        Fitting(network, (own, first) => own.dim() >= 2 && own.dim() == first.dim() && own.size(1) == first.size(1));

    /// <summary>Refuses a network in which nothing was found.</summary>
    /// <exception cref="NotSupportedException">Nothing was found.</exception>
    public static void Require(MultiTaskNetwork network, IEnumerable<Parameter[]> found, string whatFor)
    {
        if (!found.Any())
        {
            throw new NotSupportedException(
                $"The tasks of {network.GetName()} have no private parameters that correspond, so there is nothing to {whatFor}; use an architecture with one network a task."
            );
        }
    }

    private static IEnumerable<Parameter[]> Fitting(MultiTaskNetwork network, Func<Parameter, Parameter, bool> fits)
    {
        ArgumentNullException.ThrowIfNull(network);
        Parameter[][] ofTask =
        [
            .. Enumerable.Range(0, network.Tasks.Count).Select(task => network.ParametersOf(task).ToArray()),
        ];
        for (var place = 0; place < ofTask.Min(own => own.Length); place++)
        {
            if (Array.TrueForAll(ofTask, own => own[place].requires_grad && fits(own[place], ofTask[0][place])))
            {
                yield return [.. ofTask.Select(own => own[place])];
            }
        }
    }
}
