using System.Runtime.InteropServices;

namespace Realtime.Nearest;

/// <summary>Distances along the surface of a spherical Earth.</summary>
public static class GreatCircle
{
    /// <summary>Mean radius R1 of the WGS84 ellipsoid in metres (Moritz, Geodetic Reference System 1980).</summary>
    public const double EarthRadiusMeters = 6_371_008.8;

    /// <summary>
    /// The great-circle distance in metres, 0 to 20,015,114.
    /// The arithmetic is exact to about 10⁻⁸ m; only for a pair within 1 km of being antipodal does its error grow, to at most 0.3 m.
    /// A sphere in place of the ellipsoid is off by up to 0.6 %.
    /// </summary>
    public static double DistanceMeters(Position a, Position b) => DistanceMeters(UnitVector.Of(a).ChordSquaredTo(UnitVector.Of(b)));

    /// <summary>The distance of two places whose straight line through the unit sphere has this length, squared (0 to 4).</summary>
    internal static double DistanceMeters(double chordSquared) => 2 * EarthRadiusMeters * Math.Asin(Math.Min(1, Math.Sqrt(chordSquared) / 2));

    /// <summary>The inverse: the squared chord of a distance; infinite where the distance goes round the whole Earth.</summary>
    internal static double ChordSquared(double distanceMeters)
    {
        if (distanceMeters >= Math.PI * EarthRadiusMeters)
            return double.PositiveInfinity;
        var chord = 2 * Math.Sin(distanceMeters / (2 * EarthRadiusMeters));
        return chord * chord;
    }
}

/// <summary>
/// A position as a point of the unit sphere. Squared chords grow with great-circle distances, and neither a pole nor the antimeridian is special here:
/// angles enter as multiples of π, so that all longitudes of a pole, and 180° and −180°, are the same point to the last bit.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct UnitVector(double X, double Y, double Z)
{
    public static UnitVector Of(Position position)
    {
        var (sinLatitude, cosLatitude) = double.SinCosPi(position.Latitude / 180);
        var (sinLongitude, cosLongitude) = double.SinCosPi(position.Longitude / 180);
        return new UnitVector(cosLatitude * cosLongitude, cosLatitude * sinLongitude, sinLatitude);
    }

    public double ChordSquaredTo(in UnitVector other)
    {
        var (dx, dy, dz) = (X - other.X, Y - other.Y, Z - other.Z);
        return (dx * dx) + (dy * dy) + (dz * dz);
    }
}
