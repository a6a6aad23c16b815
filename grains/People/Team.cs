using System.Security.Cryptography;
using System.Text;
using NodaTime;

namespace Realtime.People;

// The rules of one pharmacy's people, top to bottom: what happened, what is refused, what a team is, what is decided, what follows.

/// <summary>What somebody is in a pharmacy.</summary>
public enum TeamRole : byte
{
    /// <summary>The owner-pharmacist, who answers for the pharmacy; one at a time.</summary>
    Titulaire,

    /// <summary>A pharmacist who is not the owner (adjoint).</summary>
    Pharmacist,

    /// <summary>A pharmacy technician (préparateur).</summary>
    Preparer,

    /// <summary>A student, who has no national number and acts at enrolled posts alone.</summary>
    Student,
}

/// <summary>What happened to a pharmacy's people. Stored: names and members are a contract (see <see cref="TeamJson"/>). Names are sealed, numbers are pseudonyms.</summary>
public abstract record TeamEvent;

/// <summary>The pharmacy has a titulaire, the first or another one; who was it before leaves the team.</summary>
public sealed record TitulaireAppointed(string Person, string Name) : TeamEvent;

/// <summary>The titulaire took somebody with a national number into the team.</summary>
public sealed record MemberAdded(string Person, TeamRole Role, string Name) : TeamEvent;

/// <summary>The titulaire made a one-time link for somebody without a national number.</summary>
/// <param name="Invitation">Its id, which becomes the person's pseudonym.</param>
/// <param name="Role">What the invited will be.</param>
/// <param name="Name">Sealed.</param>
/// <param name="TokenHash">SHA-256 of the link's secret.</param>
/// <param name="Until">From when it is void.</param>
public sealed record MemberInvited(string Invitation, TeamRole Role, string Name, string TokenHash, Instant Until) : TeamEvent;

/// <summary>The invited opened the link and chose a PIN.</summary>
public sealed record InvitationTaken(string Invitation, string Pin) : TeamEvent;

/// <summary>The titulaire took somebody, or an invitation, out of the team.</summary>
public sealed record MemberRemoved(string Person) : TeamEvent;

/// <summary>Somebody chose a PIN for the pharmacy's posts.</summary>
public sealed record PinSet(string Person, string Pin) : TeamEvent;

/// <summary>A wrong PIN was typed for somebody.</summary>
public sealed record PinMissed(string Person, PinDoubt Doubt) : TeamEvent;

/// <summary>Too many wrong PINs were typed for somebody.</summary>
/// <param name="Person">Pseudonym.</param>
/// <param name="Until">Until when no PIN is taken.</param>
/// <param name="Doubt">What is counted on from; null in rows of before this was counted.</param>
public sealed record PinLocked(string Person, Instant Until, PinDoubt? Doubt = null) : TeamEvent;

/// <summary>The titulaire made a browser a counter post.</summary>
public sealed record PostEnrolled(string Post, string Label, string TokenHash) : TeamEvent;

/// <summary>Who had unlocked a post signed out there.</summary>
public sealed record PostLocked(string Post) : TeamEvent;

/// <summary>The titulaire took a post out of use.</summary>
public sealed record PostRemoved(string Post) : TeamEvent;

/// <summary>The titulaire opened the pharmacy to a connector of its software.</summary>
public sealed record ConnectorRegistered(string Client, string Label, string SecretHash) : TeamEvent;

/// <summary>The titulaire shut a connector out.</summary>
public sealed record ConnectorRemoved(string Client) : TeamEvent;

/// <summary>Why a change of a team was refused.</summary>
public enum TeamRefusal : byte
{
    /// <summary>The person is in the team already.</summary>
    AlreadyMember,

    /// <summary>Nobody in the team has this id.</summary>
    UnknownPerson,

    /// <summary>The titulaire leaves only when another one is appointed.</summary>
    TitulaireStays,

    /// <summary>A pharmacy has one titulaire, and it is somebody else.</summary>
    HasTitulaire,

    /// <summary>The team has as many people, posts or connectors as it may.</summary>
    Full,

    /// <summary>The link is not, or no more, good.</summary>
    InvitationVoid,

    /// <summary>No post of this id and secret is enrolled.</summary>
    UnknownPost,

    /// <summary>No connector has this id.</summary>
    UnknownConnector,

    /// <summary>The person has not chosen a PIN yet.</summary>
    NoPin,

    /// <summary>The PIN is not the person's.</summary>
    WrongPin,

