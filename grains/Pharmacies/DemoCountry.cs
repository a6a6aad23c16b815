using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using NodaTime;
using Realtime.Hours;
using Realtime.OnCall;

namespace Realtime.Pharmacies;

/// <summary>
/// The demo country: <see cref="Size"/> synthetic pharmacies over the real towns of France, mainland, Corsica and overseas. A pure function of the
/// seed: nothing of it needs storing, and the same seed gives the same country everywhere. Ids run from 990000010 in steps of one body number; no
/// real pharmacy has such an id.
/// </summary>
public sealed class DemoCountry
{
    /// <summary>Pharmacies in the country: as many as France has (ANS, 12 June 2025).</summary>
    public const int Size = 20_174;

    /// <summary>The seed of the country that everyone sees unless another is asked for.</summary>
    public const int DefaultSeed = 2026;

    // Somewhere to go at any hour: the first pharmacy of each of these never shuts (three arrondissements of Paris, one of Marseille, one of Lyon,
    // Toulouse, Nice, Nantes, Strasbourg, Bordeaux, Lille, Montpellier).
    private static readonly HashSet<Town> NeverShut =
        [.. new[] { "75108", "75111", "75114", "13201", "69387", "31555", "06088", "44109", "67482", "33063", "59350", "34172" }.Select(insee => Towns.All.First(town => town.Insee == insee))];

    // Where click & collect is on, without questions.
    private static readonly HashSet<string> ParisRegion = new(["75", "77", "78", "91", "92", "93", "94", "95"], StringComparer.Ordinal);

    // How many in a thousand offer each service, in the order of Services.All.
    private static readonly int[] OfferedPerMille = [300, 350, 400, 350, 600, 850, 250, 750];

    private readonly Pharmacy[] _pharmacies;
    private readonly DemoDuty _duty;

    private DemoCountry(int seed)
    {
        Seed = seed;
        var phones = new int[5];
        _pharmacies = [.. DemoPlaces.Share(Size, seed).Select((place, i) => PharmacyOf(RecordOf(i, place, phones), place.Town.Department))];
        _duty = new DemoDuty(_pharmacies, seed);
    }

    /// <summary>What this country was made from.</summary>
    public int Seed { get; }

    /// <summary>All <see cref="Size"/> pharmacies, by id.</summary>
    public IReadOnlyList<Pharmacy> Pharmacies => _pharmacies;

    /// <summary>Makes the country; takes a fraction of a second.</summary>
    public static DemoCountry Create(int seed = DefaultSeed) => new(seed);

    /// <summary>The pharmacy of this id, where the country has it.</summary>
    public bool TryFind(PharmacyId id, [NotNullWhen(true)] out Pharmacy? pharmacy)
    {
        pharmacy = IndexOf(id) is { } index ? _pharmacies[index] : null;
        return pharmacy is not null;
    }

    /// <summary>The calendar and the clock of a pharmacy of this country.</summary>
    /// <exception cref="KeyNotFoundException">The country has no such pharmacy.</exception>
    public Zone ZoneOf(PharmacyId id) => _duty.ZoneOf(IndexOrThrow(id));

    /// <summary>
    /// The public duty of a pharmacy, in the shape that <see cref="Schedule"/> takes: the periods that intersect [from, to), whole, by start.
    /// Pure, and cheap: arithmetic on the date, no look at other pharmacies.
    /// </summary>
    /// <exception cref="KeyNotFoundException">The country has no such pharmacy.</exception>
    public Func<Instant, Instant, IEnumerable<OnCallPeriod>> Duty(PharmacyId id)
    {
        var index = IndexOrThrow(id);
        return (from, to) => _duty.Of(index, from, to);
    }

    /// <summary>The duty sectors that the seed cuts, by code.</summary>
    public IReadOnlyDictionary<string, OnCallSector> Sectors => _duty.Sectors;

    /// <summary>The sector in which a pharmacy serves a kind of duty; null where the seed has none of the kind.</summary>
    /// <exception cref="KeyNotFoundException">The country has no such pharmacy.</exception>
    public string? SectorOf(PharmacyId id, OnCallKind kind) =>
        IndexOrThrow(id) is var index ? _duty.SectorOf(index, Towns.DepartmentOf(_pharmacies[index].Record.Insee!), kind) : null;

    /// <summary>The id of the pharmacy at <paramref name="index"/>, 0 to <see cref="Size"/> − 1: 99, the index plus one in six digits, the check digit.</summary>
    public static PharmacyId IdOf(int index) => PharmacyId.FromBody(string.Create(CultureInfo.InvariantCulture, $"{PharmacyId.SyntheticPrefix}{index + 1:D6}"));

    /// <summary>Where in <see cref="Pharmacies"/> an id stands, or null where it is not one of them.</summary>
    public static int? IndexOf(PharmacyId id) =>
        id.Value is { } text && id.IsSynthetic && int.TryParse(text.AsSpan(2, 6), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= Size
            ? number - 1
            : null;

    private static int IndexOrThrow(PharmacyId id) => IndexOf(id) ?? throw new KeyNotFoundException($"{id} is not a pharmacy of the demo country.");

    private static Pharmacy PharmacyOf(PharmacyRecord record, string department) => new()
    {
        Record = record,
        HoursSource = HoursSource.Synthetic,
        Page = ParisRegion.Contains(department) ? new OwnPage(record.Phone, record.Services, [], new Modules(ClickAndCollect: true, OnCallOrders: true), null) : null,
    };

    private PharmacyRecord RecordOf(int index, DemoPlace place, int[] phones)
    {
        var town = place.Town;
        var draw = DemoDraw.For(Seed, DemoTopic.Place, index);
        var (latitude, longitude) = DemoPlaces.PointIn(town, ref draw);
        var area = DemoNames.AreaOf(town.Department);
        return new PharmacyRecord
        {
            Id = IdOf(index),
            Name = DemoNames.Sign(town, place.Number),
            Latitude = latitude,
            Longitude = longitude,
            Address = new Address(DemoNames.Street(ref draw), town.Postcode, CityOf(town)),
            Insee = town.Insee,
            Phone = DemoNames.Phone(area, phones[area]++),
            Hours = place.Number == 0 && NeverShut.Contains(town)
                ? DemoHours.DayAndNight
                : DemoHours.Of(DemoDraw.For(Seed, DemoTopic.Hours, index), town.Population),
            Services = ServicesOf(DemoDraw.For(Seed, DemoTopic.Services, index)),
        };
    }

    // Letters go to the town, not to its arrondissement. The three that are split lead the list.
    private static string CityOf(Town town) => town.PartOf is null ? town.Name : Towns.All.First(other => other.Insee == town.PartOf).Name;

    private static List<string> ServicesOf(DemoDraw draw)
    {
        var offered = new List<string>(OfferedPerMille.Length);
        for (var i = 0; i < OfferedPerMille.Length; i++)
            if (draw.Happens(OfferedPerMille[i]))
                offered.Add(Services.All[i].Code);
        return offered;
    }
}
