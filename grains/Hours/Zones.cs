using NodaTime;

namespace Realtime.Hours;

/// <summary>
/// Finds where a place stands in time. The commune decides (INSEE); where no code is given, the postcode does, with the exceptions that
/// postcodes have. A FINESS number never decides: its first digits name a region's register, not a place.
/// Sources: code officiel géographique and postcodes as in the npm package @etalab/decoupage-administratif, IANA tzdb through NodaTime; read 2026-11-22.
/// </summary>
public static class Zones
{
    private static readonly Dictionary<string, Zone> ByTimeZone = new(StringComparer.Ordinal)
    {
        ["Europe/Paris"] = Make(HolidayZone.Metropole, "Europe/Paris"),
        ["America/Guadeloupe"] = Make(HolidayZone.Guadeloupe, "America/Guadeloupe"),
        ["America/Martinique"] = Make(HolidayZone.Martinique, "America/Martinique"),
        ["America/Cayenne"] = Make(HolidayZone.Guyane, "America/Cayenne"),
        ["Indian/Reunion"] = Make(HolidayZone.Reunion, "Indian/Reunion"),
        ["Indian/Mayotte"] = Make(HolidayZone.Mayotte, "Indian/Mayotte"),
        ["America/Miquelon"] = Make(HolidayZone.SaintPierreEtMiquelon, "America/Miquelon"),
        ["America/St_Barthelemy"] = Make(HolidayZone.SaintBarthelemy, "America/St_Barthelemy"),
        ["America/Marigot"] = Make(HolidayZone.SaintMartin, "America/Marigot"),
        ["Pacific/Wallis"] = Make(HolidayZone.WallisEtFutuna, "Pacific/Wallis"),
        ["Pacific/Tahiti"] = Make(HolidayZone.Polynesie, "Pacific/Tahiti"),
        ["Pacific/Marquesas"] = Make(HolidayZone.Polynesie, "Pacific/Marquesas"),
        ["Pacific/Gambier"] = Make(HolidayZone.Polynesie, "Pacific/Gambier"),
        ["Pacific/Noumea"] = Make(HolidayZone.NouvelleCaledonie, "Pacific/Noumea"),
    };

    private static readonly Zone AlsaceMoselle = Make(HolidayZone.AlsaceMoselle, "Europe/Paris");

    /// <summary>The zone of a commune, or else of a postcode; null where neither is of France.</summary>
    /// <param name="insee">INSEE code of the commune, five characters; null where it is not known.</param>
    /// <param name="postcode">Five digits; null where it is not known.</param>
    public static Zone? Of(string? insee, string? postcode) => OfInsee(insee) ?? OfPostcode(postcode);

    /// <summary>The zone that a time zone has by default, for a question that names no place: the mainland's calendar for Europe/Paris.
    /// Null for a time zone that is not French.</summary>
    /// <param name="ianaId">As <c>Europe/Paris</c>; case counts.</param>
    public static Zone? OfTimeZone(string ianaId) => ByTimeZone.GetValueOrDefault(ianaId);

    private static Zone? OfInsee(string? insee)
    {
        if (insee is not { Length: 5 } || !HasDigits(insee.AsSpan(2)))
            return null;
        return insee switch
        {
            // Both islands were communes of Guadeloupe until 2007, and old files still number them so.
            "97123" => ByTimeZone["America/St_Barthelemy"],
            "97127" => ByTimeZone["America/Marigot"],
            "98718" or "98723" or "98731" or "98746" or "98756" or "98757" => ByTimeZone["Pacific/Marquesas"],
            "98719" => ByTimeZone["Pacific/Gambier"],
            ['2', 'A' or 'B', ..] => ByTimeZone["Europe/Paris"],
            ['2', '0', ..] => null,
            _ => OfPrefix(insee),
        };
    }

    private static Zone? OfPostcode(string? postcode)
    {
        if (postcode is not { Length: 5 } || !HasDigits(postcode))
            return null;
        return postcode switch
        {
            "97133" => ByTimeZone["America/St_Barthelemy"],
            "97150" => ByTimeZone["America/Marigot"],
            ['9', '8', '7', '4', _] or "98796" => ByTimeZone["Pacific/Marquesas"],
            "98755" or "98792" or "98793" => ByTimeZone["Pacific/Gambier"],
            // Clipperton, where nobody lives, has a postcode among those of Polynesia.
            "98799" => null,
            _ => OfPrefix(postcode),
        };
    }

    private static Zone? OfPrefix(string code) => code.AsSpan(0, 2) switch
    {
        "57" or "67" or "68" => AlsaceMoselle,
        "97" or "98" => OfOverseas(code.AsSpan(0, 3)),
        "00" or "96" or "99" => null,
        _ => HasDigits(code.AsSpan(0, 2)) ? ByTimeZone["Europe/Paris"] : null,
    };

    private static Zone? OfOverseas(ReadOnlySpan<char> prefix) => prefix switch
    {
        "971" => ByTimeZone["America/Guadeloupe"],
        "972" => ByTimeZone["America/Martinique"],
        "973" => ByTimeZone["America/Cayenne"],
        "974" => ByTimeZone["Indian/Reunion"],
        "975" => ByTimeZone["America/Miquelon"],
        "976" => ByTimeZone["Indian/Mayotte"],
        "977" => ByTimeZone["America/St_Barthelemy"],
        "978" => ByTimeZone["America/Marigot"],
        "986" => ByTimeZone["Pacific/Wallis"],
        "987" => ByTimeZone["Pacific/Tahiti"],
        "988" => ByTimeZone["Pacific/Noumea"],
        _ => null,
    };

    private static bool HasDigits(ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('0', '9');

    private static Zone Make(HolidayZone holidays, string timeZone) => new(holidays, DateTimeZoneProviders.Tzdb[timeZone]);
}