    /// <summary>Too many wrong PINs: wait.</summary>
    PinLocked,
}

/// <summary>What speaks against who types somebody's PIN. A right one does not take it back: it may be the owner's, between the guesses of somebody else.</summary>
/// <param name="Wrong">Wrong PINs since <paramref name="Since"/>, those that led to the last lock apart.</param>
/// <param name="Since">When the first of them was typed.</param>
/// <param name="Locks">Locks that followed each other.</param>
public sealed record PinDoubt(int Wrong, Instant Since, int Locks);

/// <summary>Somebody in a team.</summary>
/// <param name="Person">Pseudonym.</param>
/// <param name="Role">What they are here.</param>
/// <param name="Name">Sealed.</param>
/// <param name="Pin">What is kept of the PIN; null before one was chosen.</param>
/// <param name="LockedUntil">Until when no PIN is taken; null or past where it is.</param>
/// <param name="Doubt">Wrong PINs that were typed since this one was chosen; null for none.</param>
public sealed record Member(string Person, TeamRole Role, string Name, string? Pin = null, Instant? LockedUntil = null, PinDoubt? Doubt = null);

/// <summary>A link that nobody has taken yet.</summary>
public sealed record Invitation(string Id, TeamRole Role, string Name, string TokenHash, Instant Until);

/// <summary>A browser that stands on the counter.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Label">What it is called.</param>
/// <param name="TokenHash">SHA-256 of what its cookie holds.</param>
/// <param name="Locks">How often somebody signed out there.</param>
public sealed record Post(string Id, string Label, string TokenHash, int Locks = 0);

/// <summary>A machine that acts for the pharmacy.</summary>
public sealed record Connector(string Client, string Label, string SecretHash);

/// <summary>The people and machines of one pharmacy. Every node holds it: it is what policies ask.</summary>
public sealed record Team
{
    /// <summary>Before anything happened.</summary>
    public static readonly Team Empty = new();

    /// <summary>Who works here, titulaire first.</summary>
    public IReadOnlyList<Member> Members { get; init; } = [];

    /// <summary>Links not taken yet.</summary>
    public IReadOnlyList<Invitation> Invitations { get; init; } = [];

    /// <summary>Enrolled posts.</summary>
    public IReadOnlyList<Post> Posts { get; init; } = [];

    /// <summary>Registered connectors.</summary>
    public IReadOnlyList<Connector> Connectors { get; init; } = [];

    /// <summary>The member of a pseudonym.</summary>
    public Member? Find(string person) => Members.FirstOrDefault(m => m.Person == person);
}

/// <summary>Decides what a command does to a team, and what a team is after what happened. Pure.</summary>
public static class TeamRules
{
    /// <summary>People and open invitations a pharmacy may have, and likewise posts, and connectors.</summary>
    public const int Most = 100;

    /// <summary>Wrong PINs in a row that lock a person out.</summary>
    public const int MostWrongPins = 5;

    /// <summary>Wrong PINs within <see cref="PinMemory"/> that do, whatever right ones are typed between them.</summary>
    public const int MostWrongPinsADay = 10;

    /// <summary>How long a wrong PIN is counted, and a lock after its end: the next one within that time is a longer one.</summary>
    public static readonly Duration PinMemory = Duration.FromDays(1);

    /// <summary>How long the first lock is, the second, and so on; the last for every further one.</summary>
    public static readonly IReadOnlyList<Duration> PinLocks = [Duration.FromMinutes(15), Duration.FromHours(1), Duration.FromHours(4), Duration.FromDays(1)];

    /// <summary>After this time a session at a post ends, however it is used.</summary>
    public static readonly Duration PostSessionLife = Duration.FromHours(12);

    /// <summary>How long a one-time link is good for.</summary>
    public static readonly Duration InvitationLife = Duration.FromDays(2);

    /// <summary>Who the identity provider says is the titulaire becomes it where there is none.</summary>
    /// <param name="team">The team.</param>
    /// <param name="person">Pseudonym.</param>
    /// <param name="name">Sealed.</param>
    /// <param name="replaces">Whether an operator appoints, who may replace another.</param>
    public static (TeamEvent?, TeamRefusal?) DecideTitulaire(Team team, string person, string name, bool replaces) =>
        team.Members.FirstOrDefault(m => m.Role == TeamRole.Titulaire) is not { } titulaire ? (new TitulaireAppointed(person, name), null)
        : titulaire.Person == person ? (null, TeamRefusal.AlreadyMember)
        : replaces ? (new TitulaireAppointed(person, name), null)
        : (null, TeamRefusal.HasTitulaire);

