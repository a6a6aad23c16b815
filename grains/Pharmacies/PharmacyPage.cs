using System.Diagnostics.CodeAnalysis;
using NodaTime;
using Realtime.Hours;

namespace Realtime.Pharmacies;

// The rules of one pharmacy's page and hours, top to bottom: what happened, what is refused, what is decided, what follows.

/// <summary>What happened to a pharmacy's page or hours. Stored: names and members are a contract (see <see cref="PharmacyJson"/>).</summary>
public abstract record PharmacyEvent;

/// <summary>An imported file stated the pharmacy anew.</summary>
/// <param name="Record">All that the file states.</param>
/// <param name="Source">Whose file it is; the first version of this event did not say, for there was one.</param>
public sealed record PharmacyImported(PharmacyRecord Record, ImportSource Source = ImportSource.SanteFr) : PharmacyEvent;

/// <summary>The pharmacy's team set its hours.</summary>
/// <param name="Hours">OSM syntax, or null for "not stated".</param>
public sealed record HoursSet(string? Hours) : PharmacyEvent;

/// <summary>The pharmacy's team declared an exceptional closure.</summary>
/// <param name="Closure">When, why, and who takes over.</param>
public sealed record ClosureDeclared(Closure Closure) : PharmacyEvent;

/// <summary>The pharmacy's team took a closure back.</summary>
/// <param name="ClosureId">Which.</param>
public sealed record ClosureRevoked(string ClosureId) : PharmacyEvent;

/// <summary>The expected "no" of this slice; a sentence is made of it where it meets a person.</summary>
[GenerateSerializer, Immutable, Alias("realtime.PageRefusal")]
public sealed record PageRefusal([property: Id(0)] PageRefusalKind Kind, [property: Id(1)] int Column = 0, [property: Id(2)] string? English = null, [property: Id(3)] string? French = null);

/// <summary>Why a change of a page was refused.</summary>
public enum PageRefusalKind : byte
{
    /// <summary>No pharmacy has this number.</summary>
    UnknownPharmacy,

    /// <summary>The page has changed since the caller read it.</summary>
    Stale,

    /// <summary>The hours do not parse; the column and the sentences say where and why.</summary>
    InvalidHours,

    /// <summary>A closure must end after it starts and last at most a year.</summary>
    InvalidClosure,

    /// <summary>The pharmacy has no closure of this id.</summary>
    UnknownClosure,
}

/// <summary>Decides what a command does to a pharmacy, and what a pharmacy is after what happened. Pure.</summary>
public static class PharmacyPage
{
    /// <summary>The longest closure that may be declared.</summary>
    public static readonly Duration LongestClosure = Duration.FromDays(366);

    /// <summary>A source that states the same for longer than this is written down again, so that hours it keeps confirming do not grow old.</summary>
    public static readonly Duration Confirmation = Duration.FromDays(30);

    /// <summary>An import writes only where the file states something else than its source did last, whatever other sources stated in between, or confirms what it stated long ago.</summary>
    /// <exception cref="ArgumentException">The record lies outside every known zone, or its hours do not parse: readers of files refuse such records by name.</exception>
    public static PharmacyImported? DecideImport(Pharmacy? current, PharmacyRecord record, ImportSource source, Instant now)
    {
        if (Zones.Of(record.Insee, record.Address.Postcode) is null)
            throw new ArgumentException($"{record.Id} has no known zone.", nameof(record));
        if (record.Hours is not null && !OpeningHours.TryParse(record.Hours, out _, out var error))
            throw new ArgumentException($"The hours of {record.Id} do not parse: {error.English}", nameof(record));
        var before = current?.Sources.FirstOrDefault(statement => statement.Source == source);
        return before is not null && Same(before.Record, record) && now - before.At < Confirmation ? null : new PharmacyImported(record, source);
    }

    /// <summary>Hours are taken only if they parse, in full.</summary>
    public static bool DecideHours(Pharmacy? current, string? hours, long expectedSeq, [NotNullWhen(true)] out HoursSet? happened, [NotNullWhen(false)] out PageRefusal? refusal)
    {
        happened = null;
        refusal = Refuse(current, expectedSeq);
        if (refusal is not null)
            return false;
        if (hours is not null && !OpeningHours.TryParse(hours, out _, out var error))
        {
            refusal = new PageRefusal(PageRefusalKind.InvalidHours, error.Column, error.English, error.French);
            return false;
        }
        happened = new HoursSet(hours);
        return true;
    }

