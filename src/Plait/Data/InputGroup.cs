using Plait.Tasks;

namespace Plait.Data;

/// <summary>Rows of a batch, and the tasks that look at them.</summary>
/// <param name="Input">The rows.</param>
/// <param name="Tasks">One task or more.</param>
public sealed record InputGroup(BatchInput Input, TaskSelection Tasks);