    /// <summary>Somebody with a national number joins.</summary>
    public static (TeamEvent?, TeamRefusal?) DecideMember(Team team, string person, TeamRole role, string name) =>
        team.Find(person) is not null ? (null, TeamRefusal.AlreadyMember)
        : IsFull(team) ? (null, TeamRefusal.Full)
        : (new MemberAdded(person, role, name), null);

    /// <summary>Somebody without a national number gets a link.</summary>
    public static (TeamEvent?, TeamRefusal?) DecideInvitation(Team team, Invitation invitation) =>
        IsFull(team) ? (null, TeamRefusal.Full)
        : (new MemberInvited(invitation.Id, invitation.Role, invitation.Name, invitation.TokenHash, invitation.Until), null);

    /// <summary>A link serves once, and not for ever.</summary>
    /// <param name="team">The team.</param>
    /// <param name="invitation">Its id.</param>
    /// <param name="tokenHash">SHA-256 of its secret.</param>
    /// <param name="hashPin">Hashes the PIN that was chosen: slow by intent, so only for a link that is good.</param>
    /// <param name="now">The instant it is.</param>
    public static (TeamEvent?, TeamRefusal?) DecideTaking(Team team, string invitation, string tokenHash, Func<string> hashPin, Instant now) =>
        team.Invitations.Any(i => i.Id == invitation && i.TokenHash == tokenHash && now < i.Until)
            ? (new InvitationTaken(invitation, hashPin()), null)
            : (null, TeamRefusal.InvitationVoid);

    /// <summary>Anybody but the titulaire may be removed, and so may an invitation.</summary>
    public static (TeamEvent?, TeamRefusal?) DecideRemoval(Team team, string person) => team.Find(person) switch
    {
        { Role: TeamRole.Titulaire } => (null, TeamRefusal.TitulaireStays),
        null when team.Invitations.All(i => i.Id != person) => (null, TeamRefusal.UnknownPerson),
        _ => (new MemberRemoved(person), null),
    };

    /// <summary>A member chooses a PIN, which is hashed for a member alone.</summary>
    public static (TeamEvent?, TeamRefusal?) DecidePin(Team team, string person, Func<string> hashPin) =>
        team.Find(person) is null ? (null, TeamRefusal.UnknownPerson) : (new PinSet(person, hashPin()), null);

    /// <summary>A browser becomes a post.</summary>
    public static (TeamEvent?, TeamRefusal?) DecidePost(Team team, Post post) =>
        team.Posts.Count >= Most ? (null, TeamRefusal.Full) : (new PostEnrolled(post.Id, post.Label, post.TokenHash), null);

    /// <summary>A post goes out of use.</summary>
    public static (TeamEvent?, TeamRefusal?) DecidePostRemoval(Team team, string post) =>
        team.Posts.Any(p => p.Id == post) ? (new PostRemoved(post), null) : (null, TeamRefusal.UnknownPost);

    /// <summary>Who had unlocked a post signs out there.</summary>
    public static (TeamEvent?, TeamRefusal?) DecidePostLock(Team team, string post) =>
        team.Posts.Any(p => p.Id == post) ? (new PostLocked(post), null) : (null, TeamRefusal.UnknownPost);

    /// <summary>A connector is let in.</summary>
    public static (TeamEvent?, TeamRefusal?) DecideConnector(Team team, Connector connector) =>
        team.Connectors.Count >= Most ? (null, TeamRefusal.Full) : (new ConnectorRegistered(connector.Client, connector.Label, connector.SecretHash), null);

    /// <summary>A connector is shut out.</summary>
    public static (TeamEvent?, TeamRefusal?) DecideConnectorRemoval(Team team, string client) =>
        team.Connectors.Any(c => c.Client == client) ? (new ConnectorRemoved(client), null) : (null, TeamRefusal.UnknownConnector);

    /// <summary>Whether a PIN typed at a post is to be looked at.</summary>
    public static TeamRefusal? RefuseUnlock(Team team, string post, string tokenHash, string person, Instant now) =>
        !team.Posts.Any(p => p.Id == post && p.TokenHash == tokenHash) ? TeamRefusal.UnknownPost
        : team.Find(person) is not { } member ? TeamRefusal.UnknownPerson
        : now < member.LockedUntil ? TeamRefusal.PinLocked
        : member.Pin is null ? TeamRefusal.NoPin
        : null;

