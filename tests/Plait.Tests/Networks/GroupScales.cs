using Plait.Networks;
using TorchSharp.Modules;

namespace Plait.Tests.Networks;

/// <summary>How many times the learning rate single parameters of a network take.</summary>
internal static class GroupScales
{
    public static double ScaleOf(this MultiTaskNetwork network, Parameter parameter) =>
        GroupOf(network, parameter).LearningRateScale;

    public static double AdaptiveScaleOf(this MultiTaskNetwork network, Parameter parameter) =>
        GroupOf(network, parameter).AdaptiveLearningRateScale;

    private static ParameterGroup GroupOf(MultiTaskNetwork network, Parameter parameter) =>
        network.ParameterGroups.Single(group => group.Parameters.Any(own => ReferenceEquals(own, parameter)));
}
