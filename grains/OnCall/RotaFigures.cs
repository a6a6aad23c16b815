using NodaTime;
using Realtime.Nearest;
using Realtime.Pharmacies;

namespace Realtime.OnCall;

/// <summary>What one pharmacy serves of one kind in one sector.</summary>
/// <param name="Sector">Code of the sector.</param>
/// <param name="Kind">Which duty.</param>
/// <param name="Pharmacy">Who.</param>
/// <param name="Carried">Duties served before the range, as far as they count: a long lag behind the others counts in part.</param>
/// <param name="Credited">Duties that an exemption within the range counts for.</param>
/// <param name="Served">Duties of the rota in the range.</param>
public sealed record PharmacyLoad(string Sector, OnCallKind Kind, PharmacyId Pharmacy, int Carried, int Credited, int Served)
{
    /// <summary>What is compared within the sector.</summary>
    public int Load => Carried + Credited + Served;
}

/// <summary>How evenly a sector shares out one kind of duty. Who is exempt throughout takes no part.</summary>
/// <param name="Sector">Code of the sector.</param>
/// <param name="Kind">Which duty.</param>
/// <param name="Slots">Periods that must be served.</param>
/// <param name="Gaps">Periods that nobody serves.</param>
/// <param name="LoadMin">The least load of a pharmacy.</param>
/// <param name="LoadMax">The greatest.</param>
public sealed record SectorLoad(string Sector, OnCallKind Kind, int Slots, int Gaps, int LoadMin, int LoadMax)
{
    /// <summary>Greatest less least.</summary>
    public int Spread => LoadMax - LoadMin;
}

/// <summary>Two duties of a pharmacy with fewer free days between them than asked for.</summary>
/// <param name="Pharmacy">Who.</param>
/// <param name="First">The earlier duty.</param>
/// <param name="Second">The later one, of the range.</param>
/// <param name="FreeDays">Dates between their dates; −1 where both start on one.</param>
public sealed record ShortRest(PharmacyId Pharmacy, Duty First, Duty Second, int FreeDays);

/// <summary>How good a rota is.</summary>
/// <param name="Sectors">Loads per sector and kind, in the order of the request.</param>
/// <param name="WishesGranted">Dates wished off within the range and left free.</param>
/// <param name="WishesRefused">Dates wished off on which the pharmacy serves all the same.</param>
/// <param name="ShortRests">Where rest is shorter than asked for, by time.</param>
/// <param name="MeanDistanceMeters">Distance from people to the nearest pharmacy on duty, over all periods and people alike; null where there is nobody to measure from.</param>
public sealed record RotaFigures(IReadOnlyList<SectorLoad> Sectors, int WishesGranted, int WishesRefused, IReadOnlyList<ShortRest> ShortRests, double? MeanDistanceMeters)
{
    /// <summary>Periods that nobody serves.</summary>
    public int Gaps => Sectors.Sum(sector => sector.Gaps);

    /// <summary>The greatest spread of any sector and kind.</summary>
    public int Spread => Sectors.Select(sector => sector.Spread).DefaultIfEmpty().Max();
}

/// <summary>Measures a rota by its duties alone, apart from how it came about.</summary>
internal static class RotaMeasure
{
    public static RotaFigures Of(RotaTask task, IReadOnlyList<Duty> duties)
    {
        var loads = Loads(task, duties).ToLookup(load => (load.Sector, load.Kind));
        var refused = Refused(task, duties);
        return new RotaFigures(
            [.. task.Blocks.Select(block => Share(block, task, [.. loads[(block.Sector.Code, block.Kind)]]))],
            task.Wished.Sum(days => days.Count(day => day)) - refused,
            refused,
            ShortRests(task, duties),
            MeanDistance(task, duties));
    }

