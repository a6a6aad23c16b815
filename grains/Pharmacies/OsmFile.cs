using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Realtime.Hours;
using Realtime.Nearest;

namespace Realtime.Pharmacies;

/// <summary>
/// Reads pharmacies of OpenStreetMap in GeoJSON, as Overpass exports them (ODbL, © OpenStreetMap contributors). A pharmacy is taken only with its
/// FINESS number (<c>ref:FR:FINESS</c>), without which nobody can tell which one it is. Pure.
/// </summary>
public static class OsmFile
{
    private const double NearestTownMeters = 30_000;

    /// <summary>
    /// Reads the whole file. False with what is wrong where it is not UTF-8, not JSON or cut short; a pharmacy that is wrong by itself is one of the
    /// reading's errors and leaves the others alone.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out ImportReading? reading, [NotNullWhen(false)] out FileFault? fault)
    {
        var draft = new ReadingDraft();
        var isRead = JsonRecords.TryRead(bytes, "features", "a GeoJSON file", (feature, line) => ReadFeature(draft, feature, line), out fault);
        reading = isRead ? draft.End() : null;
        return isRead;
    }

    private static void ReadFeature(ReadingDraft draft, JsonElement feature, int line)
    {
        var tags = feature.Member("properties");
        if (tags.Member("amenity").Text() != "pharmacy")
        {
            draft.Skip();
            return;
        }
        var (number, name) = (tags.Member("ref:FR:FINESS").Text(), tags.Member("name").Text());
        var entry = draft.Begin(line, number.Length > 0 ? number : feature.Member("id").Text(), name);
        var address = AddressOf(tags);
        string? insee = null;
        if (number.Length == 0)
            entry.Reject("no FINESS number (ref:FR:FINESS).");
        else if (!entry.TryIdentify(out var id, out var sentence))
            entry.Reject(sentence);
        else if (!GeoJsonPlace.TryRead(feature.Member("geometry"), out var position, out sentence))
            entry.Reject(sentence);
        else if (address.Postcode.Length > 0 && Zones.Of(null, address.Postcode) is null)
            entry.Reject($"'{FileText.Shortened(address.Postcode)}' is not the postcode of a French town.");
        else if (address.Postcode.Length == 0 && !TryLendTown(entry, position, out insee))
            entry.Reject("no postcode (addr:postcode), and no French town within 30 km.");
        else
            entry.Accept(new PharmacyRecord
            {
                Id = id,
                Name = name,
                Latitude = position.Latitude,
                Longitude = position.Longitude,
                Address = address,
                Insee = insee,
                Phone = tags.Member("phone").Text() is { Length: > 0 } phone ? phone : tags.Member("contact:phone").Text() is { Length: > 0 } contact ? contact : null,
                Hours = ReadHours(entry, tags.Member("opening_hours").Text()),
            });
    }

    private static Address AddressOf(JsonElement tags)
    {
        var street = $"{tags.Member("addr:housenumber").Text()} {tags.Member("addr:street").Text()}".Trim();
        return new Address(street, tags.Member("addr:postcode").Text(), tags.Member("addr:city").Text());
    }

    // Without an address the zone is still known almost everywhere: that of the nearest town.
    private static bool TryLendTown(DraftEntry entry, Position position, [NotNullWhen(true)] out string? insee)
    {
        var town = Towns.All.MinBy(town => GreatCircle.DistanceMeters(position, new Position(town.Latitude, town.Longitude)))!;
        insee = GreatCircle.DistanceMeters(position, new Position(town.Latitude, town.Longitude)) <= NearestTownMeters ? town.Insee : null;
        if (insee is not null)
            entry.Warn(ImportWarning.NearestTown, $"no postcode (addr:postcode): it takes the public holidays and the clock of the nearest town, {town.Name}.");
        return insee is not null;
    }

    private static string? ReadHours(DraftEntry entry, string text)
    {
        if (text.Length == 0)
            return null;
        var hours = OsmHours.Read(text, out var doubt);
        if (hours is null)
            entry.Warn(ImportWarning.HoursNotUnderstood, $"the hours '{FileText.Shortened(text)}' stay unknown: {doubt}");
        else if (hours != text)
            entry.Warn(ImportWarning.RepairedHours, $"the hours '{text}' are read as '{hours}'.");
        return hours;
    }
}
