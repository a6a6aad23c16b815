using System.Text;
using NodaTime;
using Realtime.Journal;
using Realtime.Products;
using Realtime.Recalls;

namespace Realtime.Tests.Recalls;

/// <summary>What stands in stores that somebody has: texts that this program must read as it always has, and write again as they are; and what the audit holds public facts against.</summary>
public sealed class RecallJsonTests
{
    private const string Id = "7ZZZZZZZZZZZZZZZZZZZZZZZZZ";

    private const string Request = """
        "request":{"key":"a2V5","command":"Y29tbWFuZA"}
        """;

    // One text for each kind, with every member that it may have. A text is never changed: what a new program writes otherwise is a new version of the kind.
    private static readonly Dictionary<string, string> Stored = new(StringComparer.Ordinal)
    {
        ["recall.declared"] = $$"""{"reference":"MED26/117","cip13":"3400938358926","lots":["A7","B2"],"source":"ANSM, à la demande du laboratoire",{{Request}}}""",
        ["recall.reached"] = """{"pharmacies":[{"id":"990000010","boxes":5,"orders":2},{"id":"990000028"}],"visited":40}""",
        ["recall.spread"] = """{"turn":1,"visited":40,"withoutLots":3}""",
        ["recall.acknowledged"] = """{"pharmacy":"990000010"}""",
        ["recall.withdrawn"] = $$"""{"reason":"erreur de lot",{{Request}}}""",
    };

    private const string Facts = $$"""{"id":"{{Id}}","reference":"MED26/117","cip13":"3400938358926","lots":["A7"],"source":"ANSM","declaredAt":"2026-11-23T09:00:00Z","withdrawnAt":"2026-11-24T09:00:00Z","seq":5,"isSpread":true,"withdrawnFor":"erreur de lot"}""";

    private const string State = $$$"""{"facts":{{{Facts}}},"holders":[{"held":{"id":"990000010","boxes":5,"orders":2},"acknowledgedAt":"2026-11-23T10:00:00Z"},{"held":{"id":"990000028","boxes":1}}],"turn":4,"visited":40,"withoutLots":3,"declared":{"key":"a2V5","command":"Y29tbWFuZA"},"withdrawn":{"key":"a2V5Mg","command":"Y29tbWFuZA"}}""";

    public static TheoryData<string> Kinds => [.. Stored.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_of_event_is_read_and_written_as_it_always_was(string kind)
    {
        var (written, version, payload) = RecallJson.Write(RecallJson.Read(kind, 1, Encoding.UTF8.GetBytes(Stored[kind])));

        Assert.Equal((kind, 1, Stored[kind]), (written, version, Encoding.UTF8.GetString(payload)));
    }

    [Fact]
    public void Every_event_has_a_text_and_a_newer_programs_is_not_guessed_at()
    {
        Assert.Equal(typeof(RecallEvent).Assembly.GetTypes().Count(type => type.BaseType == typeof(RecallEvent)), Stored.Count);
        Assert.Subset(Stored.Keys.ToHashSet(StringComparer.Ordinal), RecallJson.FactKinds.ToHashSet(StringComparer.Ordinal));
        Assert.Throws<InvalidOperationException>(() => RecallJson.Read("recall.declared", 2, "{}"u8));
        Assert.Throws<InvalidOperationException>(() => RecallJson.Read("recall.sung", 1, "{}"u8));
    }

    [Fact]
    public void A_turn_that_left_some_out_says_how_many_and_so_does_the_snapshot()
    {
        const string left = """{"turn":1,"visited":39,"withoutLots":3,"failed":1}""";
        Assert.Equal(left, Encoding.UTF8.GetString(RecallJson.Write(RecallJson.Read("recall.spread", 1, Encoding.UTF8.GetBytes(left))).Payload));
        Assert.Equal(2, RecallJson.ReadState(RecallJson.WriteState(RecallState.Empty with { Failed = 2 })).Failed);
    }

    [Fact]
    public void Facts_and_snapshots_are_read_and_written_as_they_always_were()
    {
        Assert.Equal(Facts, Encoding.UTF8.GetString(RecallJson.WriteFacts(RecallJson.ReadFacts(Encoding.UTF8.GetBytes(Facts)))));
        Assert.Equal(State, Encoding.UTF8.GetString(RecallJson.WriteState(RecallJson.ReadState(Encoding.UTF8.GetBytes(State)))));
    }

    [Fact]
    public void The_audit_computes_facts_anew_and_a_recall_that_was_withdrawn_behind_its_back_is_found_out()
    {
        RecallEvent[] happened =
        [
            new RecallDeclared("MED26/117", Cip13.Parse("3400938358926"), ["A7"], "ANSM", new("a2V5", "Y29tbWFuZA")), new RecallReached([new(Realtime.Pharmacies.PharmacyId.Parse("990000010"), 5, 0)], 1),
            new RecallSpread(1, 1), new RecallAcknowledged(Realtime.Pharmacies.PharmacyId.Parse("990000010")),
        ];
        var (facts, seq) = (RecallFacts.All.Begin(RecallStreams.Of(Id))!, 0L);
        foreach (var one in happened)
        {
            var (kind, version, payload) = RecallJson.Write(one);
            facts.Take(new JournalRow(RecallStreams.Of(Id), ++seq, 1, seq, Instant.FromUtc(2026, 11, 23, 9, 0), new JournalEvent(kind, version, "operator", "test", payload), default));
        }

        var (written, payloadOf) = facts.Written()!.Value;

        // Only rows that change them write them.
        Assert.Equal(3, written);
        var honest = RecallJson.ReadFacts(payloadOf);
        Assert.Equal(payloadOf, facts.InTodaysWords(RecallJson.WriteFacts(honest)));
        Assert.NotEqual(payloadOf, facts.InTodaysWords(RecallJson.WriteFacts(honest with { WithdrawnAt = Instant.FromUtc(2026, 11, 23, 10, 0) })));
    }
}
