using System.Text.Json;
using NodaTime;
using Realtime.Stock;
using Realtime.Web.Edge;

namespace Realtime.Web.Lgo;

/// <summary>The first line of a feed: <c>{ kind, seq, takenAt }</c>.</summary>
/// <param name="Kind">All boxes, or what changed.</param>
/// <param name="Seq">Its number, 1 or more.</param>
/// <param name="TakenAt">When the boxes were counted.</param>
internal sealed record FeedHeader(FeedKind Kind, long Seq, Instant TakenAt)
{
    /// <summary>Reads the line; null where it is no header, and then every culprit with its path; a path may have several.</summary>
    public static FeedHeader? Read(ReadOnlySpan<byte> line, Instant now, out IReadOnlyList<(string Path, Sentence Sentence)> culprits)
    {
        var members = new FeedHeaderMembers();
        if (!FeedJson.TryRead(line, ref members))
            members.Culprits.Add(("$", new("the first line is a JSON object with kind, seq and takenAt", "la première ligne est un objet JSON avec kind, seq et takenAt")));
        else
            members.Check(now);
        culprits = [.. members.Culprits.Distinct()];
        return culprits.Count == 0 ? new(members.Kind!.Value, members.Seq!.Value, members.TakenAt!.Value) : null;
    }
}

/// <summary>The members of a header, as they stand there.</summary>
internal sealed class FeedHeaderMembers : IFeedMembers
{
    // A longer name is none of ours, and is not said again.
    private const int LongestName = 40;
    private const string Longer = "…";

    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    /// <summary>Those that are wrong, with their paths; some may stand there more than once.</summary>
    public List<(string Path, Sentence Sentence)> Culprits { get; } = [];

    /// <summary>All or what changed; null where it is not said.</summary>
    public FeedKind? Kind { get; private set; }

    /// <summary>Its number; null where it is none.</summary>
    public long? Seq { get; private set; }

    /// <summary>When the boxes were counted; null where it is not said.</summary>
    public Instant? TakenAt { get; private set; }

    /// <inheritdoc/>
    public void Take(ref Utf8JsonReader json)
    {
        var name = json.ValueSpan.Length <= LongestName ? json.GetString()! : Longer;
        // Two long names need not be the same one.
        if (name != Longer && !_seen.Add(name))
            Culprits.Add(($"$.{name}", new("is given twice", "est donné deux fois")));
        else if (name == "kind")
            Kind = FeedJson.Text(ref json) switch { "snapshot" => FeedKind.Snapshot, "delta" => FeedKind.Delta, _ => null };
        else if (name == "seq")
            Seq = FeedJson.Whole(ref json);
        else if (name == "takenAt")
            TakenAt = FeedJson.Text(ref json) is { } text && Moments.TryParse(text, out var at) ? at : null;
        else
            Culprits.Add(($"$.{name}", new("is not a member of the first line", "n'est pas un membre de la première ligne")));
    }

    /// <summary>Notes what is missing or out of range.</summary>
    public void Check(Instant now)
    {
        if (Kind is null)
            Culprits.Add(("$.kind", new("takes snapshot or delta", "attend snapshot ou delta")));
        if (Seq is not >= 1)
            Culprits.Add(("$.seq", new("takes a whole number, 1 or more", "attend un nombre entier, 1 ou plus")));
        if (TakenAt is not { } at)
            Culprits.Add(("$.takenAt", new("takes an instant with offset such as 2026-11-22T19:30:00+01:00", "attend un instant avec décalage comme 2026-11-22T19:30:00+01:00")));
        else if (at > now + FeedRules.Ahead)
            Culprits.Add(("$.takenAt", new($"is more than {FeedRules.Ahead.TotalMinutes} minutes ahead of the service's clock", $"est en avance de plus de {FeedRules.Ahead.TotalMinutes} minutes sur l'horloge du service")));
        else if (at < now - FeedRules.Oldest)
            Culprits.Add(("$.takenAt", new($"is more than {FeedRules.Oldest.TotalDays} days ago", $"date de plus de {FeedRules.Oldest.TotalDays} jours")));
    }
}
