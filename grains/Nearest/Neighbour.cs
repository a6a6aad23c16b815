using System.Runtime.InteropServices;

namespace Realtime.Nearest;

/// <summary>One place found near a position.</summary>
/// <param name="Slot">The place's slot in the index that was asked.</param>
/// <param name="DistanceMeters">Great-circle distance in metres, as <see cref="GreatCircle.DistanceMeters(Position, Position)"/> gives it.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Neighbour(int Slot, double DistanceMeters);
