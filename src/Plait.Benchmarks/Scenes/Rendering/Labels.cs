namespace Plait.Benchmarks.Scenes.Rendering;

/// <summary>What a pixel shows; rooms and streets have most of it in common.</summary>
internal enum SemanticClass : byte
{
    /// <summary>Nothing that is near.</summary>
    Sky,

    /// <summary>Floors, roads, the ground between houses.</summary>
    Ground,

    /// <summary>Rugs and pavements: what lies flat on the ground.</summary>
    Path,

    /// <summary>Walls, ceilings, fronts of houses.</summary>
    Wall,

    /// <summary>Windows, doors and pictures: flat things in a wall.</summary>
    Opening,

    /// <summary>Tables.</summary>
    Table,

    /// <summary>Chairs, stools and benches.</summary>
    Seat,

    /// <summary>Shelves.</summary>
    Shelf,

    /// <summary>Floor lamps and street lamps.</summary>
    Lamp,

    /// <summary>Balls.</summary>
    Ball,

    /// <summary>People.</summary>
    Person,

    /// <summary>Cars.</summary>
    Car,

    /// <summary>Trees and potted plants.</summary>
    Plant,
}

/// <summary>Which part of a person, a piece of furniture or a car a pixel shows.</summary>
internal enum Part : byte
{
    /// <summary>Something else.</summary>
    Background,

    /// <summary>A person's head.</summary>
    Head,

    /// <summary>A person's trunk.</summary>
    Torso,

    /// <summary>A person's arms and legs.</summary>
    Limb,

    /// <summary>The boards of tables, seats and shelves: what one sits on, leans on or puts things on.</summary>
    Board,

    /// <summary>What holds the boards of furniture up.</summary>
    Support,

    /// <summary>A car's body with its windows.</summary>
    Body,

    /// <summary>A car's wheels.</summary>
    Wheel,
}

/// <summary>What the scenes are of.</summary>
internal enum World : byte
{
    /// <summary>The inside of a room.</summary>
    Room,

    /// <summary>A street between houses.</summary>
    Street,
}

/// <summary>How the scenes look: two visual domains that differ in palette, texture, light and camera.</summary>
internal enum Domain : byte
{
    /// <summary>Bright and saturated, seen at eye level through a narrow, clean lens.</summary>
    Day,

    /// <summary>Dark and tinted, seen from above through a wide, noisy lens.</summary>
    Dusk,
}
