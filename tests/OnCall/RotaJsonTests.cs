using System.Text;
using Realtime.Journal;
using Realtime.OnCall;
using static Realtime.Tests.OnCall.Rotas;

namespace Realtime.Tests.OnCall;

/// <summary>What stands in stores that somebody has: texts that this program must read as it always has, and write again as they are.</summary>
public sealed class RotaJsonTests
{
    private const string Request = """
        "request":{"key":"a2V5","command":"Y29tbWFuZA"}
        """;

    private const string Duties = """{"sector":"A","pharmacies":["990000010","990000028"],"texts":["01 99 00 00 01","Sonnez au 3.","Ring at 3.","Été"],"duties":[1795460400,43200,0,1,0,0,1,2,86400,43200,1,0,1,-1,3,-1,0,3600,2,2,0,-1,-1,-1]}""";

    private const string Keys = """{"sector":"A","kind":"night","start":"2026-11-23T19:00:00Z","pharmacy":"990000010"},"take":{"sector":"B","kind":"sundayOrHoliday","start":"2026-11-29T07:00:00Z","pharmacy":"990000028"}""";

    // One text for each kind, with every member that it may have. A text is never changed: what a new program writes otherwise is a new version of the kind.
    private static readonly Dictionary<string, string> Stored = new(StringComparer.Ordinal)
    {
        ["sector.set"] = $$"""{"sector":{"code":"A","name":"Secteur Été","department":"2A","pharmacies":["990000010","990000028"],"kinds":[{"kind":"night","disclosure":"hidden","horizonDays":7},{"kind":"sundayOrHoliday","disclosure":"public","horizonDays":0},{"kind":"day","disclosure":"public","horizonDays":400}],"calls":[{"from":"2026-11-23T09:00:00Z","numbers":[{"label":"Commissariat","tel":"17"}]}]},{{Request}}}""",
        ["rota.set"] = $$"""{"from":"2026-11-23T19:00:00Z","duties":{{Duties}},{{Request}}}""",
        ["rota.drafted"] = $$"""{"from":"2026-11-23T19:00:00Z","duties":{{Duties}},{{Request}}}""",
        ["rota.draft-dropped"] = $$"""{"sector":"A",{{Request}}}""",
        ["rota.published"] = $$"""{"sectors":["A","B"],{{Request}}}""",
        ["swap.proposed"] = $$"""{"swap":{"id":"75-4","give":{{Keys}},"state":"proposed","at":"2026-11-23T09:00:00Z"},{{Request}}}""",
        ["swap.accepted"] = $$"""{"id":"75-4",{{Request}}}""",
        ["swap.ended"] = $$"""{"id":"75-4","state":"refused","reason":"pas cette nuit",{{Request}}}""",
        ["swap.confirmed"] = $$"""{"id":"75-4","give":{{Keys}},{{Request}}}""",
        ["measure.taken"] = $$"""{"measure":{"id":"75-5","kind":"requisition","start":"2026-11-23T19:00:00Z","end":"2026-11-24T07:00:00Z","reason":"grève","pharmacies":["990000010"],"sector":"A","reference":"2026-117","duty":"night","access":"phoneFirst"},{{Request}}}""",
        ["measure.ended"] = $$"""{"id":"75-5",{{Request}}}""",
        ["duties.sent"] = $$"""{"sending":{"recipient":"ars","from":"2026-11-23T19:00:00Z","to":"2026-12-24T07:00:00Z","duties":31,"sha256":"00ff","at":"2026-11-23T09:00:00Z","proof":"accusé 12"},{{Request}}}""",
    };

    // The facts of a department, and with them its snapshot.
    private const string Facts = $$"""{"department":"75","seq":9,"sectors":[{"code":"A","name":"A","department":"75","pharmacies":["990000010"],"kinds":[{"kind":"night","disclosure":"public","horizonDays":7}],"calls":[]}],"rotas":[{{Duties}}],"drafts":[{"from":"2026-11-23T19:00:00Z","duties":{{Duties}}}],"swaps":[{"id":"75-4","give":{{Keys}},"state":"refused","at":"2026-11-23T09:00:00Z","reason":"non"}],"measures":[{"id":"75-5","kind":"closure","start":"2026-11-23T19:00:00Z","end":"2026-11-24T07:00:00Z","reason":"cyclone","pharmacies":[]}],"sendings":[{"recipient":"cpam","from":"2026-11-23T19:00:00Z","to":"2026-12-24T07:00:00Z","duties":31,"sha256":"00ff","at":"2026-11-23T09:00:00Z","proof":"12"}],"touched":[{"at":"2026-11-23T09:00:00Z","pharmacies":["990000010","990000028"]}],"closuresAt":"2026-11-23T09:00:00Z"}""";

    private const string State = $$"""{"rota":{{Facts}},"answered":[{"request":{"key":"a2V5","command":"Y29tbWFuZA"},"seq":4,"at":"2026-11-23T09:00:00Z"}]}""";

