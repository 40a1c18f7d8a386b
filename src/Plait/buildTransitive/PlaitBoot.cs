// Compiled into every project that uses Plait, so that libtorch is loaded before the first touch of TorchSharp.
file static class PlaitBoot
{
#pragma warning disable CA2255 // A module initializer is what makes `torch.manual_seed(0)` work as a first statement.
    [System.Runtime.CompilerServices.ModuleInitializer]
    internal static void Initialize() => Plait.Torch.TorchNative.EnsureAtStart();
#pragma warning restore CA2255
}
