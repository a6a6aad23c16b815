using System.Text.Json.Serialization;
using NodaTime;
using Realtime.Web.Live;

namespace Realtime.Web.Pharmacies;

/// <summary>An area as GeoJSON (RFC 7946): pharmacies, or counts on a grid where there are more than anybody can look at.</summary>
internal static class AreaMap
{
    /// <summary>Above this many pharmacies the map shows clusters.</summary>
    public const int MostFeatures = 5_000;

    private const int GridSide = 32;

    /// <summary>The area now, or at another instant with schedules as known today.</summary>
    public static FeatureCollection Of(Country country, Box box, Instant? at)
    {
        var places = country.All.Where(p => box.Holds(p)).ToList();
        return new("FeatureCollection", places.Count > MostFeatures ? Clusters(places, box) : [.. places.Select(p => Feature(p, at))]);
    }

    private static Feature Feature(Place place, Instant? at)
    {
        var status = at is { } instant ? StatusItem.Of(place.Schedule.StatusAt(instant), place.Zone.Time) : place.Shown.Item.Status;
        var record = place.Facts.Record;
        return new("Feature", record.Id.Value, Geometry.Point(record.Longitude, record.Latitude), new() { Id = record.Id.Value, Name = record.Name, Status = status, Synthetic = record.Id.IsSynthetic });
    }

    // One cluster a cell, at the mean position of what is in it: at most GridSide² features.
    private static List<Feature> Clusters(List<Place> places, Box box)
    {
        var cells = new (double Lat, double East, int Count)[GridSide * GridSide];
        foreach (var place in places)
        {
            var (lat, lon) = (place.Facts.Record.Latitude, place.Facts.Record.Longitude);
            var east = lon >= box.West ? lon - box.West : lon + 360 - box.West;
            ref var cell = ref cells[(Index(lat - box.South, box.North - box.South) * GridSide) + Index(east, box.Width)];
            cell = (cell.Lat + lat, cell.East + east, cell.Count + 1);
        }
        return [.. cells.Where(c => c.Count > 0).Select(c => new Feature("Feature", null,
            Geometry.Point(Wrap(box.West + (c.East / c.Count)), c.Lat / c.Count), new() { Cluster = true, Count = c.Count }))];
    }

    private static int Index(double offset, double width) => width <= 0 ? 0 : Math.Min(GridSide - 1, (int)(offset / width * GridSide));

    private static double Wrap(double longitude) => longitude > 180 ? longitude - 360 : longitude;
}

/// <summary>GeoJSON.</summary>
internal sealed record FeatureCollection(string Type, IReadOnlyList<Feature> Features);

/// <summary>GeoJSON.</summary>
internal sealed record Feature(string Type, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Id, Geometry Geometry, FeatureProperties Properties);

/// <summary>GeoJSON: longitude first.</summary>
internal sealed record Geometry(string Type, double[] Coordinates)
{
    public static Geometry Point(double longitude, double latitude) => new("Point", [longitude, latitude]);
}

/// <summary>A pharmacy, or <c>cluster: true</c> with a <c>count</c>.</summary>
internal sealed record FeatureProperties
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Id { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Name { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public StatusItem? Status { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public bool? Synthetic { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public bool? Cluster { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public int? Count { get; init; }
}
