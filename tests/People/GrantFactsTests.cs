using System.Text;
using NodaTime;
using Realtime.Journal;
using Realtime.People;

namespace Realtime.Tests.People;

/// <summary>What the audit holds the national roles against.</summary>
public sealed class GrantFactsTests
{
    private static readonly GrantEvent[] Happened = [new GrantGiven("p-1", "planner:75", "x"), new GrantGiven("p-2", "operator", "y"), new GrantWithdrawn("p-1", "planner:75"), new GrantWithdrawn("p-demo", "operator")];

    [Fact]
    public void The_roles_are_computed_anew_from_their_rows_and_somebody_who_wrote_himself_in_is_not_among_them()
    {
        var facts = GrantFacts.All.Begin("grants/all")!;
        for (var i = 0; i < Happened.Length; i++)
        {
            var (kind, version, payload) = GrantJson.Write(Happened[i]);
            facts.Take(new JournalRow("grants/all", i + 1, 1, i + 1, Instant.FromUtc(2026, 11, 23, 11, 0), new JournalEvent(kind, version, "p-2", "test", payload), default));
        }
        var honest = Happened.Aggregate(new GrantList(), GrantRules.Evolve);

        var (seq, written) = facts.Written()!.Value;
        Assert.Equal((4, 1, 1), (seq, honest.Grants.Count, honest.Withdrawn.Count));
        Assert.Equal(written, facts.InTodaysWords(GrantJson.WriteList(honest)));
        Assert.NotEqual(written, facts.InTodaysWords(GrantJson.WriteList(honest with { Grants = [.. honest.Grants, new Grant("p-intruder", "operator", "z")] })));
        Assert.NotEqual(written, facts.InTodaysWords(GrantJson.WriteList(honest with { Withdrawn = [] })));
    }

    [Fact]
    public void A_list_of_before_withdrawals_were_kept_says_the_same()
    {
        var facts = GrantFacts.All.Begin("grants/all")!;

        Assert.Equal("""{"grants":[{"person":"p","role":"operator","name":"x"}],"withdrawn":[]}""", Encoding.UTF8.GetString(facts.InTodaysWords("""{"grants":[{"person":"p","role":"operator","name":"x"}]}"""u8)));
    }
}
