using NodaTime;
using Realtime.OnCall;

namespace Realtime.Hours;

/// <summary>All that a status shows but for its times.</summary>
internal sealed record Look(ServiceState State, Access? Access = null, string? Reason = null, string? Phone = null, string? Instructions = null, string? InstructionsEn = null)
{
    public static readonly Look Closed = new(ServiceState.Closed);
    public static readonly Look Open = new(ServiceState.Open, Hours.Access.WalkIn);
    public static readonly Look NoHours = new(ServiceState.Unknown, Reason: "horaires non communiqués");
    public static readonly Look OldHours = new(ServiceState.Unknown, Reason: "horaires non confirmés depuis longtemps");
    public static readonly Look SilentHoliday = new(ServiceState.Unknown, Reason: "jour férié, horaires à confirmer");
    public static readonly Look SilentSchool = new(ServiceState.Unknown, Reason: "vacances scolaires, horaires à confirmer");
    public static readonly Look Unconfirmed = new(ServiceState.Unknown, Reason: "horaires à confirmer");
    public static readonly Look OpenEnd = new(ServiceState.Unknown, Reason: "heure de fermeture non précisée");

    /// <summary>What a rule of opening hours shows: its state, and its comment as the reason.</summary>
    public static Look Of(ServiceState state, string? comment) => state switch
    {
        ServiceState.Open => comment is null ? Open : Open with { Reason = comment },
        ServiceState.Unknown => comment is null ? Unconfirmed : Unconfirmed with { Reason = comment },
        _ => comment is null ? Closed : Closed with { Reason = comment },
    };

    /// <summary>On call, and for which duty.</summary>
    public static Look Of(OnCallPeriod period) => new(ServiceState.OnCall, period.Access, ReasonOf(period.Kind), period.Phone, period.Instructions, period.InstructionsEn);

    private static string ReasonOf(OnCallKind kind) => kind switch
    {
        OnCallKind.Night => "garde de nuit",
        OnCallKind.SundayOrHoliday => "garde du dimanche ou jour férié",
        _ => "garde de jour",
    };
}

/// <summary>
/// A range of time painted layer by layer: it starts in one look, and each stroke covers what lay under it.
/// Always contiguous, sorted and without empty pieces, whatever order the strokes come in.
/// Strokes near the end of the range are cheap; a stroke costs at most the number of pieces.
/// </summary>
internal sealed class Canvas
{
    private readonly List<(Instant Start, Look Look)> _pieces = [];
    private readonly Instant _end;

    public Canvas(Instant start, Instant end, Look ground)
    {
        _end = end;
        _pieces.Add((start, ground));
    }

    public int Count => _pieces.Count;

    public Instant StartOf(int piece) => _pieces[piece].Start;

    public Instant EndOf(int piece) => piece + 1 < _pieces.Count ? _pieces[piece + 1].Start : _end;

    public Look LookOf(int piece) => _pieces[piece].Look;

    /// <summary>Covers [start, end), clipped to the range; an empty stroke leaves no trace. With <paramref name="spareOpen"/> what is open stays.</summary>
    public void Paint(Instant start, Instant end, Look look, bool spareOpen = false)
    {
        start = Instant.Max(start, StartOf(0));
        end = Instant.Min(end, _end);
        if (start >= end)
            return;
        var first = Split(start);
        var last = Split(end);
        for (var i = first; i < last; i++)
            if (!spareOpen || LookOf(i).State != ServiceState.Open)
                _pieces[i] = (StartOf(i), look);
    }

    // The piece that starts at that instant, made by cutting where there was none; the number of pieces for the end of the range.
    private int Split(Instant at)
    {
        if (at == _end)
            return Count;
        var i = Count - 1;
        while (StartOf(i) > at)
            i--;
        if (StartOf(i) == at)
            return i;
        _pieces.Insert(i + 1, (at, LookOf(i)));
        return i + 1;
    }
}