    public static IEnumerable<PharmacyLoad> Loads(RotaTask task, IReadOnlyList<Duty> duties)
    {
        var served = duties.CountBy(duty => (duty.Sector, duty.Period.Kind, duty.Pharmacy)).ToDictionary();
        foreach (var block in task.Blocks)
            for (var member = 0; member < block.Members.Length; member++)
            {
                var (pharmacy, credit) = (task.Ids[block.Members[member]], block.Credits[member]);
                yield return new PharmacyLoad(block.Sector.Code, block.Kind, pharmacy, credit.Carried, credit.Credited, served.GetValueOrDefault((block.Sector.Code, block.Kind, pharmacy)));
            }
    }

    private static SectorLoad Share(RotaBlock block, RotaTask task, PharmacyLoad[] loads)
    {
        var compared = loads.Where((_, member) => block.CanServe(member)).Select(load => load.Load).DefaultIfEmpty();
        return new SectorLoad(block.Sector.Code, block.Kind, block.Slots.Count, block.Slots.Count - loads.Sum(load => load.Served), compared.Min(), compared.Max());
    }

    private static int Refused(RotaTask task, IReadOnlyList<Duty> duties)
    {
        var touched = duties.SelectMany(duty => Dates(task, duty).Select(date => (duty.Pharmacy, date))).ToHashSet();
        return task.Ids.Sum(id => (task.Request.Wishes.GetValueOrDefault(id) ?? []).Distinct().Count(date => touched.Contains((id, date))));
    }

    private static IEnumerable<LocalDate> Dates(RotaTask task, Duty duty)
    {
        var date = DateOf(task, duty);
        return duty.Period.Kind == OnCallKind.Night ? [date, date.PlusDays(1)] : [date];
    }

    private static List<ShortRest> ShortRests(RotaTask task, IReadOnlyList<Duty> duties)
    {
        var range = duties.ToHashSet(ReferenceEqualityComparer.Instance);
        var found = new List<ShortRest>();
        foreach (var mine in duties.Concat(task.Served).GroupBy(duty => duty.Pharmacy))
        {
            Duty[] inOrder = [.. mine.OrderBy(duty => duty.Period.Start).ThenBy(duty => duty.Sector, StringComparer.Ordinal)];
            for (var i = 1; i < inOrder.Length; i++)
                if (range.Contains(inOrder[i]) && Period.DaysBetween(DateOf(task, inOrder[i - 1]), DateOf(task, inOrder[i])) - 1 is var free && free < task.Request.RestDays)
                    found.Add(new ShortRest(mine.Key, inOrder[i - 1], inOrder[i], free));
        }
        return [.. found.OrderBy(rest => rest.Second.Period.Start).ThenBy(rest => rest.Pharmacy)];
    }

    private static double? MeanDistance(RotaTask task, IReadOnlyList<Duty> duties)
    {
        PopulatedPlace[] people = [.. task.Request.People.Where(place => place.Population > 0)];
        UnitVector[] homes = [.. people.Select(place => UnitVector.Of(place.Place))];
        var places = task.Request.Places.ToDictionary(place => place.Key, place => UnitVector.Of(place.Value));
        var (meters, weight) = (0.0, 0.0);
        foreach (var together in duties.GroupBy(duty => duty.Period.Start))
        {
            UnitVector[] serving = [.. together.Where(duty => places.ContainsKey(duty.Pharmacy)).Select(duty => places[duty.Pharmacy])];
            for (var i = 0; i < people.Length && serving.Length > 0; i++)
            {
                meters += people[i].Population * GreatCircle.DistanceMeters(Nearest(homes[i], serving));
                weight += people[i].Population;
            }
        }
        return weight > 0 ? meters / weight : null;
    }

    private static double Nearest(UnitVector home, UnitVector[] serving)
    {
        var least = double.PositiveInfinity;
        foreach (var there in serving)
            least = Math.Min(least, home.ChordSquaredTo(there));
        return least;
    }

    private static LocalDate DateOf(RotaTask task, Duty duty) => duty.Period.Start.InZone(task.Request.Zone.Time).Date;
}
