namespace Plait.Catalogue;

/// <summary>What an exception says to people who have not seen the program.</summary>
public static class ArgumentMessage
{
    /// <summary>The message of an exception, without the name of a parameter, which .NET puts behind it.</summary>
    public static string Of(Exception failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return failure is ArgumentException { ParamName: { } parameter }
            ? failure.Message.Replace($" (Parameter '{parameter}')", "", StringComparison.Ordinal)
            : failure.Message;
    }
}
