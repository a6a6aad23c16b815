using System.Text;
using System.Text.Json;

namespace Realtime.Journal;

/// <summary>One stream while it is verified: its chain, what the checkpoints saw of it, and its public facts.</summary>
internal sealed class AuditedStream
{
    private readonly StreamChain _chain;
    private readonly AuditCoverage _coverage;
    private readonly Dictionary<int, (StreamTip Tip, long Rows)> _tips = [];
    private readonly bool _isKnown;
    private readonly StreamFacts? _facts;

    public AuditedStream(string name, PublicFacts? slice, AuditCoverage coverage)
    {
        (Name, _coverage, _chain, _isKnown) = (name, coverage, new StreamChain(name), slice is not null);
        _facts = slice?.Begin(name);
    }

    public string Name { get; }

    public BrokenLink? Take(JournalRow row)
    {
        if (_chain.Take(row) is { } broken)
            return broken;
        if (Name != AuditCheckpoint.Stream && _coverage.Of(row) is { } checkpoint)
            // Rows come by number, so that the last one is the newest of its checkpoint.
            _tips[checkpoint] = (new StreamTip(Name, row.Seq, row.Hash), _tips.GetValueOrDefault(checkpoint).Rows + 1);
        try
        {
            _facts?.Take(row);
            return null;
        }
        catch (Exception strange) when (strange is JsonException or InvalidOperationException or FormatException or ArgumentException)
        {
            // The chain holds, and yet the slice that owns the stream cannot have written this.
            return BrokenLink.At(row, $"it is no row as its slice writes them ({strange.Message.TrimEnd('.')})");
        }
    }

    /// <summary>Gives the checkpoints what they must have seen of this stream.</summary>
    public void Cover()
    {
        foreach (var (checkpoint, (tip, rows)) in _tips)
            _coverage.Take(checkpoint, tip, rows);
    }

    /// <summary>Holds the public facts against the rows.</summary>
    public BrokenLink? Compare(PublicState? state, AuditReport report)
    {
        var last = _chain.Last!;
        if (state is not null && (state.Seq > last.Seq || state.Seq < 1))
            return new(Name, last.At, $"its public facts are of row {state.Seq}, and its last row is {last.Seq}");
        if (_facts is null)
        {
            report.Skipped += _isKnown ? 1 : 0;
            report.Compared += !_isKnown && state is not null ? 1 : 0;
            return null;
        }
        report.Recomputed++;
        return (_facts.Written(), state) switch
        {
            (null, null) => null,
            (null, { }) => BrokenLink.At(last, "it has public facts that none of its rows wrote"),
            ({ } written, null) => new($"{Name} row {written.Seq}", last.At, "the public facts that it wrote are missing"),
            ({ } written, { } found) when written.Seq != found.Seq => new($"{Name} row {written.Seq}", last.At, $"its public facts are of row {found.Seq} instead"),
            ({ } written, { } found) when Said(found) is var said && !written.Payload.AsSpan().SequenceEqual(said) => new($"{Name} row {written.Seq}", last.At, $"its public facts are not those of its rows: {Difference(written.Payload, said)}"),
            _ => null,
        };
    }

    // What cannot be read says what it says.
    private byte[] Said(PublicState state)
    {
        try
        {
            return _facts!.InTodaysWords(state.Payload.Span);
        }
        catch (Exception strange) when (strange is JsonException or InvalidOperationException or FormatException or ArgumentException or NullReferenceException)
        {
            return state.Payload.ToArray();
        }
    }

    // A few characters from where they part, enough to find the member.
    private static string Difference(ReadOnlySpan<byte> written, ReadOnlySpan<byte> found)
    {
        var from = Math.Max(0, written.CommonPrefixLength(found) - 20);
        return $"…{Excerpt(found, from)}… where its rows say …{Excerpt(written, from)}…";
    }

    private static string Excerpt(ReadOnlySpan<byte> text, int from) => Encoding.UTF8.GetString(text[from..Math.Min(text.Length, from + 60)]);
}
