using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using NodaTime;
using Realtime.Hours;
using Realtime.Idempotency;

namespace Realtime.Pharmacies;

// The rules of one pharmacy's page and hours, top to bottom: what happened, what is refused, what is decided, what follows.

/// <summary>What happened to a pharmacy's page or hours. Stored: names and members are a contract (see <see cref="PharmacyJson"/>).</summary>
public abstract record PharmacyEvent
{
    /// <summary>The request that it came of, where that is to be recognized when it comes again.</summary>
    public RequestKey? Request { get; init; }
}

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

/// <summary>The pharmacy's team declared an exceptional opening, the hours of a public holiday, or a vacation.</summary>
/// <param name="Exception">When, and what then.</param>
public sealed record ExceptionDeclared(ExceptionalTime Exception) : PharmacyEvent;

/// <summary>The pharmacy's team took an exception back.</summary>
/// <param name="ExceptionId">Which.</param>
public sealed record ExceptionRevoked(string ExceptionId) : PharmacyEvent;

/// <summary>The pharmacy's team wrote its page anew.</summary>
/// <param name="Page">All of it.</param>
public sealed record PageSet(OwnPage Page) : PharmacyEvent;

/// <summary>The pharmacy's team stopped taking orders for a while.</summary>
/// <param name="Reason">Why, for the public.</param>
/// <param name="Until">First instant at which orders are taken again; null where nobody has said.</param>
public sealed record PharmacyPaused(string Reason, Instant? Until) : PharmacyEvent;

/// <summary>The pharmacy's team takes orders again.</summary>
public sealed record PharmacyResumed : PharmacyEvent;

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

    /// <summary>A closure must end after it starts, not be over yet, and last at most a year.</summary>
    InvalidClosure,

    /// <summary>The pharmacy has no closure of this id.</summary>
    UnknownClosure,

    /// <summary>The pharmacy has as many closures ahead as it may.</summary>
    TooManyClosures,

    /// <summary>Nobody takes over from himself.</summary>
    ReliefIsItself,

    /// <summary>A pause must end later than now, and within a year.</summary>
    InvalidPause,

    /// <summary>Only a pause that holds can be ended.</summary>
    NotPaused,

    /// <summary>The key came before, with another command.</summary>
    KeyReused,

    /// <summary>An exceptional opening must end after it starts, not be over yet, and last at most a month.</summary>
    InvalidOpening,

    /// <summary>A vacation must not end before it begins, not be over yet, last at most a year, and begin within two.</summary>
    InvalidVacation,

    /// <summary>Only a public holiday of the pharmacy's zone, today or within two years, has hours of its own.</summary>
    InvalidHoliday,

    /// <summary>The pharmacy has no exception of this id.</summary>
    UnknownException,

    /// <summary>The pharmacy has as many exceptions ahead as it may.</summary>
    TooManyExceptions,
}

/// <summary>Decides what a command does to a pharmacy, and what a pharmacy is after what happened. Pure.</summary>
public static partial class PharmacyPage
{
    /// <summary>The longest closure that may be declared, and the furthest end of a pause.</summary>
    public static readonly Duration LongestClosure = Duration.FromDays(366);

    /// <summary>What the public reads of a pause that nobody declared.</summary>
    public const string UnansweredReason = "Les commandes en attente n'ont pas encore reçu de réponse.";

    /// <summary>More closures ahead than this are refused.</summary>
    public const int MostClosures = 50;

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

