using System.Runtime.CompilerServices;
using Plait.Torch;
using Plait.Vision;

try
{
    LoadLibTorch();
}
catch (Exception failure)
{
    Console.Error.WriteLine((failure.InnerException ?? failure).Message.ReplaceLineEndings(" "));
    return WeightsProgram.Failure;
}

return WeightsProgram.Run(args, Console.Out, Console.Error);

// By itself, since what fails to load does so when a method that names it is compiled.
[MethodImpl(MethodImplOptions.NoInlining)]
static void LoadLibTorch() => TorchNative.Ensure();
