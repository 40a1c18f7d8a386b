namespace Plait.Tasks;

/// <summary>stub</summary>
public static class DeltaM
{
    /// <summary>stub</summary>
    public static double Compute(TaskSet t, MetricTable a, MetricTable b) => 0;
}
