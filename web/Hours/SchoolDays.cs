using Realtime.Hours;
using Realtime.Journal;
using Realtime.Schools;
using Realtime.Web.Live;

namespace Realtime.Web.Hours;

/// <summary>The school holidays that this node knows. One writer, its follower; readers take no lock and see a table whole.</summary>
internal sealed class SchoolDays
{
    private volatile Dictionary<SchoolZone, SchoolCalendar> _calendars = [];

    /// <summary>The calendars of the table in force; another object as soon as it changes.</summary>
    public IReadOnlyDictionary<SchoolZone, SchoolCalendar> Calendars => _calendars;

    /// <summary>Takes a table in.</summary>
    public void Take(SchoolTable table) => _calendars = SchoolRules.Compile(table);

    /// <summary>The zone with the school holidays of a place; as it was where no table tells them.</summary>
    public Zone With(Zone zone, string? insee, string? postcode) => SchoolRules.With(zone, _calendars, insee, postcode);
}

/// <summary>Keeps <see cref="SchoolDays"/> in step with the table's stream.</summary>
internal sealed class SchoolFollower(SchoolDays days) : IFollower
{
    public string Prefix => SchoolRules.Stream;

    public ValueTask Take(PublicState state, CancellationToken stopping)
    {
        days.Take(SchoolJson.ReadTable(state.Payload.Span));
        return default;
    }
}
