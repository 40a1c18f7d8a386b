using Plait.Catalogue;
using Plait.Torch;

namespace Plait.Training;

/// <summary>Which optimizer a recipe trains with. It describes one and makes a new one for every run.</summary>
[MethodKind(MethodKind.Optimizer)]
public abstract class OptimizerChoice : OptimizerFactory;
