using System.Globalization;
using NodaTime;
using Realtime.Hours;
using Realtime.Nearest;
using Realtime.OnCall;
using Realtime.Pharmacies;

namespace Realtime.Tests.OnCall;

/// <summary>Alone, since what is measured is time.</summary>
[CollectionDefinition(nameof(RotaProposalTests), DisableParallelization = true)]
[Collection(nameof(RotaProposalTests))]
public sealed class RotaProposalTests(ITestOutputHelper output)
{
    private static readonly Zone Paris = Zones.Of("75056", null)!;
    private static readonly LocalDate NewYear = new(2027, 1, 1);

    // 200 pharmacies in 12 sectors by night and 10 by day, which differ, and 400 communes, about as a department has.
    private static readonly Lazy<(RotaRequest Request, RotaProposal Proposal, TimeSpan Took)> Year = new(MakeYear);

    [Fact]
    public void A_year_of_two_hundred_pharmacies_has_no_gap_even_loads_and_shorter_ways_than_taking_turns()
    {
        var (request, proposal, took) = Year.Value;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{proposal.Duties.Count} duties in {took.TotalSeconds:N2} s of the processor"));
        Print("proposal", proposal.Figures);
        Print("round-robin", proposal.RoundRobin);
        Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.Equal(0, proposal.Figures.Gaps);
        Assert.InRange(proposal.Figures.Spread, 0, 1);
        Assert.Empty(proposal.Figures.ShortRests);
        Assert.True(proposal.Figures.MeanDistanceMeters <= proposal.RoundRobin.MeanDistanceMeters);
        Assert.True(proposal.Figures.WishesRefused < proposal.RoundRobin.WishesRefused);
        Assert.Empty(RotaCheck.Of(request.Sectors, proposal.Duties, request.Exemptions, request.From, request.To, Paris));
    }

