using NodaTime;
using Realtime.Identity;
using Realtime.Journal;
using Realtime.Pharmacies;

namespace Realtime.People;

/// <summary>The one owner of a pharmacy's team: decide, append, evolve.</summary>
[GrainType("team")]
public sealed class TeamGrain(IJournal journal, [PersistentState("team", JournalRegistration.Snapshots)] IPersistentState<Snapshot> snapshot, Clock clock, DemoPeople demo, Sealing sealing)
    : JournaledGrain<Team, TeamEvent>(journal, snapshot), ITeamGrain
{
    // Wrong PINs in a row, by person. Forgetting them when the grain moves costs little: what is journaled counts them over the day.
    private readonly Dictionary<string, int> _wrong = new(StringComparer.Ordinal);

    private PharmacyId Id => PharmacyId.Parse(this.GetPrimaryKeyString());

    /// <inheritdoc/>
    protected override string Stream => Teams.StreamOf(Id);

    /// <inheritdoc/>
    protected override Team Empty => demo.TeamOf(Id) ?? Team.Empty;

    /// <inheritdoc/>
    protected override int StateVersion => 1;

    /// <inheritdoc/>
    public Task<TeamChange> AppointTitulaire(string person, string name, bool replaces, string actor) =>
        Change(TeamRules.DecideTitulaire(State, person, sealing.Seal(name, Stream), replaces), actor, replaces ? "titulaire appointed by an operator" : "titulaire by the identity provider's word");

    /// <inheritdoc/>
    public Task<TeamChange> AddMember(string person, TeamRole role, string name, string actor) =>
        Change(TeamRules.DecideMember(State, person, role, sealing.Seal(name, Stream)), actor, "taken into the team by the titulaire");

    /// <inheritdoc/>
    public Task<TeamChange> Invite(string invitation, TeamRole role, string name, string tokenHash, Instant until, string actor) =>
        Change(TeamRules.DecideInvitation(State, new(invitation, role, sealing.Seal(name, Stream), tokenHash, until)), actor, "invited by the titulaire");

    /// <inheritdoc/>
    public Task<TeamChange> TakeInvitation(string invitation, string tokenHash, string pin) =>
        Change(TeamRules.DecideTaking(State, invitation, tokenHash, () => sealing.HashPin(pin), clock.Now), invitation, "invitation taken");

    /// <inheritdoc/>
    public Task<TeamChange> RemoveMember(string person, string actor) =>
        Change(TeamRules.DecideRemoval(State, person), actor, "removed by the titulaire");

    /// <inheritdoc/>
    public Task<TeamChange> SetPin(string person, string pin) =>
        Change(TeamRules.DecidePin(State, person, () => sealing.HashPin(pin)), person, "PIN chosen");

    /// <inheritdoc/>
    public Task<TeamChange> EnrolPost(string post, string label, string tokenHash, string actor) =>
        Change(TeamRules.DecidePost(State, new(post, label, tokenHash)), actor, "post enrolled by the titulaire");

    /// <inheritdoc/>
    public Task<TeamChange> RemovePost(string post, string actor) =>
        Change(TeamRules.DecidePostRemoval(State, post), actor, "post removed by the titulaire");

    /// <inheritdoc/>
    public Task<TeamChange> LockPost(string post, string person) =>
        Change(TeamRules.DecidePostLock(State, post), person, "signed out at the post");

    /// <inheritdoc/>
    public async Task<TeamChange> Unlock(string post, string tokenHash, string person, string pin) =>
        await Refuse(post, tokenHash, person, pin) ?? Opened(post, person);

    /// <inheritdoc/>
    public async Task<TeamChange> ChangePin(string post, string tokenHash, string person, string current, string pin)
    {
        if (await Refuse(post, tokenHash, person, current) is { } refused)
            return refused;
        await Append(new PinSet(person, sealing.HashPin(pin)), person, "PIN changed at a post", clock.Now);
        return Opened(post, person);
    }

    /// <inheritdoc/>
    public Task<TeamChange> RegisterConnector(string client, string label, string secretHash, string actor) =>
        Change(TeamRules.DecideConnector(State, new(client, label, secretHash)), actor, "connector registered by the titulaire");

    /// <inheritdoc/>
    public Task<TeamChange> RemoveConnector(string client, string actor) =>
        Change(TeamRules.DecideConnectorRemoval(State, client), actor, "connector removed by the titulaire");

    /// <inheritdoc/>
    protected override Team Evolve(Team state, TeamEvent change, long seq, Instant at) => TeamRules.Evolve(state, change);

    /// <inheritdoc/>
    protected override (string Kind, int Version, byte[] Payload) Write(TeamEvent change) => TeamJson.Write(change);

    /// <inheritdoc/>
    protected override TeamEvent Read(string kind, int version, ReadOnlyMemory<byte> payload) => TeamJson.Read(kind, version, payload.Span);

    /// <inheritdoc/>
    protected override byte[] WriteState(Team state) => TeamJson.WriteTeam(state);

    /// <inheritdoc/>
    protected override Team ReadState(ReadOnlyMemory<byte> state) => TeamJson.ReadTeam(state.Span);

    /// <inheritdoc/>
    /// <remarks>Nodes must know a team to let its people in; what is personal in it is sealed.</remarks>
    protected override byte[]? PublicState(TeamEvent change, Team before, Team after) => TeamJson.WriteTeam(after);

    private TeamChange Opened(string post, string person) => new(Seq, null, Session: TeamRules.SessionOf(State, post, person));

    /// <summary>Null where the PIN is the person's.</summary>
    private async Task<TeamChange?> Refuse(string post, string tokenHash, string person, string pin)
    {
        var now = clock.Now;
        if (TeamRules.RefuseUnlock(State, post, tokenHash, person, now) is { } refusal)
            return new(Seq, refusal, State.Find(person)?.LockedUntil);
        var member = State.Find(person)!;
        if (sealing.IsPin(pin, member.Pin!))
        {
            _wrong.Remove(person);
            return null;
        }
        var happened = TeamRules.DecideWrongPin(member, _wrong[person] = _wrong.GetValueOrDefault(person) + 1, now);
        await Append(happened, post, happened is PinLocked ? "too many wrong PINs" : "a wrong PIN", now);
        if (happened is not PinLocked locked)
            return new(Seq, TeamRefusal.WrongPin);
        _wrong.Remove(person);
        return new(Seq, TeamRefusal.PinLocked, locked.Until);
    }

    private async Task<TeamChange> Change((TeamEvent? Happened, TeamRefusal? Refusal) decision, string actor, string reason)
    {
        if (decision.Happened is { } happened)
            await Append(happened, actor, reason, clock.Now);
        return new(Seq, decision.Refusal);
    }
}

/// <summary>Names of the streams of teams.</summary>
public static class Teams
{
    /// <summary>How they all begin.</summary>
    public const string Prefix = "people/";

    /// <summary>The stream of a pharmacy's team.</summary>
    public static string StreamOf(PharmacyId id) => $"{Prefix}{id}";
}
