namespace Plait.Vision;

/// <summary>The program: writes the weights to a safetensors file once, for every command and program that takes <c>--encoder-weights</c>.</summary>
internal static class WeightsProgram
{
    public const int Success = 0;
    public const int Failure = 1;
    public const int WrongUsage = 2;

    private const string Usage = "usage: Plait.Vision.ResNet18 FILE.safetensors [ResNet18.onnx]";

    /// <summary>Runs a command line.</summary>
    /// <returns>The exit code.</returns>
    public static int Run(string[] args, TextWriter output, TextWriter error)
    {
        if (args is ["--help" or "-h" or "-?"])
        {
            output.WriteLine(Usage);
            return Success;
        }

        if (args is not ([_] or [_, _]) || Array.Exists(args, arg => arg.Length == 0 || arg[0] == '-'))
        {
            error.WriteLine($"{Usage}; got {(args.Length == 0 ? "nothing" : string.Join(' ', args))}");
            return WrongUsage;
        }

        try
        {
            var encoder = PretrainedResNet18.Save(args[0], args.ElementAtOrDefault(1));
            output.WriteLine($"{args[0]} is written; train with --encoder {encoder} --encoder-weights {args[0]}");
            return Success;
        }
        catch (Exception failure)
            when (failure is IOException or InvalidDataException or UnauthorizedAccessException or ArgumentException)
        {
            error.WriteLine(failure.Message.ReplaceLineEndings(" "));
            return Failure;
        }
    }
}
