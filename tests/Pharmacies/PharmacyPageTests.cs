using NodaTime;
using Realtime.Hours;
using Realtime.Idempotency;
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

    private static PharmacyRecord Registered => Record with
    {
        Name = "PHARMACIE DU TEST",
        Latitude = 48.9,
        Address = new("1 RUE DU TEST", "75012", "PARIS"),
        Insee = "75112",
        Hours = null,
        Services = [],
    };

    private static readonly OwnPage Page = new("0199001234", ["parking"], [new(Noon, "Vaccins", Noon + Duration.FromDays(1))], new(ClickAndCollect: true), new() { LegalName = "SELARL du Test", Siret = "73282932000074" });

    private static readonly LocalDate Christmas = new(2026, 12, 25);

    private static Pharmacy Known => PharmacyPage.Evolve(null, new PharmacyImported(Record), Noon, 1);

    [Fact]
    public void What_a_file_states_for_the_first_time_is_taken()
    {
        Assert.Equal(Record, PharmacyPage.DecideImport(null, Record, ImportSource.SanteFr, Noon)?.Record);
        Assert.Equal((HoursSource.Import, Noon, 1L), (Known.HoursSource, Known.ConfirmedAt, Known.Seq));
    }

    [Fact]
    public void What_a_file_states_again_changes_nothing() =>
        Assert.Null(PharmacyPage.DecideImport(Known, Record with { Services = ["vaccination"] }, ImportSource.SanteFr, Noon));

    [Fact]
    public void What_a_file_confirms_after_a_month_is_written_down_so_that_the_hours_do_not_grow_old()
    {
        var later = Noon + PharmacyPage.Confirmation;
        Assert.Null(PharmacyPage.DecideImport(Known, Record, ImportSource.SanteFr, later - Duration.Epsilon));

        var confirmed = PharmacyPage.DecideImport(Known, Record, ImportSource.SanteFr, later);

        Assert.NotNull(confirmed);
        Assert.Equal(later, PharmacyPage.Evolve(Known, confirmed, later, 2).ConfirmedAt);
    }

    [Fact]
    public void A_record_of_no_known_zone_or_with_broken_hours_is_nobodys_to_import()
    {
        Assert.Throws<ArgumentException>(() => PharmacyPage.DecideImport(null, Record with { Address = Record.Address with { Postcode = "99999" } }, ImportSource.SanteFr, Noon));
        Assert.Throws<ArgumentException>(() => PharmacyPage.DecideImport(null, Record with { Hours = "Mo-Fr 25:00" }, ImportSource.SanteFr, Noon));
    }

    [Fact]
    public void What_a_file_states_differently_is_taken()
    {
        Assert.NotNull(PharmacyPage.DecideImport(Known, Record with { Services = ["parking"] }, ImportSource.SanteFr, Noon));
        Assert.NotNull(PharmacyPage.DecideImport(Known, Record with { Hours = null }, ImportSource.SanteFr, Noon));
    }

    [Fact]
    public void Hours_of_the_pharmacys_own_team_win_over_a_file()
    {
        var own = PharmacyPage.Evolve(Known, new HoursSet("Mo-Sa 08:00-20:00; PH off"), Noon, 2);

        var imported = PharmacyPage.Evolve(own, new PharmacyImported(Record with { Name = "Pharmacie Neuve", Hours = "Mo 09:00-10:00" }), Noon, 3);

        Assert.Equal(("Pharmacie Neuve", "Mo-Sa 08:00-20:00; PH off", HoursSource.Pharmacy), (imported.Record.Name, imported.Record.Hours, imported.HoursSource));
        Assert.Null(PharmacyPage.DecideImport(imported, Record with { Name = "Pharmacie Neuve", Hours = "Mo 09:00-10:00" }, ImportSource.SanteFr, Noon));
    }

    [Fact]
    public void A_source_that_knows_no_hours_leaves_those_of_another_and_their_age()
    {
        var later = Noon + Duration.FromDays(30);
        var registered = PharmacyPage.Evolve(Known, new PharmacyImported(Registered, ImportSource.Finess), later, 2);

        Assert.Equal(("PHARMACIE DU TEST", 48.9, "75112"), (registered.Record.Name, registered.Record.Latitude, registered.Record.Insee));
        Assert.Equal(("Mo-Fr 09:00-19:00", HoursSource.Import, Noon), (registered.Record.Hours, registered.HoursSource, registered.ConfirmedAt));
        Assert.Equal(["vaccination"], registered.Record.Services);
        Assert.Equal([(ImportSource.Finess, later), (ImportSource.SanteFr, Noon)], registered.Sources.Select(source => (source.Source, source.At)));
    }

    [Fact]
    public void The_newest_source_wins_in_what_it_states()
    {
        var mapped = PharmacyPage.Evolve(Known, new PharmacyImported(Registered with { Hours = "Mo-Sa 08:00-20:00", Phone = "1" }, ImportSource.Osm), Noon, 2);
        Assert.Equal(("Mo-Sa 08:00-20:00", "1"), (mapped.Record.Hours, mapped.Record.Phone));

        var again = PharmacyPage.Evolve(mapped, new PharmacyImported(Record with { Hours = "Mo 10:00-11:00" }), Noon + Duration.FromDays(1), 3);
        Assert.Equal(("Mo 10:00-11:00", "1", 48.8, Noon + Duration.FromDays(1)), (again.Record.Hours, again.Record.Phone, again.Record.Latitude, again.ConfirmedAt));
        Assert.Equal([ImportSource.SanteFr, ImportSource.Osm], again.Sources.Select(source => source.Source));
    }

    [Fact]
    public void A_source_without_an_address_leaves_that_of_another_with_its_commune()
    {
        var registered = PharmacyPage.Evolve(null, new PharmacyImported(Registered, ImportSource.Finess), Noon, 1);
        var mapped = PharmacyPage.Evolve(registered, new PharmacyImported(Record with { Address = new("", "", ""), Insee = "67482" }, ImportSource.Osm), Noon, 2);
        Assert.Equal((Registered.Address, "75112", "Pharmacie du Test"), (mapped.Record.Address, mapped.Record.Insee, mapped.Record.Name));
    }

    [Fact]
    public void A_file_imported_again_changes_nothing_although_another_source_came_in_between()
    {
        var registered = PharmacyPage.Evolve(Known, new PharmacyImported(Registered, ImportSource.Finess), Noon, 2);
        Assert.Null(PharmacyPage.DecideImport(registered, Record, ImportSource.SanteFr, Noon));
        Assert.Null(PharmacyPage.DecideImport(registered, Registered, ImportSource.Finess, Noon));
        // Each source is compared with itself: what one said is news from another.
        Assert.NotNull(PharmacyPage.DecideImport(registered, Record, ImportSource.Osm, Noon));
    }

    [Fact]
    public void Closures_outlive_an_import()
    {
        var closed = PharmacyPage.Evolve(Known, new ClosureDeclared(new("c1", Noon, Noon + Duration.FromHours(2), "inventaire", null)), Noon, 2);
        Assert.Single(PharmacyPage.Evolve(closed, new PharmacyImported(Registered, ImportSource.Finess), Noon, 3).Closures);
    }

    [Fact]
    public void An_import_written_before_there_were_several_sources_is_one_of_Sante_fr()
    {
        var happened = Assert.IsType<PharmacyImported>(PharmacyJson.Read("pharmacy.imported", 1, """{"record":{"id":"750020927","name":"Pharmacie du Test","latitude":48.8,"longitude":2.3,"address":{"street":"1 rue du Test","postcode":"75012","city":"Paris"},"hours":"Mo-Fr 09:00-19:00","services":["vaccination"]}}"""u8));
        Assert.Equal(ImportSource.SanteFr, happened.Source);
        Assert.Null(PharmacyPage.DecideImport(PharmacyPage.Evolve(null, happened, Noon, 1), Record, ImportSource.SanteFr, Noon));
    }

    [Fact]
    public void Public_facts_are_read_back_whole_and_those_written_before_sources_were_kept_are_read_too()
    {
        var registered = PharmacyPage.Evolve(Known, new PharmacyImported(Registered, ImportSource.Finess), Noon, 2);
        var read = PharmacyJson.ReadFacts(PharmacyJson.WriteFacts(registered));
        Assert.Equal(registered.Sources.Select(source => (source.Source, source.At, source.Record.Name)), read.Sources.Select(source => (source.Source, source.At, source.Record.Name)));

        var old = PharmacyJson.ReadFacts("""{"record":{"id":"750020927","name":"A","latitude":48.8,"longitude":2.3,"address":{"street":"","postcode":"75012","city":"Paris"},"services":[]},"imported":{"id":"750020927"},"hoursSource":"import","confirmedAt":"2026-11-23T11:00:00Z","closures":[],"seq":1}"""u8);
        Assert.Equal(("A", 1L, 0, 0), (old.Record.Name, old.Seq, old.Sources.Count, old.Exceptions.Count));
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
        var closure = new Closure("c2", Noon, Noon + Duration.FromHours(2), "inventaire", null);
        Assert.False(PharmacyPage.DecideClosure(Known, closure with { End = Noon }, 1, Noon, out _, out var refusal));
        Assert.Equal(PageRefusalKind.InvalidClosure, refusal.Kind);
        Assert.True(PharmacyPage.DecideClosure(Known, closure with { Id = "" }, 1, Noon, out var declared, out _));
        var closed = PharmacyPage.Evolve(Known, declared, Noon, 2);
        Assert.Equal([closure], closed.Closures);

        Assert.True(PharmacyPage.DecideRevocation(closed, "c2", 2, out var revoked, out _));
        Assert.Empty(PharmacyPage.Evolve(closed, revoked, Noon, 3).Closures);
        Assert.False(PharmacyPage.DecideRevocation(Known, "c1", 1, out _, out refusal));
        Assert.Equal(PageRefusalKind.UnknownClosure, refusal.Kind);
        Assert.Empty(PharmacyPage.Evolve(closed, new HoursSet(null), closure.End, 3).Closures);
    }

    [Fact]
    public void A_closure_that_is_over_or_too_long_or_names_the_pharmacy_itself_or_is_one_too_many_is_refused()
    {
        var hour = Duration.FromHours(1);
        Assert.Equal(PageRefusalKind.InvalidClosure, Refusal(Known, new("", Noon - hour, Noon, "inventaire", null)));
        Assert.Equal(PageRefusalKind.InvalidClosure, Refusal(Known, new("", Noon, Noon + PharmacyPage.LongestClosure + Duration.Epsilon, "inventaire", null)));
        Assert.Equal(PageRefusalKind.ReliefIsItself, Refusal(Known, new("", Noon, Noon + hour, "inventaire", Record.Id)));
        Assert.Null(Refusal(Known, new("", Noon - hour, Noon + Duration.Epsilon, "inventaire", PharmacyId.Parse("2A0001947"))));

        var full = Known;
        for (var seq = 2; seq < 2 + PharmacyPage.MostClosures; seq++)
            full = PharmacyPage.Evolve(full, new ClosureDeclared(new(PharmacyPage.ClosureId(seq), Noon, Noon + hour, "inventaire", null)), Noon, seq);
        Assert.Equal(PageRefusalKind.TooManyClosures, Refusal(full, new("", Noon, Noon + hour + hour, "inventaire", null)));
        // Those that are over meanwhile do not count.
        Assert.True(PharmacyPage.DecideClosure(full, new("", Noon, Noon + hour + hour, "inventaire", null), full.Seq, Noon + hour, out _, out _));

        static PageRefusalKind? Refusal(Pharmacy pharmacy, Closure closure) =>
            PharmacyPage.DecideClosure(pharmacy, closure, pharmacy.Seq, Noon, out _, out var refusal) ? null : refusal.Kind;
    }

    [Fact]
    public void An_exception_is_declared_taken_back_once_and_dropped_when_over()
    {
        var vacation = new Vacation("", Christmas, Christmas.PlusDays(1), "fêtes", PharmacyId.Parse("2A0001947"));
        Assert.True(PharmacyPage.DecideException(Known, vacation, 1, Noon, out var declared, out _));
        var away = PharmacyPage.Evolve(Known, declared, Noon, 2);
        Assert.Equal([vacation with { Id = "e2" }], away.Exceptions);

        Assert.True(PharmacyPage.DecideExceptionRevocation(away, "e2", 2, out var revoked, out _));
        Assert.Empty(PharmacyPage.Evolve(away, revoked, Noon, 3).Exceptions);
        Assert.False(PharmacyPage.DecideExceptionRevocation(away, "e1", 2, out _, out var refusal));
        Assert.Equal(PageRefusalKind.UnknownException, refusal.Kind);
        Assert.False(PharmacyPage.DecideException(away, vacation, 1, Noon, out _, out refusal));
        Assert.Equal(PageRefusalKind.Stale, refusal.Kind);

        // 27 December begins at 23:00 UTC on the 26th: the zone says when a date is over.
        var over = Instant.FromUtc(2026, 12, 26, 23, 0);
        Assert.Single(PharmacyPage.Evolve(away, new HoursSet(null), over - Duration.Epsilon, 3).Exceptions);
        Assert.Empty(PharmacyPage.Evolve(away, new HoursSet(null), over, 3).Exceptions);
        Assert.Single(PharmacyPage.Evolve(away, new PharmacyImported(Registered, ImportSource.Finess), Noon, 3).Exceptions);
    }

    [Fact]
    public void What_is_said_of_a_holiday_takes_the_place_of_what_was_said_before()
    {
        var open = PharmacyPage.Evolve(Known, new ExceptionDeclared(new HolidayWorked("e2", Christmas, "09:00-12:30")), Noon, 2);
        var other = PharmacyPage.Evolve(open, new ExceptionDeclared(new HolidayWorked("e3", new(2027, 1, 1), "off")), Noon, 3);
        var closed = PharmacyPage.Evolve(other, new ExceptionDeclared(new HolidayWorked("e4", Christmas, "off")), Noon, 4);
        Assert.Equal(["e4", "e3"], closed.Exceptions.Select(exception => exception.Id));
    }

    [Fact]
    public void An_exception_that_is_empty_over_too_long_or_one_too_many_is_refused()
    {
        var hour = Duration.FromHours(1);
        var today = new LocalDate(2026, 11, 23);
        Assert.Equal(PageRefusalKind.InvalidOpening, Refusal(Known, new ExceptionalOpening("", Noon + hour, Noon + hour, "r")));
        Assert.Equal(PageRefusalKind.InvalidOpening, Refusal(Known, new ExceptionalOpening("", Noon - hour, Noon, "r")));
        Assert.Equal(PageRefusalKind.InvalidOpening, Refusal(Known, new ExceptionalOpening("", Noon, Noon + PharmacyPage.LongestOpening + Duration.Epsilon, "r")));
        Assert.Null(Refusal(Known, new ExceptionalOpening("", Noon, Noon + PharmacyPage.LongestOpening, "r")));

        Assert.Equal(PageRefusalKind.InvalidVacation, Refusal(Known, new Vacation("", Christmas, Christmas.PlusDays(-1), "r", null)));
        Assert.Equal(PageRefusalKind.InvalidVacation, Refusal(Known, new Vacation("", today.PlusDays(-9), today.PlusDays(-1), "r", null)));
        Assert.Equal(PageRefusalKind.InvalidVacation, Refusal(Known, new Vacation("", today, today.PlusDays(PharmacyPage.LongestVacation), "r", null)));
        Assert.Equal(PageRefusalKind.InvalidVacation, Refusal(Known, new Vacation("", new(9999, 12, 31), new(9999, 12, 31), "r", null)));
        Assert.Equal(PageRefusalKind.ReliefIsItself, Refusal(Known, new Vacation("", today, today, "r", Record.Id)));
        Assert.Null(Refusal(Known, new Vacation("", today, today.PlusDays(PharmacyPage.LongestVacation - 1), "r", null)));

        Assert.Equal(PageRefusalKind.InvalidHoliday, Refusal(Known, new HolidayWorked("", Christmas.PlusDays(1), "off")));
        Assert.Equal(PageRefusalKind.InvalidHoliday, Refusal(Known, new HolidayWorked("", new(2026, 11, 11), "off")));
        Assert.Equal(PageRefusalKind.InvalidHoliday, Refusal(Known, new HolidayWorked("", new(9999, 12, 25), "off")));
        Assert.Equal(PageRefusalKind.InvalidHours, Refusal(Known, new HolidayWorked("", Christmas, "Mo 09:00-12:00")));

        var full = Known;
        for (var seq = 2; seq < 1 + PharmacyPage.MostExceptions; seq++)
            full = PharmacyPage.Evolve(full, new ExceptionDeclared(new ExceptionalOpening(PharmacyPage.ExceptionId(seq), Noon, Noon + hour, "r")), Noon, seq);
        full = PharmacyPage.Evolve(full, new ExceptionDeclared(new HolidayWorked("e51", Christmas, "off")), Noon, 51);
        Assert.Equal(PageRefusalKind.TooManyExceptions, Refusal(full, new ExceptionalOpening("", Noon, Noon + hour, "r")));
        Assert.Null(Refusal(full, new HolidayWorked("", Christmas, "09:00-12:00")));

        static PageRefusalKind? Refusal(Pharmacy pharmacy, ExceptionalTime exception) =>
            PharmacyPage.DecideException(pharmacy, exception, pharmacy.Seq, Noon, out _, out var refusal) ? null : refusal.Kind;
    }

    [Fact]
    public void A_page_that_its_team_wrote_stands_as_a_whole_and_outlives_an_import()
    {
        Assert.True(PharmacyPage.DecidePage(Known, Page, 1, out var set, out _));
        var written = PharmacyPage.Evolve(Known, set, Noon, 2);
        Assert.Equal((Page, "0199001234", 2L), (written.Page, written.Record.Phone, written.Seq));
        Assert.Equal(["parking"], written.Record.Services);
        Assert.True(PharmacyPage.DecidePage(written, Page with { Mentions = null }, 2, out var silentOnMentions, out _));
        Assert.Equal(Page.Mentions, silentOnMentions.Page.Mentions);
        Assert.True(PharmacyPage.DecidePage(written, Page with { Mentions = new() }, 2, out var takenBack, out _));
        Assert.Equal(new Mentions(), takenBack.Page.Mentions);

        var imported = PharmacyPage.Evolve(written, new PharmacyImported(Record with { Name = "Pharmacie Neuve", Phone = "0" }), Noon, 3);
        Assert.Equal(("Pharmacie Neuve", "0199001234", Page), (imported.Record.Name, imported.Record.Phone, imported.Page));
        Assert.Equal(["parking"], imported.Record.Services);

        var silent = PharmacyPage.Evolve(imported, new PageSet(Page with { Phone = null }), Noon, 4);
        Assert.Null(PharmacyPage.Evolve(silent, new PharmacyImported(Record with { Phone = "0" }), Noon, 5).Record.Phone);
    }

    [Fact]
    public void Orders_are_taken_where_the_module_is_on_and_no_pause_holds()
    {
        Assert.False(Known.TakesOrdersAt(Noon, ServiceState.Open));
        var on = PharmacyPage.Evolve(Known, new PageSet(Page), Noon, 2);
        Assert.True(on.TakesOrdersAt(Noon, ServiceState.Open));

        var until = Noon + Duration.FromHours(1);
        Assert.True(PharmacyPage.DecidePause(on, "trop de monde", until, 2, Noon, out var paused, out _));
        var pausing = PharmacyPage.Evolve(on, paused, Noon, 3);
        Assert.Equal(new Pause(Noon, until, "trop de monde"), pausing.Paused);
        Assert.Equal((false, true), (pausing.TakesOrdersAt(until - Duration.Epsilon, ServiceState.Open), pausing.TakesOrdersAt(until, ServiceState.Open)));

        Assert.True(PharmacyPage.DecideResumption(pausing, 3, Noon, out var resumed, out _));
        Assert.True(PharmacyPage.Evolve(pausing, resumed, Noon, 4).TakesOrdersAt(Noon, ServiceState.Open));
        Assert.Null(PharmacyPage.Evolve(pausing, new HoursSet(null), until, 4).Paused);
        Assert.NotNull(PharmacyPage.Evolve(pausing, new PharmacyImported(Registered, ImportSource.Finess), Noon, 4).Paused);
    }

    [Fact]
    public void Orders_are_taken_while_the_door_is_shut_and_during_public_duty_only_where_the_pharmacy_wants_that()
    {
        var on = PharmacyPage.Evolve(Known, new PageSet(Page), Noon, 2);
        Assert.Equal((true, true, false), (on.TakesOrdersAt(Noon, ServiceState.Closed), on.TakesOrdersAt(Noon, ServiceState.Unknown), on.TakesOrdersAt(Noon, ServiceState.OnCall)));

        var onDuty = PharmacyPage.Evolve(on, new PageSet(Page with { Modules = Page.Modules with { OnCallOrders = true } }), Noon, 3);
        Assert.True(onDuty.TakesOrdersAt(Noon, ServiceState.OnCall));
    }

    [Fact]
    public void A_pause_that_is_over_before_it_begins_or_never_ends_is_refused_and_only_one_that_holds_can_be_ended()
    {
        Assert.False(PharmacyPage.DecidePause(Known, "r", Noon, 1, Noon, out _, out var refusal));
        Assert.Equal(PageRefusalKind.InvalidPause, refusal.Kind);
        Assert.False(PharmacyPage.DecidePause(Known, "r", Noon + PharmacyPage.LongestClosure + Duration.Epsilon, 1, Noon, out _, out refusal));
        Assert.Equal(PageRefusalKind.InvalidPause, refusal.Kind);
        Assert.False(PharmacyPage.DecideResumption(Known, 1, Noon, out _, out refusal));
        Assert.Equal(PageRefusalKind.NotPaused, refusal.Kind);

        var paused = PharmacyPage.Evolve(Known, new PharmacyPaused("r", Noon + Duration.FromHours(1)), Noon, 2);
        Assert.False(PharmacyPage.DecideResumption(paused, 2, Noon + Duration.FromHours(1), out _, out refusal));
        Assert.Equal(PageRefusalKind.NotPaused, refusal.Kind);
        Assert.False(PharmacyPage.DecideResumption(paused, 1, Noon, out _, out refusal));
        Assert.Equal(PageRefusalKind.Stale, refusal.Kind);
    }

    [Fact]
    public void What_a_snapshot_keeps_is_read_back_and_the_public_facts_say_nothing_of_requests()
    {
        var away = PharmacyPage.Evolve(PharmacyPage.Evolve(Known, new PageSet(Page), Noon, 2), new ExceptionDeclared(new Vacation("e3", Christmas, Christmas, "fêtes", null)), Noon, 3);
        var facts = PharmacyPage.Evolve(away, new PharmacyPaused("r", null), Noon, 4);
        var state = new PageState(facts, AnsweredRequests.None.After(new("key", "command"), 3, Noon));

        var again = PharmacyJson.ReadState(PharmacyJson.WriteState(state));

        Assert.Equal(PharmacyJson.WriteFacts(facts), PharmacyJson.WriteFacts(again.Facts!));
        Assert.Equal(state.Answered.All, again.Answered.All);
        Assert.DoesNotContain("command", System.Text.Encoding.UTF8.GetString(PharmacyJson.WriteFacts(facts)), StringComparison.Ordinal);
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
        { new ClosureRevoked("c1") { Request = new("k", "c") }, """closure.revoked 1 {"closureId":"c1","request":{"key":"k","command":"c"}}""" },
        { new ExceptionDeclared(new ExceptionalOpening("e1", Noon, Noon + Duration.FromHours(1), "renfort")), """exception.declared 1 {"exception":{"kind":"opening","start":"2026-11-23T11:00:00Z","end":"2026-11-23T12:00:00Z","reason":"renfort","id":"e1"}}""" },
        { new ExceptionDeclared(new HolidayWorked("e1", Christmas, "09:00-12:30")), """exception.declared 1 {"exception":{"kind":"holiday","date":"2026-12-25","hours":"09:00-12:30","id":"e1"}}""" },
        { new ExceptionDeclared(new Vacation("e1", Christmas, Christmas.PlusDays(1), "fêtes", PharmacyId.Parse("2A0001947"))), """exception.declared 1 {"exception":{"kind":"vacation","from":"2026-12-25","to":"2026-12-26","reason":"f\u00EAtes","reliefPharmacy":"2A0001947","id":"e1"}}""" },
        { new ExceptionRevoked("e1"), """exception.revoked 1 {"exceptionId":"e1"}""" },
        { new PageSet(Page), """page.set 1 {"page":{"phone":"0199001234","services":["parking"],"news":[{"at":"2026-11-23T11:00:00Z","text":"Vaccins","until":"2026-11-24T11:00:00Z"}],"modules":{"clickAndCollect":true,"questions":false,"confirmation":false,"onCallOrders":false,"appointments":false,"advice":false},"mentions":{"legalName":"SELARL du Test","siret":"73282932000074"}}}""" },
        { new PharmacyPaused("travaux", Noon), """pharmacy.paused 1 {"reason":"travaux","until":"2026-11-23T11:00:00Z"}""" },
        { new PharmacyResumed(), "pharmacy.resumed 1 {}" },
    };

    [Fact]
    public void An_event_of_a_newer_program_stops_the_reader() =>
        Assert.Throws<InvalidOperationException>(() => PharmacyJson.Read("hours.set", 2, "{}"u8));

    private static string Text((string Kind, int Version, byte[] Payload) row) => $"{row.Kind} {row.Version} {System.Text.Encoding.UTF8.GetString(row.Payload)}";
}
