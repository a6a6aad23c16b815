using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using NodaTime;
using Realtime.Nearest;
using Realtime.OnCall;
using Realtime.Web.Live;
using Realtime.Web.OnCall;

namespace Realtime.Web.Nearest;

/// <summary>
/// Whom to call for a place where duty is not published, whether or not anybody is on hidden duty at the moment: the sectors with hidden duty of the nearest pharmacy that any sector has.
/// It follows from where pharmacies stand and from the sectors, and from no rota.
/// </summary>
internal static class HiddenDuties
{
    // Beyond this, no sector speaks for a place.
    private const double FurthestMeters = 100_000;

    private static readonly int[] InSector = [Country.InSector];

    /// <summary>The sectors that hide duty at a place, by code; nothing is looked up where no sector of the country hides any.</summary>
    public static IReadOnlyList<HiddenDuty> At(Country country, Position from, Instant at)
    {
        if (!country.Book.HidesAnything)
            return [];
        Span<Neighbour> found = stackalloc Neighbour[1];
        return country.Index.Nearest(from, InSector, FurthestMeters, found) == 0 ? []
            : [.. country.Book.OwnSectorsOf(country.At(found[0].Slot).Facts.Record.Id).Where(OnCallBook.Hides).OrderBy(sector => sector.Code, StringComparer.Ordinal)
                .Select(sector => new HiddenDuty(sector.Code, SectorItem.CallsAt(sector, at)))];
    }

    /// <summary>Writes them as a JSON array.</summary>
    public static void Write(PipeWriter writer, Country country, Position from, Instant at)
    {
        if (At(country, from, at) is not { Count: > 0 } hidden)
        {
            writer.Write("[]"u8);
            return;
        }
        writer.Write(JsonSerializer.SerializeToUtf8Bytes(hidden, WireJson.Context.IReadOnlyListHiddenDuty));
    }
}
