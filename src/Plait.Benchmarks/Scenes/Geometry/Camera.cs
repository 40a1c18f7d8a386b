namespace Plait.Benchmarks.Scenes.Geometry;

/// <summary>A pinhole camera with a square image.</summary>
/// <remarks>Its own axes are x to the right, y up and z towards the viewer, so it looks along −z.</remarks>
internal sealed class Camera
{
    private readonly double extent; // of the image plane, at distance 1 from the middle to a side

    /// <summary>Sets it up.</summary>
    /// <param name="position">Where it stands.</param>
    /// <param name="yaw">The turn to the left about the vertical, radians; 0 looks along −z of the world.</param>
    /// <param name="pitch">The turn upwards, radians.</param>
    /// <param name="roll">The turn about the line of sight, radians, anticlockwise as seen by the viewer.</param>
    /// <param name="fieldOfView">From side to side, radians, below π.</param>
    public Camera(Vector position, double yaw, double pitch, double roll, double fieldOfView)
    {
        Position = position;
        extent = Math.Tan(fieldOfView / 2);
        var (sinYaw, cosYaw) = Math.SinCos(yaw);
        var (sinPitch, cosPitch) = Math.SinCos(pitch);
        var (sinRoll, cosRoll) = Math.SinCos(roll);
        var level = new Vector(cosYaw, 0, -sinYaw);
        Back = new Vector(sinYaw * cosPitch, -sinPitch, cosYaw * cosPitch);
        var upright = Back.Cross(level);
        Right = (level * cosRoll) + (upright * sinRoll);
        Above = (upright * cosRoll) - (level * sinRoll);
    }

    /// <summary>Where it stands.</summary>
    public Vector Position { get; }

    /// <summary>Its x axis in the world.</summary>
    public Vector Right { get; }

    /// <summary>Its y axis in the world.</summary>
    public Vector Above { get; }

    /// <summary>Its z axis in the world: against the line of sight.</summary>
    public Vector Back { get; }

    /// <summary>The ray through a place of the image.</summary>
    /// <param name="column">From 0 at the left side to 1 at the right.</param>
    /// <param name="row">From 0 at the top to 1 at the bottom.</param>
    public Ray RayThrough(double column, double row) =>
        new(Position, ((Right * (((2 * column) - 1) * extent)) + (Above * ((1 - (2 * row)) * extent)) - Back).Unit());

    /// <summary>What a distance along a ray is along the line of sight: depth as depth maps have it.</summary>
    public double Depth(in Ray ray, double distance) => -distance * ray.Direction.Dot(Back);

    /// <summary>A direction of the world in the camera's axes.</summary>
    public Vector ToCamera(Vector direction) => new(direction.Dot(Right), direction.Dot(Above), direction.Dot(Back));
}
