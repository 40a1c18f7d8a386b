using Plait.Testing;

[assembly: AssemblyFixture(typeof(OneThread))]

namespace Plait.Testing;

/// <summary>Gives torch one thread in an operation, as several test classes run side by side.</summary>
public sealed class OneThread
{
    public OneThread() => torch.set_num_threads(1);
}
