using Realtime.Web.Live;

namespace Realtime.Web.Pharmacies;

/// <summary>An area between two meridians and two parallels, edges included. Where west lies east of east it crosses the antimeridian.</summary>
internal readonly record struct Box(double West, double South, double East, double North)
{
    /// <summary>False where a number is not finite or out of range, or south lies north of north.</summary>
    public static bool TryCreate(double west, double south, double east, double north, out Box box)
    {
        box = new(west, south, east, north);
        return Math.Abs(west) <= 180 && Math.Abs(east) <= 180 && Math.Abs(south) <= 90 && Math.Abs(north) <= 90 && south <= north;
    }

    /// <summary>Reads <c>w,s,e,n</c>.</summary>
    public static bool TryParse(string text, out Box box)
    {
        box = default;
        var parts = text.Split(',');
        Span<double> numbers = stackalloc double[4];
        if (parts.Length != 4)
            return false;
        for (var i = 0; i < 4; i++)
            if (!double.TryParse(parts[i], System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out numbers[i]))
                return false;
        return TryCreate(numbers[0], numbers[1], numbers[2], numbers[3], out box);
    }

    /// <summary>Whether a position lies in the area.</summary>
    public bool Holds(double lat, double lon) =>
        lat >= South && lat <= North && (West <= East ? lon >= West && lon <= East : lon >= West || lon <= East);

    /// <summary>Whether a pharmacy lies in the area.</summary>
    public bool Holds(Place place) => Holds(place.Facts.Record.Latitude, place.Facts.Record.Longitude);

    /// <summary>Degrees of longitude from edge to edge.</summary>
    public double Width => West <= East ? East - West : 360 - West + East;
}
