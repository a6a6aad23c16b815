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

/// <summary>Answers it: from the masks where now is asked, by walking outwards and evaluating each schedule where another instant is.</summary>
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

    /// <summary>The answer for another instant, with schedules as known today.</summary>
    public static IReadOnlyList<(Place Place, Status Status, double DistanceMeters)> At(Country country, NearestAsked asked, Instant at)
    {
        var answer = new List<(Place, Status, double)>(asked.K);
        var everyone = asked with { Status = "any" };
        var index = country.Index;
        // The walk restarts with twice as many candidates until enough of them match: at most twice the work of the last round.
        for (var (width, seen) = (Math.Max(64, asked.K * 2), 0); ; width *= 2)
        {
            var candidates = new Neighbour[width];
            var found = Now(index, everyone with { K = width }, [], candidates);
            for (; seen < found && answer.Count < asked.K; seen++)
            {
                var place = country.At(candidates[seen].Slot);
                if (Matches(place.Schedule.StateAt(at), asked.Status))
                    answer.Add((place, place.Schedule.StatusAt(at), candidates[seen].DistanceMeters));
            }
            if (answer.Count == asked.K || found < width)
                return answer;
        }
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
