using System.Text.Json.Serialization;
using NodaTime;
using Realtime.Hours;

namespace Realtime.Pharmacies;

/// <summary>A postal address.</summary>
/// <param name="Street">Number and street, on one line.</param>
/// <param name="Postcode">Five digits.</param>
/// <param name="City">The town as written on an envelope.</param>
[GenerateSerializer, Immutable, Alias("realtime.Address")]
public sealed record Address([property: Id(0)] string Street, [property: Id(1)] string Postcode, [property: Id(2)] string City);

/// <summary>Who stated the opening hours.</summary>
public enum HoursSource : byte
{
    /// <summary>The pharmacy's own team.</summary>
    Pharmacy,

    /// <summary>A file that an operator imported.</summary>
    Import,

    /// <summary>The demo country.</summary>
    Synthetic,
}

/// <summary>What a source file or the demo country states about one pharmacy.</summary>
[GenerateSerializer, Immutable, Alias("realtime.PharmacyRecord")]
public sealed record PharmacyRecord
{
    /// <summary>FINESS number.</summary>
    [Id(0)] public required PharmacyId Id { get; init; }

    /// <summary>The sign over the door.</summary>
    [Id(1)] public required string Name { get; init; }

    /// <summary>WGS84 latitude in degrees, −90 to 90.</summary>
    [Id(2)] public required double Latitude { get; init; }

    /// <summary>WGS84 longitude in degrees, −180 to 180.</summary>
    [Id(3)] public required double Longitude { get; init; }

    /// <summary>Where letters go.</summary>
    [Id(4)] public required Address Address { get; init; }

    /// <summary>INSEE code of the commune, where the source gives one; it decides the zone before the postcode does.</summary>
    [Id(5)] public string? Insee { get; init; }

    /// <summary>Telephone as written by the source.</summary>
    [Id(6)] public string? Phone { get; init; }

    /// <summary>Opening hours in OSM syntax, or null where the source states none.</summary>
    [Id(7)] public string? Hours { get; init; }

    /// <summary>Codes of the services offered (see <c>GET /api/v1/services</c>), sorted.</summary>
    [Id(8)] public IReadOnlyList<string> Services { get; init; } = [];

    /// <summary>
    /// The department, as <c>75</c> or <c>2A</c>, by the commune or else by the postcode, with the exceptions that postcodes have: Corsica's begin with 20, and the two islands
    /// that left Guadeloupe in 2007 kept theirs. Null where neither says.
    /// </summary>
    [JsonIgnore]
    public string? Department => Insee switch
    {
        "97123" => "977",
        "97127" => "978",
        { Length: 5 } insee => Towns.DepartmentOf(insee),
        _ => Address.Postcode switch
        {
            "97133" => "977",
            "97150" => "978",
            ['2', '0', '0' or '1', ..] => "2A",
            ['2', '0', ..] => "2B",
            { Length: 5 } postcode => Towns.DepartmentOf(postcode),
            _ => null,
        },
    };
}

/// <summary>What one source stated last.</summary>
/// <param name="Source">Whose file it was.</param>
/// <param name="At">When it was imported.</param>
/// <param name="Record">All that it states.</param>
public sealed record SourceStatement(ImportSource Source, Instant At, PharmacyRecord Record);

/// <summary>Everything the public may know about one pharmacy, but for its duty, which is its sector's.</summary>
public sealed record Pharmacy
{
    /// <summary>Identity, position, address, telephone, hours and services.</summary>
    public required PharmacyRecord Record { get; init; }

    /// <summary>What the last file of each source stated, the newest first. An import that states the same as its source did before changes nothing.</summary>
    public IReadOnlyList<SourceStatement> Sources { get; init; } = [];

    /// <summary>Who stated the hours. What the pharmacy's own team wrote wins over an imported file.</summary>
    public required HoursSource HoursSource { get; init; }

    /// <summary>When the source last stated them; null where nobody did (synthetic).</summary>
    public Instant? ConfirmedAt { get; init; }

    /// <summary>Exceptional closures that were not over at the last change, by start.</summary>
    public IReadOnlyList<Closure> Closures { get; init; } = [];

    /// <summary>Exceptional openings, holidays worked and vacations that were not over at the last change, by start.</summary>
    public IReadOnlyList<ExceptionalTime> Exceptions { get; init; } = [];

    /// <summary>What its own team, or the demo's seed, says on its page; null where nobody has. Telephone and services are those of <see cref="Record"/> too.</summary>
    public OwnPage? Page { get; init; }

    /// <summary>Why and until when it takes no orders; null where it does. One that was over at the last change is dropped.</summary>
    public Pause? Paused { get; init; }

    /// <summary>Sequence number of the last change in this pharmacy's stream; 0 where nothing was ever written.</summary>
    public long Seq { get; init; }

    /// <summary>Whether the pharmacy has switched ordering ahead on, paused or not.</summary>
    [JsonIgnore]
    public bool HasClickAndCollect => Page is { Modules.ClickAndCollect: true };

    /// <summary>Whether patients may order ahead in a state: while the pharmacy only serves its public duty, where it wants that.</summary>
    /// <param name="state">What it does then.</param>
    /// <param name="paused">Whether it takes no orders then.</param>
    public bool TakesOrders(ServiceState state, bool paused) => HasClickAndCollect && !paused && (state != ServiceState.OnCall || Page is { Modules.OnCallOrders: true });

    /// <summary>Whether patients may order ahead at an instant.</summary>
    /// <param name="at">When.</param>
    /// <param name="state">What it does then.</param>
    public bool TakesOrdersAt(Instant at, ServiceState state) => TakesOrders(state, Paused?.HoldsAt(at) == true);
}
