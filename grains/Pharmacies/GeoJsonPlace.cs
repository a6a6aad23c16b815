using System.Text.Json;
using Realtime.Nearest;

namespace Realtime.Pharmacies;

/// <summary>One place for a GeoJSON geometry (RFC 7946): a point, or the centre of a building's outline.</summary>
internal static class GeoJsonPlace
{
    /// <summary>The point itself, or the centre of area of a polygon or of several; holes are too small in a building to matter. False with a sentence.</summary>
    public static bool TryRead(JsonElement geometry, out Position position, out string sentence)
    {
        var (type, coordinates) = (geometry.Member("type").Text(), geometry.Member("coordinates"));
        var rings = type switch
        {
            "Polygon" => coordinates.Elements().Take(1),
            "MultiPolygon" => coordinates.Elements().SelectMany(polygon => polygon.Elements().Take(1)),
            _ => [],
        };
        var (latitude, longitude) = type == "Point" ? Point(coordinates) : Centre([.. rings.Select(ring => ring.Elements().Select(Point).ToArray())]);
        var isPlace = Position.TryCreate(latitude, longitude, out position);
        sentence = isPlace ? ""
            : type is "Point" or "Polygon" or "MultiPolygon" ? $"the coordinates of its {type} are no place on Earth."
            : $"a geometry of type '{FileText.Shortened(type)}' has no place; Point, Polygon and MultiPolygon have.";
        return isPlace;
    }

    // NaN where a coordinate is missing: it spreads to the sum and is no position.
    private static (double Latitude, double Longitude) Point(JsonElement coordinates)
    {
        var numbers = coordinates.Elements().Take(2).Select(n => n.ValueKind == JsonValueKind.Number && n.TryGetDouble(out var degrees) ? degrees : double.NaN).ToArray();
        return numbers is [var longitude, var latitude] ? (latitude, longitude) : (double.NaN, double.NaN);
    }

    // Over a building degrees are as good as a plane. Corners are taken from the first one, or the tiny area would drown in large products.
    private static (double Latitude, double Longitude) Centre((double Latitude, double Longitude)[][] rings)
    {
        if (rings.Length == 0 || rings[0].Length == 0)
            return (double.NaN, double.NaN);
        var origin = rings[0][0];
        double area = 0, north = 0, east = 0;
        foreach (var ring in rings)
            for (var i = 0; i + 1 < ring.Length; i++)
            {
                var (y0, x0) = (ring[i].Latitude - origin.Latitude, ring[i].Longitude - origin.Longitude);
                var (y1, x1) = (ring[i + 1].Latitude - origin.Latitude, ring[i + 1].Longitude - origin.Longitude);
                var cross = (x0 * y1) - (x1 * y0);
                area += cross;
                north += (y0 + y1) * cross;
                east += (x0 + x1) * cross;
            }
        return area == 0 ? (double.NaN, double.NaN) : (origin.Latitude + (north / (3 * area)), origin.Longitude + (east / (3 * area)));
    }
}
