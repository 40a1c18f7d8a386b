using System.Numerics;
using System.Runtime.Intrinsics;

namespace Plait.Numerics;

/// <summary>As many single-precision numbers as one instruction takes, so that a loop is written once for all widths.</summary>
/// <typeparam name="TSelf">The width.</typeparam>
internal interface ILanes<TSelf>
    where TSelf : struct, ILanes<TSelf>
{
    /// <summary>How many numbers.</summary>
    static abstract int Count { get; }

    /// <summary>The same number in each lane.</summary>
    static abstract TSelf All(float number);

    /// <summary>Reads as many numbers as there are lanes.</summary>
    static abstract unsafe TSelf Load(float* from);

    /// <summary>Writes as many numbers as there are lanes.</summary>
    unsafe void Store(float* to);

    /// <summary>left x right + addend, rounded once.</summary>
    static abstract TSelf FusedMultiplyAdd(TSelf left, TSelf right, TSelf addend);

    /// <summary>The sums, lane by lane.</summary>
    static abstract TSelf operator +(TSelf left, TSelf right);

    /// <summary>The smaller numbers, lane by lane; none may be NaN.</summary>
    static abstract TSelf Min(TSelf left, TSelf right);

    /// <summary>The larger numbers, lane by lane; none may be NaN.</summary>
    static abstract TSelf Max(TSelf left, TSelf right);

    /// <summary>The sum over the lanes.</summary>
    float Sum { get; }
}

/// <summary>Sixteen numbers, where the processor has registers of 512 bits.</summary>
internal readonly struct WideLanes(Vector512<float> lanes) : ILanes<WideLanes>
{
    private readonly Vector512<float> lanes = lanes;

    /// <summary>Whether it is quick.</summary>
    public static bool AreFast => Vector512.IsHardwareAccelerated;

    public static int Count => Vector512<float>.Count;

    public float Sum => Vector512.Sum(lanes);

    public static WideLanes All(float number) => new(Vector512.Create(number));

    public static unsafe WideLanes Load(float* from) => new(Vector512.Load(from));

    public unsafe void Store(float* to) => lanes.Store(to);

    public static WideLanes FusedMultiplyAdd(WideLanes left, WideLanes right, WideLanes addend) =>
        new(Vector512.FusedMultiplyAdd(left.lanes, right.lanes, addend.lanes));

    public static WideLanes operator +(WideLanes left, WideLanes right) => new(left.lanes + right.lanes);

    public static WideLanes Min(WideLanes left, WideLanes right) => new(Vector512.MinNative(left.lanes, right.lanes));

    public static WideLanes Max(WideLanes left, WideLanes right) => new(Vector512.MaxNative(left.lanes, right.lanes));
}

/// <summary>As many numbers as suit the processor, four or eight.</summary>
internal readonly struct PlainLanes(Vector<float> lanes) : ILanes<PlainLanes>
{
    private readonly Vector<float> lanes = lanes;

    public static int Count => Vector<float>.Count;

    public float Sum => Vector.Sum(lanes);

    public static PlainLanes All(float number) => new(new Vector<float>(number));

    public static unsafe PlainLanes Load(float* from) => new(Vector.Load(from));

    public unsafe void Store(float* to) => lanes.Store(to);

    public static PlainLanes FusedMultiplyAdd(PlainLanes left, PlainLanes right, PlainLanes addend) =>
        new(Vector.FusedMultiplyAdd(left.lanes, right.lanes, addend.lanes));

    public static PlainLanes operator +(PlainLanes left, PlainLanes right) => new(left.lanes + right.lanes);

    public static PlainLanes Min(PlainLanes left, PlainLanes right) => new(Vector.MinNative(left.lanes, right.lanes));

    public static PlainLanes Max(PlainLanes left, PlainLanes right) => new(Vector.MaxNative(left.lanes, right.lanes));
}

/// <summary>One number, for what is left where a vector is no multiple of the lanes.</summary>
internal readonly struct OneLane(float number) : ILanes<OneLane>
{
    private readonly float number = number;

    public static int Count => 1;

    public float Sum => number;

    public static OneLane All(float number) => new(number);

    public static unsafe OneLane Load(float* from) => new(*from);

    public unsafe void Store(float* to) => *to = number;

    public static OneLane FusedMultiplyAdd(OneLane left, OneLane right, OneLane addend) =>
        new(MathF.FusedMultiplyAdd(left.number, right.number, addend.number));

    public static OneLane operator +(OneLane left, OneLane right) => new(left.number + right.number);

    public static OneLane Min(OneLane left, OneLane right) => new(MathF.Min(left.number, right.number));

    public static OneLane Max(OneLane left, OneLane right) => new(MathF.Max(left.number, right.number));
}
