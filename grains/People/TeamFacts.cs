using Realtime.Journal;
using Realtime.Pharmacies;

namespace Realtime.People;

/// <summary>A team from its rows alone, by the very rules that its grain uses: whoever writes himself into what the nodes ask is found out. Every row of a team writes it.</summary>
internal sealed class TeamFacts : StreamFacts
{
    private Team _team = Team.Empty;
    private long _seq;

    /// <summary>The teams of real pharmacies; those of synthetic ones begin with the demo's people, whose names each process seals for itself.</summary>
    public static PublicFacts All { get; } = new(Teams.Prefix, stream =>
        PharmacyId.TryParse(stream[Teams.Prefix.Length..], out var id) && id.IsSynthetic ? null : new TeamFacts());

    /// <inheritdoc/>
    public override void Take(JournalRow row)
    {
        _team = TeamRules.Evolve(_team, TeamJson.Read(row.Event.Kind, row.Event.Version, row.Event.Payload.Span));
        _seq = row.Seq;
    }

    /// <inheritdoc/>
    public override (long Seq, byte[] Payload)? Written() => _seq > 0 ? (_seq, TeamJson.WriteTeam(_team)) : null;

    /// <inheritdoc/>
    public override byte[] InTodaysWords(ReadOnlySpan<byte> payload) => TeamJson.WriteTeam(TeamJson.ReadTeam(payload));
}