    /// <summary>What follows from a wrong PIN of a member: it is counted, or locks the member out, each time for longer.</summary>
    /// <param name="member">Whose PIN it should have been.</param>
    /// <param name="inRow">How many wrong ones have been typed without a right one between them, this one among them.</param>
    /// <param name="now">The instant it is.</param>
    public static TeamEvent DecideWrongPin(Member member, int inRow, Instant now)
    {
        var locks = member.LockedUntil is { } last && now - last < PinMemory ? member.Doubt?.Locks ?? 1 : 0;
        var doubt = member.Doubt is { Wrong: > 0 } before && now - before.Since < PinMemory ? before with { Wrong = before.Wrong + 1, Locks = locks } : new PinDoubt(1, now, locks);
        return inRow < MostWrongPins && doubt.Wrong < MostWrongPinsADay
            ? new PinMissed(member.Person, doubt)
            : new PinLocked(member.Person, now + PinLocks[Math.Min(locks, PinLocks.Count - 1)], new PinDoubt(0, now, locks + 1));
    }

    /// <summary>
    /// What a session at a post carries, and is good for as long as it still is this: another one once somebody signed out at the post or the member chose another PIN.
    /// </summary>
    /// <returns>Null where the post or the person is gone, or has no PIN.</returns>
    public static string? SessionOf(Team team, string post, string person) =>
        team.Posts.FirstOrDefault(p => p.Id == post) is { } found && team.Find(person)?.Pin is { } pin
            ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{found.Locks} {pin}")).AsSpan(0, 16))
            : null;

    /// <summary>The team after an event. Never checks a rule, never reads a clock.</summary>
    /// <exception cref="InvalidOperationException">An event this program does not know: the stream was written by a newer one.</exception>
    public static Team Evolve(Team team, TeamEvent happened) => happened switch
    {
        TitulaireAppointed e => team with { Members = [new(e.Person, TeamRole.Titulaire, e.Name, team.Find(e.Person)?.Pin), .. team.Members.Where(m => m.Role != TeamRole.Titulaire && m.Person != e.Person)] },
        MemberAdded e => team with { Members = [.. team.Members, new(e.Person, e.Role, e.Name)] },
        MemberInvited e => team with { Invitations = [.. team.Invitations, new(e.Invitation, e.Role, e.Name, e.TokenHash, e.Until)] },
        InvitationTaken e => Take(team, e),
        MemberRemoved e => team with { Members = [.. team.Members.Where(m => m.Person != e.Person)], Invitations = [.. team.Invitations.Where(i => i.Id != e.Person)] },
        PinSet e => Change(team, e.Person, m => m with { Pin = e.Pin, LockedUntil = null, Doubt = null }),
        PinMissed e => Change(team, e.Person, m => m with { Doubt = e.Doubt }),
        PinLocked e => Change(team, e.Person, m => m with { LockedUntil = e.Until, Doubt = e.Doubt }),
        PostEnrolled e => team with { Posts = [.. team.Posts, new(e.Post, e.Label, e.TokenHash)] },
        PostLocked e => team with { Posts = [.. team.Posts.Select(p => p.Id == e.Post ? p with { Locks = p.Locks + 1 } : p)] },
        PostRemoved e => team with { Posts = [.. team.Posts.Where(p => p.Id != e.Post)] },
        ConnectorRegistered e => team with { Connectors = [.. team.Connectors, new(e.Client, e.Label, e.SecretHash)] },
        ConnectorRemoved e => team with { Connectors = [.. team.Connectors.Where(c => c.Client != e.Client)] },
        _ => throw new InvalidOperationException($"{happened.GetType().Name} is not known here."),
    };

    private static bool IsFull(Team team) => team.Members.Count + team.Invitations.Count >= Most;

    private static Team Take(Team team, InvitationTaken taken)
    {
        var invitation = team.Invitations.First(i => i.Id == taken.Invitation);
        return team with
        {
            Invitations = [.. team.Invitations.Where(i => i != invitation)],
            Members = [.. team.Members, new(invitation.Id, invitation.Role, invitation.Name, taken.Pin)],
        };
    }

    private static Team Change(Team team, string person, Func<Member, Member> change) =>
        team with { Members = [.. team.Members.Select(m => m.Person == person ? change(m) : m)] };
}
