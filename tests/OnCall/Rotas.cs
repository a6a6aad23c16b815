using NodaTime;
using Realtime.Hours;
using Realtime.Journal;
using Realtime.OnCall;
using Realtime.Pharmacies;

namespace Realtime.Tests.OnCall;

/// <summary>A department's duty made by hand: what happened, row by row, from a Monday morning on.</summary>
internal static class Rotas
{
    public const string Department = "75";

    /// <summary>Monday 23 November 2026, ten in the morning in Paris.</summary>
    public static readonly Instant Monday = Instant.FromUtc(2026, 11, 23, 9, 0);

    public static readonly PharmacyId[] Ids = [.. Enumerable.Range(0, 20).Select(DemoCountry.IdOf)];

    /// <summary>A sector of the first pharmacies, whose nights are public and whose Sundays are hidden.</summary>
    public static OnCallSector Sector(string code = "A", int members = 6, string department = Department, Disclosure nights = Disclosure.Public, params CallTable[] calls) => new()
    {
        Code = code,
        Name = $"Secteur {code}",
        Department = department,
        Pharmacies = Ids[..members],
        Kinds = [new(OnCallKind.Night, nights), new(OnCallKind.SundayOrHoliday, Disclosure.Hidden)],
        Calls = calls,
    };

    /// <summary>A night from eight to eight, so many days from Monday.</summary>
    public static Duty Night(int day, int pharmacy, string sector = "A", string? instructions = null) =>
        new(sector, Ids[pharmacy], new(Evening(day), Evening(day) + Duration.FromHours(12), OnCallKind.Night, Access.Bell, Instructions: instructions));

    /// <summary>The daytime of a Sunday, so many days from Monday.</summary>
    public static Duty Sunday(int day, int pharmacy, string sector = "A") =>
        new(sector, Ids[pharmacy], new(Evening(day) - Duration.FromHours(12), Evening(day), OnCallKind.SundayOrHoliday, Access.WalkIn));

    public static Instant Evening(int day) => Monday + Duration.FromHours(10) + Duration.FromDays(day);

    public static DutyKey Key(Duty duty) => DutyKey.Of(duty);

    public static Measure Measure(MeasureKind kind, int from, int to, params PharmacyId[] pharmacies) => new("", kind, Evening(from), Evening(to), "motif", pharmacies);

    /// <summary>What these events lead to, each a minute after the other.</summary>
    public static DepartmentRota Given(params IEnumerable<RotaEvent> happened)
    {
        var rota = DepartmentRota.Empty(Department);
        foreach (var one in happened)
            rota = RotaRules.Evolve(rota, one, rota.Seq + 1, Monday + Duration.FromMinutes(rota.Seq));
        return rota;
    }

    /// <summary>The same in the journal's own words, as text: two states that differ in anything have two texts.</summary>
    public static string Text(DepartmentRota rota) => System.Text.Encoding.UTF8.GetString(RotaJson.WriteFacts(rota));

    /// <summary>A row that holds an event.</summary>
    public static JournalRow Row(RotaEvent happened, long seq, Instant at)
    {
        var (kind, version, payload) = RotaJson.Write(happened);
        return new(RotaStreams.Of(Department), seq, 1, seq, at, new(kind, version, "p-1", "test", payload), default);
    }
}