    /// <summary>A closure must end after it starts and not be over yet; the neighbour who takes over is another pharmacy.</summary>
    /// <param name="current">The pharmacy.</param>
    /// <param name="closure">What is declared; it is named after the row that will hold it, whatever its id here.</param>
    /// <param name="expectedSeq">The page as the caller read it.</param>
    /// <param name="now">The instant it is.</param>
    /// <param name="happened">Set where it is taken.</param>
    /// <param name="refusal">Set where it is not.</param>
    public static bool DecideClosure(Pharmacy? current, Closure closure, long expectedSeq, Instant now, [NotNullWhen(true)] out ClosureDeclared? happened, [NotNullWhen(false)] out PageRefusal? refusal)
    {
        happened = null;
        refusal = Refuse(current, expectedSeq) ?? (closure switch
        {
            _ when closure.End <= closure.Start || closure.End - closure.Start > LongestClosure || closure.End <= now => new PageRefusal(PageRefusalKind.InvalidClosure),
            _ when closure.ReliefPharmacy == current!.Record.Id => new PageRefusal(PageRefusalKind.ReliefIsItself),
            _ when current.Closures.Count(c => c.End > now) >= MostClosures => new PageRefusal(PageRefusalKind.TooManyClosures),
            _ => null,
        });
        if (refusal is not null)
            return false;
        happened = new ClosureDeclared(closure with { Id = ClosureId(current!.Seq + 1) });
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

    /// <summary>A page is taken as a whole; mentions that are not named stay, so that who knows nothing of them takes none away.</summary>
    public static bool DecidePage(Pharmacy? current, OwnPage page, long expectedSeq, [NotNullWhen(true)] out PageSet? happened, [NotNullWhen(false)] out PageRefusal? refusal)
    {
        happened = null;
        refusal = Refuse(current, expectedSeq);
        if (refusal is not null)
            return false;
        happened = new PageSet(page with { Mentions = page.Mentions ?? current!.Page?.Mentions });
        return true;
    }

    /// <summary>A pause takes the place of the one that holds, so that its reason and its end can be corrected.</summary>
    public static bool DecidePause(Pharmacy? current, string reason, Instant? until, long expectedSeq, Instant now, [NotNullWhen(true)] out PharmacyPaused? happened, [NotNullWhen(false)] out PageRefusal? refusal)
    {
        happened = null;
        refusal = Refuse(current, expectedSeq);
        if (refusal is null && (until <= now || until - now > LongestClosure))
            refusal = new PageRefusal(PageRefusalKind.InvalidPause);
        if (refusal is not null)
            return false;
        happened = new PharmacyPaused(reason, until);
        return true;
    }

    /// <summary>Too many orders wait unanswered; a pause that holds is left as it is, and one that would be over already is none.</summary>
    public static PharmacyPaused? DecideUnansweredPause(Pharmacy? current, Instant? until, Instant now) =>
        current is null || current.Paused?.HoldsAt(now) == true || until <= now ? null : new(UnansweredReason, until);

    /// <summary>Only a pause that holds can be ended.</summary>
    public static bool DecideResumption(Pharmacy? current, long expectedSeq, Instant now, [NotNullWhen(true)] out PharmacyResumed? happened, [NotNullWhen(false)] out PageRefusal? refusal)
    {
        happened = null;
        refusal = Refuse(current, expectedSeq);
        if (refusal is null && current!.Paused?.HoldsAt(now) != true)
            refusal = new PageRefusal(PageRefusalKind.NotPaused);
        if (refusal is not null)
            return false;
        happened = new PharmacyResumed();
        return true;
    }

    /// <summary>A closure is named after the row that declared it: unique in its pharmacy, and the same however often the answer is given.</summary>
    public static string ClosureId(long seq) => string.Create(CultureInfo.InvariantCulture, $"c{seq}");

    /// <summary>The pharmacy after an event. Never checks a rule, never reads a clock.</summary>
    /// <param name="current">The pharmacy before; null before its first event.</param>
    /// <param name="happened">What happened.</param>
    /// <param name="at">When it was decided; closures, exceptions and a pause that were over by then are dropped.</param>
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
            (ExceptionDeclared e, { }) => Declare(current, e.Exception),
            (ExceptionRevoked e, { }) => current with { Exceptions = [.. current.Exceptions.Where(other => other.Id != e.ExceptionId)] },
            (PageSet e, { }) => current with { Record = current.Record with { Phone = e.Page.Phone, Services = e.Page.Services }, Page = e.Page },
            (PharmacyPaused e, { }) => current with { Paused = new(at, e.Until, e.Reason) },
            (PharmacyResumed, { }) => current with { Paused = null },
            _ => throw new InvalidOperationException($"{happened.GetType().Name} cannot happen to {(current is null ? "a pharmacy that does not exist" : current.Record.Id.Value)}."),
        };
        return next with { Seq = seq, Closures = [.. next.Closures.Where(c => c.End > at)], Exceptions = Ahead(next, at), Paused = next.Paused?.HoldsAt(at) == true ? next.Paused : null };
    }

    private static PageRefusal? Refuse(Pharmacy? current, long expectedSeq) =>
        current is null ? new PageRefusal(PageRefusalKind.UnknownPharmacy)
        : current.Seq != expectedSeq ? new PageRefusal(PageRefusalKind.Stale)
        : null;
}
