using Realtime.Nearest;
using Realtime.Web.Live;
using Realtime.Web.Nearest;
using NodaTime;

namespace Realtime.Web.Pharmacies;

/// <summary>Who serves near a pharmacy that does not, and whom to call where duty is not published.</summary>
/// <param name="Pharmacies">The nearest that serve now, at most three.</param>
/// <param name="HiddenDuty">As in <c>nearest</c>.</param>
public sealed record InsteadItem(IReadOnlyList<PharmacyItem> Pharmacies, IReadOnlyList<HiddenDuty> HiddenDuty)
{
    private const int Most = 3;
    private static readonly int[] Serving = [Country.Serving];

    /// <summary>Those near a pharmacy; null where it serves itself.</summary>
    internal static InsteadItem? Of(Place place, Country country, Instant now)
    {
        if (place.Shown.Serving)
            return null;
        var at = new Position(place.Facts.Record.Latitude, place.Facts.Record.Longitude);
        Span<Neighbour> found = stackalloc Neighbour[Most];
        found = found[..country.Index.Nearest(at, Serving, double.PositiveInfinity, found)];
        var items = new PharmacyItem[found.Length];
        for (var i = 0; i < items.Length; i++)
            items[i] = country.At(found[i].Slot).Shown.Item with { Distance = NearestQuery.Metres(found[i].DistanceMeters) };
        return new(items, HiddenDuties.At(country, at, now));
    }
}
