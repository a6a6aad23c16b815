using System.Text;
using NodaTime;
using Realtime.People;

namespace Realtime.Tests.People;

/// <summary>Given a team, when a command, then an event or a refusal.</summary>
public sealed class TeamRulesTests
{
    private static readonly Instant Noon = Instant.FromUtc(2026, 11, 23, 11, 0);
    private static readonly Team Known = Given(
        new TitulaireAppointed("p-owner", "Claire"),
        new MemberAdded("p-adjoint", TeamRole.Pharmacist, "Hugo"),
        new MemberInvited("s-lea", TeamRole.Student, "Léa", "hash", Noon + TeamRules.InvitationLife),
        new PostEnrolled("k1", "Comptoir 1", "post-hash"),
        new ConnectorRegistered("lgo-1", "LGO", "secret-hash"));

    [Fact]
    public void The_first_titulaire_is_taken_at_the_providers_word_and_another_one_only_at_an_operators()
    {
        Assert.Equal(new TitulaireAppointed("p-owner", "Claire"), TeamRules.DecideTitulaire(Team.Empty, "p-owner", "Claire", replaces: false).Item1);
        Assert.Equal(TeamRefusal.HasTitulaire, TeamRules.DecideTitulaire(Known, "p-other", "Marc", replaces: false).Item2);
        Assert.Equal(TeamRefusal.AlreadyMember, TeamRules.DecideTitulaire(Known, "p-owner", "Claire", replaces: true).Item2);

        var (happened, _) = TeamRules.DecideTitulaire(Known, "p-adjoint", "Hugo", replaces: true);
        var after = TeamRules.Evolve(Known, happened!);
        Assert.Equal([("p-adjoint", TeamRole.Titulaire)], after.Members.Select(m => (m.Person, m.Role)));
    }

    [Fact]
    public void Nobody_is_in_a_team_twice_and_the_titulaire_is_not_removed()
    {
        Assert.Equal(TeamRefusal.AlreadyMember, TeamRules.DecideMember(Known, "p-adjoint", TeamRole.Preparer, "Hugo").Item2);
        Assert.Equal(TeamRefusal.TitulaireStays, TeamRules.DecideRemoval(Known, "p-owner").Item2);
        Assert.Equal(TeamRefusal.UnknownPerson, TeamRules.DecideRemoval(Known, "p-nobody").Item2);
        Assert.Equal(["p-owner"], TeamRules.Evolve(Known, TeamRules.DecideRemoval(Known, "p-adjoint").Item1!).Members.Select(m => m.Person));
        Assert.Empty(TeamRules.Evolve(Known, TeamRules.DecideRemoval(Known, "s-lea").Item1!).Invitations);
    }

    [Theory]
    [InlineData("s-lea", "hash", 0, true)]
    [InlineData("s-lea", "other", 0, false)]
    [InlineData("s-max", "hash", 0, false)]
    [InlineData("s-lea", "hash", 47, true)]
    [InlineData("s-lea", "hash", 48, false)]
    public void A_link_is_good_once_for_two_days_and_for_who_has_its_secret(string invitation, string hash, int hours, bool good)
    {
        var (happened, refusal) = TeamRules.DecideTaking(Known, invitation, hash, () => "pin", Noon + Duration.FromHours(hours));

        Assert.Equal(good, happened is not null);
        Assert.Equal(good ? null : TeamRefusal.InvitationVoid, refusal);
        if (happened is not null)
            Assert.Equal(TeamRefusal.InvitationVoid, TeamRules.DecideTaking(TeamRules.Evolve(Known, happened), invitation, hash, () => "pin", Noon).Item2);
    }

    [Fact]
    public void A_PIN_is_looked_at_only_at_an_enrolled_post_for_a_member_who_has_one_and_is_not_locked_out()
    {
        var ready = TeamRules.Evolve(Known, new PinSet("p-adjoint", "pin"));
        var until = Noon + TeamRules.PinLocks[0];
        var locked = TeamRules.Evolve(ready, new PinLocked("p-adjoint", until));

        Assert.Null(TeamRules.RefuseUnlock(ready, "k1", "post-hash", "p-adjoint", Noon));
        Assert.Equal(TeamRefusal.UnknownPost, TeamRules.RefuseUnlock(ready, "k1", "other", "p-adjoint", Noon));
        Assert.Equal(TeamRefusal.UnknownPost, TeamRules.RefuseUnlock(TeamRules.Evolve(ready, new PostRemoved("k1")), "k1", "post-hash", "p-adjoint", Noon));
        Assert.Equal(TeamRefusal.UnknownPerson, TeamRules.RefuseUnlock(ready, "k1", "post-hash", "p-nobody", Noon));
        Assert.Equal(TeamRefusal.NoPin, TeamRules.RefuseUnlock(ready, "k1", "post-hash", "p-owner", Noon));
        Assert.Equal(TeamRefusal.PinLocked, TeamRules.RefuseUnlock(locked, "k1", "post-hash", "p-adjoint", until - Duration.Epsilon));
        Assert.Null(TeamRules.RefuseUnlock(locked, "k1", "post-hash", "p-adjoint", until));
    }