    /// <summary>A closure must end after it starts.</summary>
    public static bool DecideClosure(Pharmacy? current, Closure closure, long expectedSeq, [NotNullWhen(true)] out ClosureDeclared? happened, [NotNullWhen(false)] out PageRefusal? refusal)
    {
        happened = null;
        refusal = Refuse(current, expectedSeq);
        if (refusal is null && (closure.End <= closure.Start || closure.End - closure.Start > LongestClosure))
            refusal = new PageRefusal(PageRefusalKind.InvalidClosure);
        if (refusal is not null)
            return false;
        happened = new ClosureDeclared(closure);
        return true;
    }

    /// <summary>Only a closure that stands can be taken back.</summary>
    public static bool DecideRevocation(Pharmacy? current, string closureId, long expectedSeq, [NotNullWhen(true)] out ClosureRevoked? happened, [NotNullWhen(false)] out PageRefusal? refusal)
    {
        happened = null;
        refusal = Refuse(current, expectedSeq);
        if (refusal is null && !current!.Closures.Any(c => c.Id == closureId))
            refusal = new PageRefusal(PageRefusalKind.UnknownClosure);
        if (refusal is not null)
            return false;
        happened = new ClosureRevoked(closureId);
        return true;
    }

    /// <summary>The pharmacy after an event. Never checks a rule, never reads a clock.</summary>
    /// <param name="current">The pharmacy before; null before its first event.</param>
    /// <param name="happened">What happened.</param>
    /// <param name="at">When it was decided; closures that were over by then are dropped.</param>
    /// <param name="seq">The event's place in the stream.</param>
    /// <exception cref="InvalidOperationException">An event this program does not know: the stream was written by a newer one.</exception>
    public static Pharmacy Evolve(Pharmacy? current, PharmacyEvent happened, Instant at, long seq)
    {
        var next = (happened, current) switch
        {
            (PharmacyImported e, _) => Import(current, new SourceStatement(e.Source, at, e.Record)),
            (HoursSet e, { }) => current with { Record = current.Record with { Hours = e.Hours }, HoursSource = HoursSource.Pharmacy, ConfirmedAt = at },
            (ClosureDeclared e, { }) => current with { Closures = [.. current.Closures.Append(e.Closure).OrderBy(c => c.Start)] },
            (ClosureRevoked e, { }) => current with { Closures = [.. current.Closures.Where(c => c.Id != e.ClosureId)] },
            _ => throw new InvalidOperationException($"{happened.GetType().Name} cannot happen to {(current is null ? "a pharmacy that does not exist" : current.Record.Id.Value)}."),
        };
        return next with { Seq = seq, Closures = [.. next.Closures.Where(c => c.End > at)] };
    }

    private static Pharmacy Import(Pharmacy? current, SourceStatement statement)
    {
        SourceStatement[] sources = [statement, .. (current?.Sources ?? []).Where(other => other.Source != statement.Source)];
        var record = Merge(sources);
        return current is { HoursSource: HoursSource.Pharmacy }
            ? current with { Record = record with { Hours = current.Record.Hours }, Sources = sources }
            : new Pharmacy
            {
                Record = record,
                Sources = sources,
                HoursSource = HoursSource.Import,
                // Hours are as old as the file that states them, not as one that says nothing of them.
                ConfirmedAt = (Array.Find(sources, source => source.Record.Hours is not null) ?? statement).At,
                Closures = current?.Closures ?? [],
            };
    }

    // The newest source wins; what it is silent about is taken from the newest that speaks of it. An address and its commune go together.
    private static PharmacyRecord Merge(SourceStatement[] sources)
    {
        var newest = sources[0].Record;
        var placed = Array.Find(sources, source => source.Record.Address.Postcode.Length > 0)?.Record ?? newest;
        return newest with
        {
            Address = placed.Address,
            Insee = placed.Insee,
            Phone = sources.Select(source => source.Record.Phone).FirstOrDefault(phone => phone is not null),
            Hours = sources.Select(source => source.Record.Hours).FirstOrDefault(hours => hours is not null),
            Services = sources.Select(source => source.Record.Services).FirstOrDefault(services => services.Count > 0) ?? [],
        };
    }

    private static PageRefusal? Refuse(Pharmacy? current, long expectedSeq) =>
        current is null ? new PageRefusal(PageRefusalKind.UnknownPharmacy)
        : current.Seq != expectedSeq ? new PageRefusal(PageRefusalKind.Stale)
        : null;

    // Records compare their lists by reference, so the services are compared by hand.
    private static bool Same(PharmacyRecord a, PharmacyRecord b) =>
        a.Services.SequenceEqual(b.Services, StringComparer.Ordinal) && a with { Services = [] } == b with { Services = [] };
}