    [Fact]
    public void The_figures_are_those_that_a_plain_count_gives()
    {
        var (request, proposal, _) = Year.Value;
        AssertCounted(request, proposal);
        // Negative control: with one duty left out, the count sees it.
        var broken = proposal with { Duties = [.. proposal.Duties.Skip(1)] };
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => AssertCounted(request, broken));
    }

    [Fact]
    public void The_same_seed_gives_the_same_rota_and_another_seed_another()
    {
        var request = Random(new Random(Campaign.Seed), 24, [OnCallKind.Night, OnCallKind.Night, OnCallKind.SundayOrHoliday], 30);
        var first = RotaProposal.Make(request).Duties;
        Assert.Equal(first, RotaProposal.Make(request).Duties);
        Assert.NotEqual(first, RotaProposal.Make(request with { Seed = request.Seed + 1 }).Duties);
    }

    [Fact]
    public void Small_rotas_keep_every_rule_that_can_be_kept()
    {
        var random = new Random(Campaign.Seed);
        for (var round = 0; round < (Campaign.Long ? 2000 : 60); round++)
        {
            var kinds = Enumerable.Range(0, random.Next(1, 5)).Select(_ => (OnCallKind)random.Next(3)).Order().ToArray();
            var request = Random(random, random.Next(4 * kinds.Length, 10 * kinds.Length), kinds, random.Next(0, 25));
            request = request with { To = NewYear.PlusDays(random.Next(1, 60)), RestDays = random.Next(0, 3) };
            request = request with { Wishes = Wishes(random, request, random.Next(0, 4)) };
            var proposal = RotaProposal.Make(request);
            var told = $"seed {Campaign.Seed}, round {round}";
            AssertCounted(request, proposal);
            Assert.Empty(RotaCheck.Of(request.Sectors, proposal.Duties, [], request.From, request.To, Paris));
            Assert.True(proposal.Figures.Spread <= 1, told);
            if (proposal.RoundRobin is { ShortRests.Count: 0, WishesRefused: 0 })
                Assert.True((proposal.Figures.MeanDistanceMeters ?? 0) <= (proposal.RoundRobin.MeanDistanceMeters ?? 0) + 1e-6, told);
            Assert.True(proposal.Figures.ShortRests.Count <= proposal.RoundRobin.ShortRests.Count, told);
        }
    }

    [Fact]
    public void A_sector_too_small_for_the_rest_takes_turns_and_says_where_rest_is_short()
    {
        var request = Plain([Sector("A", [Id(0), Id(1)], OnCallKind.Night)], 10) with { RestDays = 3 };
        var proposal = RotaProposal.Make(request);
        Assert.Equal(0, proposal.Figures.Gaps);
        Assert.All(proposal.Duties.Zip(proposal.Duties.Skip(1)), pair => Assert.NotEqual(pair.First.Pharmacy, pair.Second.Pharmacy));
        Assert.Equal(8, proposal.Figures.ShortRests.Count);
        Assert.All(proposal.Figures.ShortRests, rest => Assert.Equal(1, rest.FreeDays));
    }

    [Fact]
    public void Nobody_serves_while_exempt_and_the_time_counts_as_load()
    {
        ExemptSpan[] exempt = [new(Id(0), Noon(0), Noon(30)), new(Id(1), Noon(-5), Noon(100))];
        var request = Plain([Sector("A", [.. Enumerable.Range(0, 6).Select(Id)], OnCallKind.Night)], 60) with { Exemptions = exempt };
        var proposal = RotaProposal.Make(request);
        Assert.Empty(RotaCheck.Of(request.Sectors, proposal.Duties, exempt, request.From, request.To, Paris));
        Assert.DoesNotContain(proposal.Duties, duty => duty.Pharmacy == Id(1));
        // Sixty nights among four and a half: thirteen or fourteen each, and half of it for who is there half of the time.
        Assert.InRange(proposal.Loads[0].Served, 6, 7);
        Assert.All(proposal.Loads.Skip(2), load => Assert.InRange(load.Served, 13, 14));
        Assert.InRange(proposal.Figures.Spread, 0, 1);
    }

    [Fact]
    public void What_was_served_before_is_carried_on_and_rest_is_kept_after_it()
    {
        var members = Enumerable.Range(0, 4).Select(Id).ToArray();
        var sectors = new[] { Sector("A", members, OnCallKind.Night) };
        Duty[] served = [Night("A", Id(0), -1), Night("A", Id(1), -2), Night("A", Id(1), -6), Night("A", Id(1), -10)];
        var proposal = RotaProposal.Make(Plain(sectors, 13) with { Served = served });
        Assert.Equal([1, 3, 0, 0], proposal.Loads.Select(load => load.Carried));
        Assert.Equal([4, 4, 4, 5], proposal.Loads.Select(load => load.Load).Order());
        Assert.DoesNotContain(proposal.Figures.ShortRests, rest => rest.First.Period.Start < Noon(0));
        Assert.True(proposal.Duties[0].Pharmacy != Id(0) && proposal.Duties[0].Pharmacy != Id(1));
    }

    [Fact]
    public void Who_joins_late_does_not_serve_for_the_years_before()
    {
        var members = Enumerable.Range(0, 5).Select(Id).ToArray();
        var served = Enumerable.Range(1, 400).Select(day => Night("A", members[day % 4], -day)).ToArray();
        var proposal = RotaProposal.Make(Plain([Sector("A", members, OnCallKind.Night)], 100) with { Served = served });
        Assert.InRange(proposal.Loads[4].Served, 20, 26);
        Assert.Empty(proposal.Figures.ShortRests);
    }

    [Fact]
    public void A_wish_is_granted_where_others_can_serve()
    {
        var request = Plain([Sector("A", [.. Enumerable.Range(0, 5).Select(Id)], OnCallKind.Night)], 40);
        var wishes = new Dictionary<PharmacyId, IReadOnlyCollection<LocalDate>> { [Id(0)] = [NewYear.PlusDays(3), NewYear.PlusDays(10)], [Id(1)] = [NewYear.PlusDays(3)] };
        var proposal = RotaProposal.Make(request with { Wishes = wishes });
        Assert.Equal((3, 0), (proposal.Figures.WishesGranted, proposal.Figures.WishesRefused));
        // The night before a free date ends on it.
        Assert.DoesNotContain(proposal.Duties, duty => duty.Pharmacy == Id(0) && DateOf(duty) is var date && (date == NewYear.PlusDays(2) || date == NewYear.PlusDays(3)));
    }

    [Fact]
    public void A_wish_of_everybody_is_refused_to_one()
    {
        var members = Enumerable.Range(0, 5).Select(Id).ToArray();
        var request = Plain([Sector("A", members, OnCallKind.Day)], 10);
        var monday = new LocalDate(2027, 1, 4);
        var proposal = RotaProposal.Make(request with { Wishes = members.ToDictionary(id => id, _ => (IReadOnlyCollection<LocalDate>)[monday]) });
        Assert.Equal((4, 1, 0), (proposal.Figures.WishesGranted, proposal.Figures.WishesRefused, proposal.Figures.Gaps));
    }

    [Fact]
    public void A_pharmacy_of_two_sectors_serves_one_at_a_time_even_where_one_of_them_has_nobody_else()
    {
        OnCallSector[] sectors = [Sector("A", [Id(0), Id(1), Id(2)], OnCallKind.Night), Sector("B", [Id(0)], OnCallKind.Night)];
        var proposal = RotaProposal.Make(Plain(sectors, 20));
        Assert.Empty(RotaCheck.Of(sectors, proposal.Duties, [], NewYear, NewYear.PlusDays(20), Paris));
        Assert.DoesNotContain(proposal.Duties, duty => duty.Sector == "A" && duty.Pharmacy == Id(0));
    }

    [Fact]
    public void A_period_that_nobody_can_serve_is_a_gap_and_the_others_are_served()
    {
        var request = Plain([Sector("A", [Id(0), Id(1)], OnCallKind.Night), Sector("B", [], OnCallKind.Day)], 3);
        var proposal = RotaProposal.Make(request with { Exemptions = [new(Id(0), Noon(1), Noon(2)), new(Id(1), Noon(1), Noon(2))] });
        Assert.Equal([1, 1], proposal.Figures.Sectors.Select(sector => sector.Gaps));
        Assert.Equal(2, proposal.Duties.Count);
    }

    [Fact]
    public void A_request_out_of_bounds_is_refused()
    {
        var request = Plain([], 10);
        Assert.Throws<ArgumentException>(() => RotaProposal.Make(request with { To = NewYear.PlusDays(-1) }));
        Assert.Throws<ArgumentException>(() => RotaProposal.Make(request with { To = NewYear.PlusDays(401) }));
        Assert.Throws<ArgumentException>(() => RotaProposal.Make(request with { RestDays = -1 }));
        Assert.Throws<ArgumentException>(() => RotaProposal.Make(request with { Sectors = [Sector("A", []), Sector("A", [])] }));
        Assert.Empty(RotaProposal.Make(request).Duties);
    }

    // Counts once more, slowly and from the duties alone.
    private static void AssertCounted(RotaRequest request, RotaProposal proposal)
    {
        var (duties, figures) = (proposal.Duties, proposal.Figures);
        var gaps = 0;
        foreach (var sector in request.Sectors)
            foreach (var kind in sector.Kinds)
            {
                var slots = DutySlots.Of(kind.Kind, request.From, request.To, Paris);
                gaps += slots.Count(slot => !duties.Any(duty => duty.Sector == sector.Code && duty.Period.Kind == kind.Kind && duty.Period.Start == slot.Start && duty.Period.End == slot.End));
                var counts = sector.Pharmacies.Select(id => duties.Count(duty => duty.Sector == sector.Code && duty.Period.Kind == kind.Kind && duty.Pharmacy == id)).ToList();
                var told = figures.Sectors.Single(share => share.Sector == sector.Code && share.Kind == kind.Kind);
                Assert.Equal((slots.Count, counts.Min(), counts.Max()), (told.Slots, told.LoadMin, told.LoadMax));
            }
        Assert.Equal(gaps, figures.Gaps);
        var byPharmacy = duties.GroupBy(duty => duty.Pharmacy).ToDictionary(group => group.Key, group => group.Select(DateOf).Order().ToList());
        Assert.Equal(byPharmacy.Values.Sum(dates => dates.Zip(dates.Skip(1)).Count(pair => pair.First.PlusDays(request.RestDays) >= pair.Second)), figures.ShortRests.Count);
        var refused = request.Wishes.Sum(wish => wish.Value.Distinct().Count(date =>
            duties.Any(duty => duty.Pharmacy == wish.Key && (DateOf(duty) == date || (duty.Period.Kind == OnCallKind.Night && DateOf(duty).PlusDays(1) == date)))));
        Assert.Equal((refused, request.Wishes.Sum(wish => wish.Value.Distinct().Count()) - refused), (figures.WishesRefused, figures.WishesGranted));
        AssertDistance(request, duties, figures.MeanDistanceMeters);
    }

    private static void AssertDistance(RotaRequest request, IReadOnlyList<Duty> duties, double? told)
    {
        var (meters, people) = (0.0, 0.0);
        foreach (var start in duties.Select(duty => duty.Period.Start).Distinct())
        {
            var serving = duties.Where(duty => duty.Period.Start == start).Select(duty => request.Places[duty.Pharmacy]).ToList();
            foreach (var home in request.People)
            {
                meters += home.Population * serving.Min(place => GreatCircle.DistanceMeters(home.Place, place));
                people += home.Population;
            }
        }
        Assert.Equal(people > 0 ? meters / people : 0, told ?? 0, 1e-3);
    }

    private static Dictionary<PharmacyId, IReadOnlyCollection<LocalDate>> Wishes(Random random, RotaRequest request, int each) =>
        request.Places.Keys.Order().ToDictionary(id => id, _ => (IReadOnlyCollection<LocalDate>)[.. Enumerable.Range(0, each).Select(_ => NewYear.PlusDays(random.Next(Period.DaysBetween(request.From, request.To))))]);

    private static RotaRequest Plain(OnCallSector[] sectors, int days) => new() { Sectors = sectors, Zone = Paris, From = NewYear, To = NewYear.PlusDays(days) };

    private static Duty Night(string sector, PharmacyId pharmacy, int day) =>
        new(sector, pharmacy, new OnCallPeriod(Noon(day) + Duration.FromHours(8), Noon(day) + Duration.FromHours(20), OnCallKind.Night, Access.Bell));

    private static Instant Noon(int day) => NewYear.PlusDays(day).At(new LocalTime(12, 0)).InZoneStrictly(Paris.Time).ToInstant();

    private static LocalDate DateOf(Duty duty) => duty.Period.Start.InZone(Paris.Time).Date;

    private void Print(string name, RotaFigures figures) =>
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name}: gaps {figures.Gaps}, spread {figures.Spread} ({string.Join(", ", figures.Sectors.GroupBy(s => s.Kind).Select(g => $"{g.Key} {g.Min(s => s.LoadMin)}–{g.Max(s => s.LoadMax)}, within a sector {g.Max(s => s.Spread)}"))}), short rests {figures.ShortRests.Count}, wishes granted {figures.WishesGranted} refused {figures.WishesRefused}, mean distance {figures.MeanDistanceMeters:N0} m"));

    private static (RotaRequest Request, RotaProposal Proposal, TimeSpan Took) MakeYear()
    {
        var random = new Random(Campaign.Seed);
        var request = Random(random, 200, [.. Enumerable.Repeat(OnCallKind.Night, 12), .. Enumerable.Repeat(OnCallKind.SundayOrHoliday, 10)], 400) with
        {
            From = NewYear,
            To = NewYear.PlusDays(365),
        };
        request = request with { Wishes = request.Places.Keys.Order().ToDictionary(id => id, _ => (IReadOnlyCollection<LocalDate>)[.. Enumerable.Range(0, 10).Select(_ => NewYear.PlusDays(random.Next(365)))]) };
        // Time of the processor, nothing else of the suite being at work: a busy machine would tell on a clock.
        var before = Environment.CpuUsage.TotalTime;
        var proposal = RotaProposal.Make(request);
        return (request, proposal, Environment.CpuUsage.TotalTime - before);
    }

    // Each kind's sectors are strips of longitude with as many pharmacies each, so that sectors of two kinds differ where their numbers do.
    private static RotaRequest Random(Random random, int pharmacies, OnCallKind[] sectors, int people)
    {
        var places = Enumerable.Range(0, pharmacies).ToDictionary(Id, _ => Somewhere(random));
        var byLongitude = places.OrderBy(place => place.Value.Longitude).Select(place => place.Key).ToArray();
        return new RotaRequest
        {
            Sectors = [.. sectors.GroupBy(kind => kind).SelectMany(kind => Strips(kind.Key, kind.Count(), byLongitude))],
            Zone = Paris,
            From = NewYear,
            To = NewYear.PlusDays(30),
            Seed = Campaign.Seed,
            Places = places,
            People = [.. Enumerable.Range(0, people).Select(_ => new PopulatedPlace(Somewhere(random), random.Next(50, 20_000)))],
        };
    }

    private static IEnumerable<OnCallSector> Strips(OnCallKind kind, int count, PharmacyId[] byLongitude) =>
        Enumerable.Range(0, count).Select(i => Sector($"{kind}-{i:D2}", byLongitude[(i * byLongitude.Length / count)..((i + 1) * byLongitude.Length / count)], kind));

    private static OnCallSector Sector(string code, PharmacyId[] members, params OnCallKind[] kinds) => new()
    {
        Code = code,
        Name = code,
        Department = "75",
        Pharmacies = members,
        Kinds = [.. kinds.Select(kind => new SectorKind(kind, Disclosure.Public))],
    };

    private static Position Somewhere(Random random) => new(46 + random.NextDouble(), 1 + (1.4 * random.NextDouble()));

    private static PharmacyId Id(int index) => PharmacyId.FromBody($"99{index:D6}");
}