    [Fact]
    public void A_PIN_is_hashed_only_for_a_link_that_is_good_and_for_a_member()
    {
        static string Hash() => throw new InvalidOperationException("It was hashed for a stranger.");

        Assert.Equal(TeamRefusal.InvitationVoid, TeamRules.DecideTaking(Known, "s-lea", "other", Hash, Noon).Item2);
        Assert.Equal(TeamRefusal.InvitationVoid, TeamRules.DecideTaking(Known, "s-lea", "hash", Hash, Noon + TeamRules.InvitationLife).Item2);
        Assert.Equal(TeamRefusal.UnknownPerson, TeamRules.DecidePin(Known, "p-nobody", Hash).Item2);
        Assert.Throws<InvalidOperationException>(() => TeamRules.DecideTaking(Known, "s-lea", "hash", Hash, Noon));
    }

    [Fact]
    public void Five_wrong_PINs_in_a_row_lock_and_so_do_ten_in_a_day_with_right_ones_between_them()
    {
        var (team, now) = (Known, Noon);
        Assert.Equal(new PinMissed("p-adjoint", new(1, now, 0)), Wrong(ref team, 1, now));
        // A right one begins another row, and takes nothing back.
        for (var wrong = 2; wrong < TeamRules.MostWrongPinsADay; wrong++)
            Assert.Equal(new PinMissed("p-adjoint", new(wrong, Noon, 0)), Wrong(ref team, 1, now += Duration.FromHours(2)));
        Assert.Equal(new PinLocked("p-adjoint", now + TeamRules.PinLocks[0], new(0, now, 1)), Wrong(ref team, 1, now));

        (team, now) = (Known, Noon);
        for (var row = 1; row < TeamRules.MostWrongPins; row++)
            Assert.IsType<PinMissed>(Wrong(ref team, row, now));
        Assert.Equal(new PinLocked("p-adjoint", now + TeamRules.PinLocks[0], new(0, now, 1)), Wrong(ref team, TeamRules.MostWrongPins, now));
    }

    [Fact]
    public void Wrong_PINs_of_another_day_are_not_counted()
    {
        var team = Known;
        for (var wrong = 1; wrong < TeamRules.MostWrongPinsADay; wrong++)
            Wrong(ref team, 1, Noon);

        Assert.Equal(new PinMissed("p-adjoint", new(1, Noon + TeamRules.PinMemory, 0)), Wrong(ref team, 1, Noon + TeamRules.PinMemory));
    }

    [Fact]
    public void Each_lock_is_longer_than_the_one_before_it_until_a_day_went_by_or_another_PIN_was_chosen()
    {
        var (team, now) = (Known, Noon);
        foreach (var length in TeamRules.PinLocks.Append(TeamRules.PinLocks[^1]))
        {
            var locked = Assert.IsType<PinLocked>(Wrong(ref team, TeamRules.MostWrongPins, now));
            Assert.Equal(length, locked.Until - now);
            now = locked.Until + TeamRules.PinMemory - Duration.Epsilon;
        }

        var chosen = TeamRules.Evolve(team, new PinSet("p-adjoint", "another"));
        Assert.Equal(TeamRules.PinLocks[0], Assert.IsType<PinLocked>(Wrong(ref chosen, TeamRules.MostWrongPins, now)).Until - now);
        now += Duration.Epsilon;
        Assert.Equal(TeamRules.PinLocks[0], Assert.IsType<PinLocked>(Wrong(ref team, TeamRules.MostWrongPins, now)).Until - now);
    }

    [Fact]
    public void A_session_at_a_post_is_another_after_signing_out_there_and_after_another_PIN()
    {
        var ready = TeamRules.Evolve(TeamRules.Evolve(Known, new PostEnrolled("k2", "Comptoir 2", "hash")), new PinSet("p-adjoint", "pin"));
        var session = TeamRules.SessionOf(ready, "k1", "p-adjoint");

        Assert.NotNull(session);
        Assert.Equal(session, TeamRules.SessionOf(TeamRules.Evolve(ready, TeamRules.DecidePostLock(ready, "k2").Item1!), "k1", "p-adjoint"));
        Assert.NotEqual(session, TeamRules.SessionOf(TeamRules.Evolve(ready, TeamRules.DecidePostLock(ready, "k1").Item1!), "k1", "p-adjoint"));
        Assert.NotEqual(session, TeamRules.SessionOf(TeamRules.Evolve(ready, new PinSet("p-adjoint", "other")), "k1", "p-adjoint"));
        Assert.Null(TeamRules.SessionOf(TeamRules.Evolve(ready, new PostRemoved("k1")), "k1", "p-adjoint"));
        Assert.Null(TeamRules.SessionOf(TeamRules.Evolve(ready, new MemberRemoved("p-adjoint")), "k1", "p-adjoint"));
        Assert.Null(TeamRules.SessionOf(ready, "k1", "p-owner"));
        Assert.Equal(TeamRefusal.UnknownPost, TeamRules.DecidePostLock(ready, "k3").Item2);
    }

