using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using Realtime.Hours;

namespace Realtime.Pharmacies;

/// <summary>
/// Reads the JSON in which FINESS is published since 2025 (structures, schema v1): legal entities (<c>pmej</c>) and their establishments (<c>ege</c>).
/// The schema leaves <c>informationsGeneralesEGE</c> and the coded values open; the files name them <c>numFinessEge</c>, <c>nomEgeLong</c>,
/// <c>nomEgeCourt</c>, write a code as a plain text and not as <c>{ code, system }</c>, and differ from the schema in case: both are read.
/// Source: schema-structures-v1.json of github.com/ansforge/finess, read 2026-11-22. Pure.
/// </summary>
internal static class FinessPlusFile
{
    // TRE-R386: A is active, I is inactive, which is a pharmacy that has closed.
    private const string Active = "A";
    private const string Inactive = "I";
    private const string MainAddress = "03";

    /// <inheritdoc cref="FinessFile.TryRead"/>
    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out ImportReading? reading, [NotNullWhen(false)] out FileFault? fault)
    {
        var draft = new ReadingDraft();
        var isRead = JsonRecords.TryRead(bytes, "pmej", "the FINESS file of structures", (entity, line) => ReadEntity(draft, entity, line), out fault);
        reading = isRead ? draft.End() : null;
        return isRead;
    }

    private static void ReadEntity(ReadingDraft draft, JsonElement entity, int line)
    {
        foreach (var establishment in entity.Member("ege").Elements())
            if (Code(establishment.Member("categorieEntiteGeographiqueExercice")) == FinessFile.Officine && Code(establishment.Member("etatObjet")) != Inactive)
                ReadPharmacy(draft, establishment, line);
            else
                draft.Skip();
    }

    private static void ReadPharmacy(ReadingDraft draft, JsonElement establishment, int line)
    {
        var general = establishment.Member("informationsGeneralesEGE");
        var name = general.Member("nomEgeLong").Text() is { Length: > 0 } full ? full : general.Member("nomEgeCourt").Text();
        var entry = draft.Begin(line, general.Member("numFinessEge").Text(), name);
        var address = AddressOf(establishment);
        var (insee, postcode) = (address.Member("cogCommune").Text(), address.Member("codePostal").Text());
        if (!entry.TryIdentify(out var id, out var sentence))
            entry.Reject(sentence);
        else if (Code(establishment.Member("etatObjet")) is var state && state != Active)
            entry.Reject($"its etatObjet '{FileText.Shortened(state)}' is neither {Active} nor {Inactive}.");
        else if (address.ValueKind != JsonValueKind.Object)
            entry.Reject("no address.");
        else if (Zones.Of(insee, postcode) is null)
            entry.Reject($"neither the commune '{FileText.Shortened(insee)}' nor the postcode '{FileText.Shortened(postcode)}' is of France.");
        else if (Locate(address.Member("coordonneesGeographique"), insee, out var latitude, out var longitude) is { } objection)
            entry.Reject(objection);
        else
            entry.Accept(new PharmacyRecord
            {
                Id = id,
                Name = name,
                Latitude = latitude,
                Longitude = longitude,
                Address = new Address(Street(address), postcode, City(address, postcode)),
                Insee = insee,
                Phone = establishment.Member("contact").Elements().Select(contact => contact.Member("telecom").Member("telephone").Text()).FirstOrDefault(text => text.Length > 0),
            });
    }

    private static JsonElement AddressOf(JsonElement establishment)
    {
        var addresses = establishment.Member("adresse").Elements().ToList();
        return addresses.Find(address => address.Member("usageAdresse").Text() == MainAddress) is { ValueKind: JsonValueKind.Object } main ? main : addresses.FirstOrDefault();
    }

    // The schema names two pairs of numbers and no projection. Degrees can be told by their size, in either pair; metres are Lambert-93 on the
    // mainland only, and unknown anywhere else. Null, or why there is no place.
    private static string? Locate(JsonElement place, string insee, out double latitude, out double longitude)
    {
        (latitude, longitude) = (0, 0);
        var (x, y) = (place.Member("coordonneeX").Text(), place.Member("coordonneeY").Text());
        var (north, east) = (place.Member("directionLatitude").Text(), place.Member("directionLongitude").Text());
        if (x.Length == 0 || y.Length == 0)
            return "no coordinates.";
        if (!TryReadNumber(x, out var first) || !TryReadNumber(y, out var second))
            return $"the coordinates '{FileText.Shortened(x)}' and '{FileText.Shortened(y)}' are not numbers.";
        if (Math.Abs(first) <= 180 && Math.Abs(second) <= 90)
            (latitude, longitude) = (Signed(second, north, "S"), Signed(first, east, "W", "O"));
        else if (TryReadNumber(north, out var degreesNorth) && TryReadNumber(east, out var degreesEast) && Math.Abs(degreesNorth) <= 90 && Math.Abs(degreesEast) <= 180)
            (latitude, longitude) = (degreesNorth, degreesEast);
        else if (insee.StartsWith("97", StringComparison.Ordinal) || insee.StartsWith("98", StringComparison.Ordinal))
            return $"the coordinates {x} and {y} are metres in a projection that the file does not name; only LAMBERT_93 is supported.";
        else if (!Lambert93.TryToDegrees(first, second, out latitude, out longitude))
            return $"the coordinates {x} and {y} lie outside mainland France.";
        return null;
    }

    private static double Signed(double degrees, string direction, params ReadOnlySpan<string> negatives) =>
        negatives.Contains(direction.ToUpperInvariant()) ? -Math.Abs(degrees) : degrees;

    private static bool TryReadNumber(string text, out double number) =>
        double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);

    private static string Street(JsonElement address)
    {
        var street = Joined(' ', address, "numeroVoie", "complementVoie", "typeVoie", "libelleVoie");
        return street.Length > 0 ? street : address.Member("lieuDit").Text();
    }

    private static string City(JsonElement address, string postcode)
    {
        var line = address.Member("ligneAcheminement").Text();
        return line.StartsWith(postcode + " ", StringComparison.Ordinal) ? line[(postcode.Length + 1)..] : line;
    }

    private static string Joined(char separator, JsonElement address, params string[] members) =>
        string.Join(separator, members.Select(member => address.Member(member).Text()).Where(text => text.Length > 0));

    private static string Code(JsonElement coded) => coded.ValueKind == JsonValueKind.Object ? coded.Member("code").Text() : coded.Text();
}
