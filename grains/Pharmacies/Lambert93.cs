namespace Realtime.Pharmacies;

/// <summary>
/// The projection of French maps, Lambert-93 (EPSG:2154), turned back into degrees: a conformal cone through the parallels 44° and 49° north on the
/// GRS80 ellipsoid. RGF93 and WGS84 differ by less than a metre and are taken as one.
/// Source of the formulas: IOGP Guidance Note 7-2, Lambert Conic Conformal (2SP), method 9802; parameters: IGN, NTG_71; read 2026-11-22.
/// </summary>
internal static class Lambert93
{
    private const double SemiMajorAxis = 6_378_137;
    private const double Flattening = 1 / 298.257222101;
    private const double FalseEasting = 700_000;
    private const double FalseNorthing = 6_600_000;
    private const double CentralMeridian = 3;

    private static readonly double Eccentricity = Math.Sqrt(Flattening * (2 - Flattening));
    private static readonly double Exponent = ConeExponent();
    private static readonly double Scale = SemiMajorAxis * Width(Radians(49)) / (Exponent * Math.Pow(Isometric(Radians(49)), Exponent));
    private static readonly double OriginRadius = Scale * Math.Pow(Isometric(Radians(46.5)), Exponent);

    /// <summary>WGS84 degrees of a point; false where it is not within mainland France and Corsica, for which alone the projection is made.</summary>
    /// <param name="easting">Metres, X.</param>
    /// <param name="northing">Metres, Y.</param>
    /// <param name="latitude">Degrees, 41 to 51.5.</param>
    /// <param name="longitude">Degrees, −5.5 to 10.</param>
    public static bool TryToDegrees(double easting, double northing, out double latitude, out double longitude)
    {
        var (dx, dy) = (easting - FalseEasting, OriginRadius - (northing - FalseNorthing));
        var isometric = Math.Pow(Math.Sqrt((dx * dx) + (dy * dy)) / Scale, 1 / Exponent);
        (latitude, longitude) = (Degrees(LatitudeOf(isometric)), CentralMeridian + Degrees(Math.Atan2(dx, dy) / Exponent));
        return latitude is >= 41 and <= 51.5 && longitude is >= -5.5 and <= 10;
    }

    // Each round shrinks the error by e² = 0.0067 or more, so that eight leave nothing a double can hold.
    private static double LatitudeOf(double isometric)
    {
        var latitude = (Math.PI / 2) - (2 * Math.Atan(isometric));
        for (var round = 0; round < 8; round++)
            latitude = (Math.PI / 2) - (2 * Math.Atan(isometric * Math.Pow((1 - (Eccentricity * Math.Sin(latitude))) / (1 + (Eccentricity * Math.Sin(latitude))), Eccentricity / 2)));
        return latitude;
    }

    private static double ConeExponent()
    {
        var (south, north) = (Radians(44), Radians(49));
        return (Math.Log(Width(south)) - Math.Log(Width(north))) / (Math.Log(Isometric(south)) - Math.Log(Isometric(north)));
    }

    // m in the guidance note: the radius of a parallel, in semi-major axes.
    private static double Width(double latitude)
    {
        var sine = Eccentricity * Math.Sin(latitude);
        return Math.Cos(latitude) / Math.Sqrt(1 - (sine * sine));
    }

    // t in the guidance note: the tangent of half the isometric colatitude.
    private static double Isometric(double latitude)
    {
        var sine = Eccentricity * Math.Sin(latitude);
        return Math.Tan((Math.PI / 4) - (latitude / 2)) / Math.Pow((1 - sine) / (1 + sine), Eccentricity / 2);
    }

    private static double Radians(double degrees) => degrees * Math.PI / 180;

    private static double Degrees(double radians) => radians * 180 / Math.PI;
}
