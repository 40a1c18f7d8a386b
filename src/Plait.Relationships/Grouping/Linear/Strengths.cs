namespace Plait.Relationships.Grouping.Linear;

/// <summary>Checks the strength of a penalty.</summary>
internal static class Strengths
{
    public static void Require(double strength, string name)
    {
        if (!(strength > 0 && double.IsFinite(strength)))
        {
            throw new ArgumentOutOfRangeException(
                name,
                strength,
                "The strength of a penalty is finite and above 0; choose it by the loss on rows kept aside."
            );
        }
    }
}
