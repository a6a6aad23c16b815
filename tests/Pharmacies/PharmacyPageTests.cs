using NodaTime;
using Realtime.Hours;
using Realtime.Pharmacies;

namespace Realtime.Tests.Pharmacies;

public sealed class PharmacyPageTests
{
    private static readonly Instant Noon = Instant.FromUtc(2026, 11, 23, 11, 0);
    private static readonly PharmacyRecord Record = new()
    {
        Id = PharmacyId.Parse("750020927"),
        Name = "Pharmacie du Test",
        Latitude = 48.8,
        Longitude = 2.3,
        Address = new("1 rue du Test", "75012", "Paris"),
        Hours = "Mo-Fr 09:00-19:00",
        Services = ["vaccination"],
    };

    private static Pharmacy Known => PharmacyPage.Evolve(null, new PharmacyImported(Record), Noon, 1);

    [Fact]
    public void What_a_file_states_for_the_first_time_is_taken()
    {
        Assert.Equal(Record, PharmacyPage.DecideImport(null, Record, ImportSource.SanteFr)?.Record);
        Assert.Equal((HoursSource.Import, Noon, 1L), (Known.HoursSource, Known.ConfirmedAt, Known.Seq));
    }

    [Fact]
    public void What_a_file_states_again_changes_nothing() =>
        Assert.Null(PharmacyPage.DecideImport(Known, Record with { Services = ["vaccination"] }, ImportSource.SanteFr));

    [Fact]
    public void What_a_file_states_differently_is_taken()
    {
        Assert.NotNull(PharmacyPage.DecideImport(Known, Record with { Services = ["parking"] }, ImportSource.SanteFr));
        Assert.NotNull(PharmacyPage.DecideImport(Known, Record with { Hours = null }, ImportSource.SanteFr));
    }

    [Fact]
    public void Hours_of_the_pharmacys_own_team_win_over_a_file()
    {
        var own = PharmacyPage.Evolve(Known, new HoursSet("Mo-Sa 08:00-20:00; PH off"), Noon, 2);

        var imported = PharmacyPage.Evolve(own, new PharmacyImported(Record with { Name = "Pharmacie Neuve", Hours = "Mo 09:00-10:00" }), Noon, 3);

        Assert.Equal(("Pharmacie Neuve", "Mo-Sa 08:00-20:00; PH off", HoursSource.Pharmacy), (imported.Record.Name, imported.Record.Hours, imported.HoursSource));
        Assert.Null(PharmacyPage.DecideImport(imported, Record with { Name = "Pharmacie Neuve", Hours = "Mo 09:00-10:00" }, ImportSource.SanteFr));
    }

    [Fact]
    public void Hours_that_do_not_parse_are_refused_with_their_column()
    {
        Assert.False(PharmacyPage.DecideHours(Known, "Mo-Fr 25:00", 1, out _, out var refusal));
        Assert.Equal((PageRefusalKind.InvalidHours, 7), (refusal.Kind, refusal.Column));
    }

    [Fact]
    public void A_change_of_a_page_that_moved_on_is_refused()
    {
        Assert.False(PharmacyPage.DecideHours(Known, null, 0, out _, out var refusal));
        Assert.Equal(PageRefusalKind.Stale, refusal.Kind);
        Assert.False(PharmacyPage.DecideHours(null, null, 0, out _, out refusal));
        Assert.Equal(PageRefusalKind.UnknownPharmacy, refusal.Kind);
    }

    [Fact]
    public void A_closure_is_declared_once_taken_back_once_and_dropped_when_over()
    {
        var closure = new Closure("c1", Noon, Noon + Duration.FromHours(2), "inventaire", null);
        Assert.False(PharmacyPage.DecideClosure(Known, closure with { End = Noon }, 1, out _, out var refusal));
        Assert.Equal(PageRefusalKind.InvalidClosure, refusal.Kind);
        Assert.True(PharmacyPage.DecideClosure(Known, closure, 1, out var declared, out _));
        var closed = PharmacyPage.Evolve(Known, declared, Noon, 2);
        Assert.Equal([closure], closed.Closures);

        Assert.True(PharmacyPage.DecideRevocation(closed, "c1", 2, out var revoked, out _));
        Assert.Empty(PharmacyPage.Evolve(closed, revoked, Noon, 3).Closures);
        Assert.False(PharmacyPage.DecideRevocation(Known, "c1", 1, out _, out refusal));
        Assert.Equal(PageRefusalKind.UnknownClosure, refusal.Kind);
        Assert.Empty(PharmacyPage.Evolve(closed, new HoursSet(null), closure.End, 3).Closures);
    }

    [Theory]
    [MemberData(nameof(Written))]
    public void What_is_written_to_the_journal_is_read_back_and_keeps_its_shape(PharmacyEvent happened, string golden)
    {
        var (kind, version, payload) = PharmacyJson.Write(happened);
        var text = $"{kind} {version} {System.Text.Encoding.UTF8.GetString(payload)}";

        Assert.Equal(golden, text);
        Assert.Equal(text, Text(PharmacyJson.Write(PharmacyJson.Read(kind, version, payload))));
    }

    public static TheoryData<PharmacyEvent, string> Written => new()
    {
        { new PharmacyImported(Record), """pharmacy.imported 2 {"record":{"id":"750020927","name":"Pharmacie du Test","latitude":48.8,"longitude":2.3,"address":{"street":"1 rue du Test","postcode":"75012","city":"Paris"},"hours":"Mo-Fr 09:00-19:00","services":["vaccination"]},"source":"santefr"}""" },
        { new HoursSet("24/7"), """hours.set 1 {"hours":"24/7"}""" },
        { new HoursSet(null), "hours.set 1 {}" },
        { new ClosureDeclared(new("c1", Noon, Noon + Duration.FromHours(1), "inventaire", PharmacyId.Parse("2A0001947"))), """closure.declared 1 {"closure":{"id":"c1","start":"2026-11-23T11:00:00Z","end":"2026-11-23T12:00:00Z","reason":"inventaire","reliefPharmacy":"2A0001947"}}""" },
        { new ClosureRevoked("c1"), """closure.revoked 1 {"closureId":"c1"}""" },
    };

    [Fact]
    public void An_event_of_a_newer_program_stops_the_reader() =>
        Assert.Throws<InvalidOperationException>(() => PharmacyJson.Read("hours.set", 2, "{}"u8));

    private static string Text((string Kind, int Version, byte[] Payload) row) => $"{row.Kind} {row.Version} {System.Text.Encoding.UTF8.GetString(row.Payload)}";
}
