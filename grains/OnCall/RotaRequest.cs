using NodaTime;
using Realtime.Hours;
using Realtime.Nearest;
using Realtime.Pharmacies;

namespace Realtime.OnCall;

/// <summary>People at one place, as those of a commune at its centre.</summary>
/// <param name="Place">Where they live.</param>
/// <param name="Population">How many, 0 or more.</param>
public sealed record PopulatedPlace(Position Place, int Population);

/// <summary>What a proposal of a rota is made from.</summary>
public sealed record RotaRequest
{
    /// <summary>Free days between two duties where none are stated.</summary>
    public const int UsualRestDays = 2;

    /// <summary>The sectors, each code once; a pharmacy may stand in several.</summary>
    public required IReadOnlyList<OnCallSector> Sectors { get; init; }

    /// <summary>The calendar and the clock of all of them.</summary>
    public required Zone Zone { get; init; }

    /// <summary>First local date.</summary>
    public required LocalDate From { get; init; }

    /// <summary>First local date after the range; at most 400 days after <see cref="From"/>.</summary>
    public required LocalDate To { get; init; }

    /// <summary>The seed of ties: the same request with the same seed gives the same proposal.</summary>
    public int Seed { get; init; }

    /// <summary>Free days that lie between the dates of two duties of one pharmacy, over all its sectors and kinds, 0 to 60. At 0 it may serve on neighbouring dates, never twice on one.</summary>
    public int RestDays { get; init; } = UsualRestDays;

    /// <summary>Where the pharmacies stand. One that is missing here does not count in distances.</summary>
    public IReadOnlyDictionary<PharmacyId, Position> Places { get; init; } = new Dictionary<PharmacyId, Position>();

    /// <summary>Local dates on which a pharmacy would rather not serve; a night touches the date that it ends on too.</summary>
    public IReadOnlyDictionary<PharmacyId, IReadOnlyCollection<LocalDate>> Wishes { get; init; } = new Dictionary<PharmacyId, IReadOnlyCollection<LocalDate>>();

    /// <summary>Who need not serve when; never overridden.</summary>
    public IReadOnlyList<ExemptSpan> Exemptions { get; init; } = [];

    /// <summary>Duties before the range: their load is carried on, and rest is kept after them. Others of the list are left out.</summary>
    public IReadOnlyList<Duty> Served { get; init; } = [];

    /// <summary>Where people live; nobody where distances do not matter.</summary>
    public IReadOnlyList<PopulatedPlace> People { get; init; } = [];

    /// <exception cref="ArgumentException">A range, a rest or the sectors are not as their descriptions say.</exception>
    internal static void Check(RotaRequest request)
    {
        if (request.To < request.From || Period.DaysBetween(request.From, request.To) > 400)
            throw new ArgumentException("A proposal is of 0 to 400 days.", nameof(request));
        if (request.RestDays is < 0 or > 60)
            throw new ArgumentException("A rest is of 0 to 60 days.", nameof(request));
        if (request.Sectors.DistinctBy(sector => sector.Code, StringComparer.Ordinal).Count() < request.Sectors.Count)
            throw new ArgumentException("A sector is named twice.", nameof(request));
    }
}