    [Fact]
    public void A_team_has_an_end()
    {
        var full = Known;
        for (var i = full.Members.Count + full.Invitations.Count; i < TeamRules.Most; i++)
            full = TeamRules.Evolve(full, new MemberAdded($"p-{i}", TeamRole.Preparer, "x"));

        Assert.Equal(TeamRefusal.Full, TeamRules.DecideMember(full, "p-one-more", TeamRole.Preparer, "x").Item2);
        Assert.Equal(TeamRefusal.Full, TeamRules.DecideInvitation(full, new("s-one-more", TeamRole.Student, "x", "h", Noon)).Item2);
        Assert.Null(TeamRules.DecideMember(TeamRules.Evolve(full, new MemberRemoved("p-adjoint")), "p-one-more", TeamRole.Preparer, "x").Item2);
    }

    public static TheoryData<TeamEvent, string> Texts => new()
    {
        { new TitulaireAppointed("p-1", "sealed"), """titulaire.appointed 1 {"person":"p-1","name":"sealed"}""" },
        { new MemberAdded("p-1", TeamRole.Pharmacist, "sealed"), """member.added 1 {"person":"p-1","role":"pharmacist","name":"sealed"}""" },
        { new MemberInvited("s-1", TeamRole.Student, "sealed", "hash", Noon), """member.invited 1 {"invitation":"s-1","role":"student","name":"sealed","tokenHash":"hash","until":"2026-11-23T11:00:00Z"}""" },
        { new InvitationTaken("s-1", "pin"), """invitation.taken 1 {"invitation":"s-1","pin":"pin"}""" },
        { new MemberRemoved("p-1"), """member.removed 1 {"person":"p-1"}""" },
        { new PinSet("p-1", "pin"), """pin.set 1 {"person":"p-1","pin":"pin"}""" },
        { new PinMissed("p-1", new(3, Noon, 1)), """pin.missed 1 {"person":"p-1","doubt":{"wrong":3,"since":"2026-11-23T11:00:00Z","locks":1}}""" },
        { new PinLocked("p-1", Noon, new(0, Noon, 2)), """pin.locked 1 {"person":"p-1","until":"2026-11-23T11:00:00Z","doubt":{"wrong":0,"since":"2026-11-23T11:00:00Z","locks":2}}""" },
        { new PostLocked("k1"), """post.locked 1 {"post":"k1"}""" },
        { new PinLocked("p-1", Noon), """pin.locked 1 {"person":"p-1","until":"2026-11-23T11:00:00Z"}""" },
        { new PostEnrolled("k1", "Comptoir", "hash"), """post.enrolled 1 {"post":"k1","label":"Comptoir","tokenHash":"hash"}""" },
        { new PostRemoved("k1"), """post.removed 1 {"post":"k1"}""" },
        { new ConnectorRegistered("lgo-1", "LGO", "hash"), """connector.registered 1 {"client":"lgo-1","label":"LGO","secretHash":"hash"}""" },
        { new ConnectorRemoved("lgo-1"), """connector.removed 1 {"client":"lgo-1"}""" },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void What_the_journal_keeps_stays_readable(TeamEvent happened, string text)
    {
        var (kind, version, payload) = TeamJson.Write(happened);

        Assert.Equal(text, $"{kind} {version} {Encoding.UTF8.GetString(payload)}");
        Assert.Equal(happened, TeamJson.Read(kind, version, payload));
    }

    [Fact]
    public void Every_event_has_a_text_and_a_newer_programs_are_refused()
    {
        Assert.Equal(typeof(TeamEvent).Assembly.GetTypes().Count(t => t.BaseType == typeof(TeamEvent)), Texts.Select(t => t.Data.Item1.GetType()).Distinct().Count());
        Assert.Throws<InvalidOperationException>(() => TeamJson.Read("pin.set", 2, "{}"u8));
    }

    [Fact]
    public void A_team_is_read_back_as_it_was_written()
    {
        var written = TeamJson.WriteTeam(TeamRules.Evolve(Known, new PinLocked("p-adjoint", Noon)));

        Assert.Equal(written, TeamJson.WriteTeam(TeamJson.ReadTeam(written)));
    }

    private static TeamEvent Wrong(ref Team team, int inRow, Instant now)
    {
        var happened = TeamRules.DecideWrongPin(team.Find("p-adjoint")!, inRow, now);
        team = TeamRules.Evolve(team, happened);
        return happened;
    }

    private static Team Given(params TeamEvent[] happened) => happened.Aggregate(Team.Empty, TeamRules.Evolve);
}
