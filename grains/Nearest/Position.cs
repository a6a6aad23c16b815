using System.Runtime.InteropServices;

namespace Realtime.Nearest;

/// <summary>A place on the Earth's surface, WGS84. A value that exists is valid.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Position
{
    /// <summary>A position.</summary>
    /// <param name="latitude">Degrees, −90 to 90.</param>
    /// <param name="longitude">Degrees, −180 to 180; both ends are the antimeridian.</param>
    /// <exception cref="ArgumentOutOfRangeException">Not a number, or outside its range.</exception>
    public Position(double latitude, double longitude)
    {
        if (!IsWithin(latitude, 90))
            throw new ArgumentOutOfRangeException(nameof(latitude), latitude, "A latitude is between -90 and 90 degrees.");
        if (!IsWithin(longitude, 180))
            throw new ArgumentOutOfRangeException(nameof(longitude), longitude, "A longitude is between -180 and 180 degrees.");
        Latitude = latitude;
        Longitude = longitude;
    }

    /// <summary>Degrees north of the equator, −90 to 90.</summary>
    public double Latitude { get; }

    /// <summary>Degrees east of Greenwich, −180 to 180.</summary>
    public double Longitude { get; }

    /// <summary>Makes a position from untrusted numbers; false where one is not finite or out of range.</summary>
    public static bool TryCreate(double latitude, double longitude, out Position position)
    {
        var valid = IsWithin(latitude, 90) && IsWithin(longitude, 180);
        position = valid ? new Position(latitude, longitude) : default;
        return valid;
    }

    // False for NaN too: no comparison with NaN holds.
    private static bool IsWithin(double degrees, double bound) => Math.Abs(degrees) <= bound;
}
