using System.Runtime.CompilerServices;
using NodaTime;
using Realtime.Coverage;
using Realtime.Hours;
using Realtime.OnCall;
using Realtime.Web.Live;

namespace Realtime.Web.Coverage;

/// <summary>
/// Measures the country for those who ask, one question after the other, however many ask at once: the node has patients to answer meanwhile.
/// What was just measured serves whoever asks the same within a second, as a page does that shows the country and then a department.
/// </summary>
internal sealed class CoverageDesk(Country country, Clock clock) : IDisposable
{
    private static readonly Duration Fresh = Duration.FromSeconds(1);

    private readonly SemaphoreSlim _one = new(1);
    private readonly List<CoverageView> _recent = [];
    private readonly ConditionalWeakTable<Place, Ground> _grounds = [];

    /// <summary>The country at an instant.</summary>
    /// <param name="communes">What is measured.</param>
    /// <param name="at">When, with schedules as known today; null for now, as the node shows it.</param>
    /// <param name="cancellation">Nobody waits any more.</param>
    public async Task<CoverageView> At(Communes communes, Instant? at, CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation);
        try
        {
            var now = clock.Now;
            _recent.RemoveAll(view => view.Map.Communes != communes || view.MadeAt > now || now - view.MadeAt >= Fresh);
            if (_recent.Find(view => view.Asked == at) is { } known)
                return known;
            // As of before the look, so that nothing later than that is claimed to be in it.
            var asOf = country.Standing.AsOf;
            var view = new CoverageView(at, now, asOf, CoverageMap.Of(communes, Serving(communes, at)));
            _recent.Add(view);
            return view;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>The same where the hidden duty of a department serves too: for its planner alone.</summary>
    public CoverageView WithHidden(CoverageView view, string department)
    {
        var (map, communes) = (view.Map, view.Map.Communes);
        foreach (var sector in country.Book.SectorsOf(department).Where(OnCallBook.Hides))
            foreach (var duty in country.Book.DutiesOf(sector, view.At, view.At + Duration.Epsilon))
                if (country.TryFind(duty.Pharmacy, out var place))
                    map = map.With(AsServing(communes, place));
        return ReferenceEquals(map, view.Map) ? view : new(view.Asked, view.MadeAt, view.AsOf, map);
    }

    /// <summary>A pharmacy as one that serves.</summary>
    public ServingPharmacy AsServing(Communes communes, Place place)
    {
        var record = place.Facts.Record;
        if (!_grounds.TryGetValue(place, out var ground) || ground.Communes != communes)
            _grounds.AddOrUpdate(place, ground = new(communes, communes.LandOf(record)));
        return new(record.Id, new(record.Latitude, record.Longitude), ground.Land);
    }

    /// <inheritdoc/>
    public void Dispose() => _one.Dispose();

    private IEnumerable<ServingPharmacy> Serving(Communes communes, Instant? at)
    {
        var places = country.All.ToArray();
        var serves = new bool[places.Length];
        if (at is { } instant)
            Parallel.For(0, places.Length, i => serves[i] = places[i].Schedule.StateAt(instant) is ServiceState.Open or ServiceState.OnCall);
        else
            for (var i = 0; i < places.Length; i++)
                serves[i] = places[i].Shown.Serving;
        return places.Where((_, i) => serves[i]).Select(place => AsServing(communes, place));
    }

    // What a place stands on; it goes with the place.
    private sealed record Ground(Communes Communes, Landmass? Land);
}

/// <summary>The country as measured at an instant.</summary>
/// <param name="Asked">The instant that was asked for; null where it was now.</param>
/// <param name="MadeAt">When it was measured.</param>
/// <param name="AsOf">Everything journaled before this instant is in it.</param>
/// <param name="Map">The distances.</param>
internal sealed record CoverageView(Instant? Asked, Instant MadeAt, Instant AsOf, CoverageMap Map)
{
    private CoverageFigures? _country;
    private CoverageFigures[]? _departments;

    /// <summary>The instant that the distances are of.</summary>
    public Instant At => Asked ?? MadeAt;

    /// <summary>The figures of the country. Two readers may work them out at once: they find the same.</summary>
    public CoverageFigures Country => _country ??= CoverageFigures.Of(Map);

    /// <summary>The figures of every department, in their order.</summary>
    public CoverageFigures[] Departments => _departments ??= [.. Map.Communes.Departments.Select(department => CoverageFigures.Of(Map, department.Communes))];
}

/// <summary>The desk.</summary>
internal static class CoverageServices
{
    public static void AddCoverage(this WebApplicationBuilder builder) => builder.Services.AddSingleton<CoverageDesk>();
}
