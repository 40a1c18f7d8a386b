using Plait.Benchmarks.Scenes.Geometry;

namespace Plait.Benchmarks.Scenes.Rendering;

/// <summary>One body of a scene with what it looks like and what it is.</summary>
internal sealed record Piece(Solid Solid, Texture Texture, SemanticClass Class, Part Part);
