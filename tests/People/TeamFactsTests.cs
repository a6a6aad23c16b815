using NodaTime;
using Realtime.Journal;
using Realtime.People;

namespace Realtime.Tests.People;

/// <summary>What the audit holds a team's public facts against.</summary>
public sealed class TeamFactsTests
{
    private static readonly TeamEvent[] Happened = [new TitulaireAppointed("p-owner", "Claire"), new MemberAdded("p-adjoint", TeamRole.Pharmacist, "Hugo"), new MemberRemoved("p-adjoint")];

    [Fact]
    public void A_team_is_computed_anew_from_its_rows_and_somebody_who_wrote_himself_in_is_not_in_it()
    {
        var facts = TeamFacts.All.Begin("people/750020927")!;
        for (var i = 0; i < Happened.Length; i++)
        {
            var (kind, version, payload) = TeamJson.Write(Happened[i]);
            facts.Take(new JournalRow("people/750020927", i + 1, 1, i + 1, Instant.FromUtc(2026, 11, 23, 11, 0), new JournalEvent(kind, version, "p-owner", "test", payload), default));
        }
        var honest = TeamRules.Evolve(Team.Empty, Happened[0]);
        var forged = honest with { Members = [.. honest.Members, new Member("p-intruder", TeamRole.Pharmacist, "x")] };

        var (seq, written) = facts.Written()!.Value;
        Assert.Equal(3, seq);
        Assert.Equal(written, facts.InTodaysWords(TeamJson.WriteTeam(honest)));
        Assert.NotEqual(written, facts.InTodaysWords(TeamJson.WriteTeam(forged)));
    }

    [Fact]
    public void A_synthetic_pharmacys_team_is_not_computed() => Assert.Null(TeamFacts.All.Begin("people/990000010"));
}