    public static TheoryData<string> Kinds => [.. RotaJson.Kinds];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_of_event_is_read_and_written_as_it_always_was(string kind)
    {
        Assert.True(Stored.TryGetValue(kind, out var text), $"{kind} has no text: add one with every member of the event.");

        var (written, version, payload) = RotaJson.Write(RotaJson.Read(kind, 1, Encoding.UTF8.GetBytes(text)));

        Assert.Equal((kind, 1, text), (written, version, Encoding.UTF8.GetString(payload)));
    }

    [Fact]
    public void No_text_stands_for_a_kind_that_is_no_more_and_a_newer_programs_is_not_guessed_at()
    {
        Assert.Equal(RotaJson.Kinds.Order(StringComparer.Ordinal), Stored.Keys.Order(StringComparer.Ordinal));
        Assert.Throws<InvalidOperationException>(() => RotaJson.Read("rota.set", 2, "{}"u8));
        Assert.Throws<InvalidOperationException>(() => RotaJson.Read("rota.sung", 1, "{}"u8));
    }

    [Fact]
    public void Facts_and_snapshots_are_read_and_written_as_they_always_were()
    {
        Assert.Equal(Facts, Encoding.UTF8.GetString(RotaJson.WriteFacts(RotaJson.ReadFacts(Encoding.UTF8.GetBytes(Facts)))));
        Assert.Equal(State, Encoding.UTF8.GetString(RotaJson.WriteState(RotaJson.ReadState(Encoding.UTF8.GetBytes(State)))));
    }

    [Fact]
    public void Duties_are_packed_and_unpacked_to_the_second()
    {
        Duty[] duties = [Night(0, 0, instructions: "Sonnez."), Night(0, 1) with { Period = Night(0, 1).Period with { Phone = "1", InstructionsEn = "Sonnez." } }, Sunday(6, 2)];

        Assert.Equal(duties, PackedDuties.Of("A", duties).Unpack());
    }

    [Fact]
    public void A_year_of_a_sector_fits_into_a_row_and_what_does_not_is_refused_and_never_breaks()
    {
        var year = Enumerable.Range(0, 365).SelectMany(day => new[] { Night(day, day % 20, instructions: "Le pharmacien de garde vient vous servir à la porte."), Sunday(day, (day + 7) % 20) }).ToArray();
        var longest = Enumerable.Range(0, RotaRules.MostDuties).Select(day => Night(day, day % 20, instructions: $"{day % RotaRules.MostTexts:D2}{new string('é', 298)}")).ToArray();

        Assert.InRange(SizeOf(year), 1_000, 64 * 1024);
        TestContext.Current.TestOutputHelper?.WriteLine($"a year of {year.Length} duties {SizeOf(year)} bytes, {longest.Length} with {RotaRules.MostTexts} long texts {SizeOf(longest)}");
        Assert.InRange(SizeOf(longest), JournalEvent.MaxPayload + 1, int.MaxValue);
        var sector = Sector(members: 20);
        Assert.True(RotaRules.DecideRota(Given(new SectorSet(sector)), sector, null, year, Monday, out _, out _));
        Assert.False(RotaRules.DecideRota(Given(new SectorSet(sector)), sector, null, longest, Monday, out _, out var refusal));
        Assert.Equal(RotaRefusalKind.TooLarge, refusal.Kind);
        Assert.False(RotaRules.DecideDraft(Given(new SectorSet(sector)), sector, null, longest, Monday, out _, out refusal));
        Assert.Equal(RotaRefusalKind.TooLarge, refusal.Kind);
    }

    [Fact]
    public void A_sector_whose_numbers_change_for_ever_keeps_the_last_of_them()
    {
        var rota = Given(new SectorSet(Sector()));
        for (var i = 0; i < 200; i++)
        {
            CallNumber[] numbers = [.. Enumerable.Repeat(new CallNumber(new string('é', 90), $"{i}"), 10)];
            if (!RotaRules.DecideSector(rota, Sector(calls: new CallTable(Evening(i), numbers)), out var happened, out var refusal))
            {
                Assert.Equal((RotaRefusalKind.TooLarge, "call"), (refusal.Kind, refusal.Detail));
                continue;
            }
            rota = RotaRules.Evolve(rota, happened!, rota.Seq + 1, Evening(i));
            Assert.InRange(RotaJson.Write(happened!).Payload.Length, 1, JournalEvent.MaxPayload);
        }
        Assert.Equal("199", rota.Sectors["A"].Calls[^1].Numbers[0].Tel);
        Assert.InRange(rota.Sectors["A"].Calls.Count, 2, RotaRules.MostCallTables);
    }

    private static int SizeOf(Duty[] duties) => RotaJson.Write(new RotaSet("A", Monday, duties) { Request = new(new string('k', 64), new string('c', 64)) }).Payload.Length;
}
