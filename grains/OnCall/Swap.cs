using System.Text.Json.Serialization;
using NodaTime;
using Realtime.Pharmacies;

namespace Realtime.OnCall;

/// <summary>What names a duty among all of a department: its sector, kind and first instant, and who serves it.</summary>
/// <param name="Sector">Code of the sector.</param>
/// <param name="Kind">Which duty.</param>
/// <param name="Start">First instant.</param>
/// <param name="Pharmacy">Who serves.</param>
[GenerateSerializer, Immutable, Alias("realtime.DutyKey")]
public sealed record DutyKey([property: Id(0)] string Sector, [property: Id(1)] OnCallKind Kind, [property: Id(2)] Instant Start, [property: Id(3)] PharmacyId Pharmacy)
{
    /// <summary>The key of a duty.</summary>
    public static DutyKey Of(Duty duty) => new(duty.Sector, duty.Period.Kind, duty.Period.Start, duty.Pharmacy);
}

/// <summary>How far an exchange of duties has come.</summary>
public enum SwapState : byte
{
    /// <summary>Offered; the other pharmacy has not answered.</summary>
    Proposed,

    /// <summary>Both agree; the planner has not confirmed.</summary>
    Accepted,

    /// <summary>Done.</summary>
    Confirmed,

    /// <summary>The other pharmacy said no.</summary>
    Declined,

    /// <summary>Who offered it took it back.</summary>
    Withdrawn,

    /// <summary>The planner said no.</summary>
    Refused,
}

/// <summary>An exchange of two duties of one department.</summary>
/// <param name="Id">Unique in the country: the department, a dash, and the row that proposed it.</param>
/// <param name="Give">The duty that whoever offers gives.</param>
/// <param name="Take">The duty that it takes, of another pharmacy.</param>
/// <param name="State">How far it has come.</param>
/// <param name="At">When it came so far.</param>
/// <param name="Reason">Why the planner refused it.</param>
[GenerateSerializer, Immutable, Alias("realtime.Swap")]
public sealed record Swap(
    [property: Id(0)] string Id, [property: Id(1)] DutyKey Give, [property: Id(2)] DutyKey Take, [property: Id(3)] SwapState State, [property: Id(4)] Instant At, [property: Id(5)] string? Reason = null)
{
    /// <summary>Whether anything can still become of it.</summary>
    [JsonIgnore]
    public bool IsOpen => State is SwapState.Proposed or SwapState.Accepted;

    /// <summary>The department that an id names; null where it is no id of a swap.</summary>
    public static string? DepartmentOf(string id) => id.Split('-') is [{ Length: 2 or 3 } department, { Length: > 0 } number] && number.All(char.IsAsciiDigit) ? department : null;
}
