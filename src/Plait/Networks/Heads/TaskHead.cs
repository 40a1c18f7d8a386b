using Plait.Networks.Encoders;
using static TorchSharp.torch.nn;

namespace Plait.Networks.Heads;

/// <summary>The private part of a network: from features to one task's output.</summary>
/// <param name="name">The module's name.</param>
public abstract class TaskHead(string name) : Module<Features, Tensor>(name);
