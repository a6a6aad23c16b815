using NodaTime;

namespace Realtime.People;

/// <summary>The people, posts and connectors of one pharmacy, in one journal stream. The key is its FINESS number. Every call names its actor by pseudonym.</summary>
[Alias("realtime.ITeamGrain")]
public interface ITeamGrain : IGrainWithStringKey
{
    /// <summary>Makes somebody the titulaire.</summary>
    /// <param name="person">Pseudonym.</param>
    /// <param name="name">In clear; sealed before it is kept.</param>
    /// <param name="replaces">Whether an operator appoints, who may replace another.</param>
    /// <param name="actor">Who acts.</param>
    [Alias("AppointTitulaire")]
    Task<TeamChange> AppointTitulaire(string person, string name, bool replaces, string actor);

    /// <summary>Takes somebody with a national number into the team.</summary>
    [Alias("AddMember")]
    Task<TeamChange> AddMember(string person, TeamRole role, string name, string actor);

    /// <summary>Makes a one-time link for somebody without one.</summary>
    [Alias("Invite")]
    Task<TeamChange> Invite(string invitation, TeamRole role, string name, string tokenHash, Instant until, string actor);

    /// <summary>Takes a one-time link, with the PIN that the invited chose.</summary>
    [Alias("TakeInvitation")]
    Task<TeamChange> TakeInvitation(string invitation, string tokenHash, string pin);

    /// <summary>Takes somebody, or an invitation, out of the team.</summary>
    [Alias("RemoveMember")]
    Task<TeamChange> RemoveMember(string person, string actor);

    /// <summary>Sets the own PIN of somebody who signed in.</summary>
    [Alias("SetPin")]
    Task<TeamChange> SetPin(string person, string pin);

    /// <summary>Sets the own PIN of somebody at a post, who proves to be it by the one that is to be replaced.</summary>
    [Alias("ChangePin")]
    Task<TeamChange> ChangePin(string post, string tokenHash, string person, string current, string pin);

    /// <summary>Makes a browser a post.</summary>
    [Alias("EnrolPost")]
    Task<TeamChange> EnrolPost(string post, string label, string tokenHash, string actor);

    /// <summary>Takes a post out of use.</summary>
    [Alias("RemovePost")]
    Task<TeamChange> RemovePost(string post, string actor);

    /// <summary>Ends the sessions at a post: who had unlocked it signs out.</summary>
    [Alias("LockPost")]
    Task<TeamChange> LockPost(string post, string person);

    /// <summary>Checks the PIN that somebody typed at a post.</summary>
    [Alias("Unlock")]
    Task<TeamChange> Unlock(string post, string tokenHash, string person, string pin);

    /// <summary>Opens the pharmacy to a connector.</summary>
    [Alias("RegisterConnector")]
    Task<TeamChange> RegisterConnector(string client, string label, string secretHash, string actor);

    /// <summary>Shuts a connector out.</summary>
    [Alias("RemoveConnector")]
    Task<TeamChange> RemoveConnector(string client, string actor);
}

/// <summary>The answer to a change of a team.</summary>
/// <param name="Seq">Where the team's stream stands.</param>
/// <param name="Refusal">Null where it was made.</param>
/// <param name="Until">When a locked PIN is taken again.</param>
/// <param name="Session">What the session of whom a PIN let in carries (<see cref="TeamRules.SessionOf"/>).</param>
[GenerateSerializer, Immutable, Alias("realtime.TeamChange")]
public sealed record TeamChange([property: Id(0)] long Seq, [property: Id(1)] TeamRefusal? Refusal, [property: Id(2)] Instant? Until = null, [property: Id(3)] string? Session = null);
