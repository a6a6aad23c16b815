using NodaTime;
using Realtime.Hours;
using Realtime.Nearest;
using Realtime.Pharmacies;
using Realtime.Products;
using Realtime.Web.Live;
using Realtime.Web.Stock;

namespace Realtime.Web.Nearest;

/// <summary>What a patient asks: who serves me, from where, how many, when.</summary>
/// <param name="From">Where the patient stands.</param>
/// <param name="K">How many answers, 1 to <see cref="NearestQuery.MostItems"/>.</param>
/// <param name="Status">serving, open, onCall or any.</param>
/// <param name="Services">Codes that every answer must offer.</param>
/// <param name="MaxDistanceMeters">No answer is further than this.</param>
/// <param name="Products">Every answer must have all of these.</param>
/// <param name="Equivalents">The catalogue that says what would do as well; null where only the products themselves do.</param>
internal sealed record NearestAsked(Position From, int K, string Status, string[] Services, double MaxDistanceMeters, Cip13[] Products, Catalogue? Equivalents);

/// <summary>Answers it: from the masks where now is asked, by walking outwards and asking each schedule where another instant is.</summary>
internal static class NearestQuery
{
    /// <summary>The most answers that one request gets.</summary>
    public const int MostItems = 50;

    /// <summary>Distances cross the wire as whole metres.</summary>
    public static int Metres(double meters) => (int)Math.Round(meters);

    /// <summary>The answer for now: allocates nothing, takes no lock.</summary>
    /// <param name="index">The index.</param>
    /// <param name="asked">The question.</param>
    /// <param name="stock">Masks of that index for the products asked for.</param>
    /// <param name="found">Receives the answer.</param>
    /// <returns>How many of <paramref name="found"/> were filled, nearest first.</returns>
    public static int Now(AvailabilityIndex index, NearestAsked asked, ReadOnlySpan<StockMask> stock, Span<Neighbour> found)
    {
        Span<int> filters = stackalloc int[1 + asked.Services.Length];
        var count = 0;
        if (asked.Status != "any")
            filters[count++] = asked.Status switch { "open" => Country.Open, "onCall" => Country.OnCall, _ => Country.Serving };
        foreach (var service in asked.Services)
            filters[count++] = ServiceFilter(service);
        return index.Nearest(asked.From, filters[..count], stock, asked.MaxDistanceMeters, found[..asked.K]);
    }

    /// <summary>
    /// The answer for another instant, with schedules as known today: one walk outwards that asks each schedule it meets once, those of places no further than the last
    /// answer, and where the answer is short those of the whole country: the endpoint's <see cref="Edge.CallWeight"/> is for that.
    /// </summary>
    public static IReadOnlyList<(Place Place, Status Status, double DistanceMeters)> At(Country country, NearestAsked asked, Instant at)
    {
        Span<int> services = stackalloc int[asked.Services.Length];
        for (var i = 0; i < services.Length; i++)
            services[i] = ServiceFilter(asked.Services[i]);
        Span<Neighbour> found = stackalloc Neighbour[MostItems];
        found = found[..country.Index.Nearest(asked.From, services, slot => Matches(country.At(slot).Schedule.StateAt(at), asked.Status), asked.MaxDistanceMeters, found[..asked.K])];
        var answer = new List<(Place, Status, double)>(found.Length);
        foreach (var neighbour in found)
        {
            var place = country.At(neighbour.Slot);
            answer.Add((place, place.Schedule.StatusAt(at), neighbour.DistanceMeters));
        }
        return answer;
    }

    /// <summary>Whether a state is one of those asked for.</summary>
    public static bool Matches(ServiceState state, string wanted) => wanted switch
    {
        "any" => true,
        "open" => state == ServiceState.Open,
        "onCall" => state == ServiceState.OnCall,
        _ => state is ServiceState.Open or ServiceState.OnCall,
    };

    private static int ServiceFilter(string code)
    {
        for (var i = 0; i < Services.All.Count; i++)
            if (Services.All[i].Code == code)
                return Country.FirstService + i;
        throw new ArgumentOutOfRangeException(nameof(code), code, "The endpoint has checked the codes.");
    }
}
