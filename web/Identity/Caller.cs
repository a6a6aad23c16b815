using System.Globalization;
using System.Security.Claims;
using NodaTime;
using Realtime.Identity;
using Realtime.People;
using Realtime.Pharmacies;
using Realtime.Web.People;

namespace Realtime.Web.Identity;

/// <summary>Names of the claims that a session and a token carry.</summary>
internal static class ClaimNames
{
    /// <summary>Pseudonym of who acts: stands in the journal as the actor.</summary>
    public const string Subject = "sub";

    /// <summary>The machine client that a token was given to.</summary>
    public const string Client = "client_id";

    /// <summary>A role that the token itself grants, as <c>pharmacist:990000010</c> or <c>operator</c>.</summary>
    public const string Role = "role";

    /// <summary>The counter post on which a PIN was typed; absent where the person signed in.</summary>
    public const string Post = "post";

    /// <summary>What the session at a post is good by (<see cref="TeamRules.SessionOf"/>).</summary>
    public const string PostSession = "post_session";

    /// <summary>When the session at a post ends however it is used, in seconds of Unix.</summary>
    public const string Until = "until";

    /// <summary>The name to show; never journaled.</summary>
    public const string Name = "name";
}

/// <summary>Who makes a call: what the session or token says, together with what this node knows of the pharmacies' people right now.</summary>
/// <param name="subject">Pseudonym of who acts.</param>
/// <param name="post">The post at which a PIN was typed, or null.</param>
/// <param name="roles">What the caller may be, as <c>titulaire:990000010</c>, <c>planner:75</c>, <c>operator</c>.</param>
internal sealed class Caller(string subject, string? post, IReadOnlySet<string> roles)
{
    /// <summary>Pseudonym of who acts: the journal's actor.</summary>
    public string Subject => subject;

    /// <summary>The post at which a PIN was typed, or null.</summary>
    public string? Post => post;

    /// <summary>Whether the caller typed a PIN at a shared post instead of signing in.</summary>
    public bool IsAtPost => post is not null;

    /// <summary>What the caller may be.</summary>
    public IReadOnlySet<string> Roles => roles;

    /// <summary>Whether an operator.</summary>
    public bool IsOperator => roles.Contains("operator");

    /// <summary>Whether any of the staff of the pharmacy.</summary>
    public bool IsStaffOf(PharmacyId id) => IsPharmacistOf(id) || roles.Contains($"preparer:{id}") || roles.Contains($"student:{id}");

    /// <summary>Whether a pharmacist of the pharmacy, titulaire included.</summary>
    public bool IsPharmacistOf(PharmacyId id) => IsTitulaireOf(id) || roles.Contains($"pharmacist:{id}");

    /// <summary>Whether the titulaire of the pharmacy.</summary>
    public bool IsTitulaireOf(PharmacyId id) => roles.Contains($"titulaire:{id}");

    /// <summary>Whether a connector of the pharmacy.</summary>
    public bool IsConnectorOf(PharmacyId id) => roles.Contains($"lgo:{id}");

    /// <summary>Whether a planner of the department.</summary>
    public bool IsPlannerOf(string department) => roles.Contains($"planner:{department}");

    /// <summary>Whether a dispatcher of the department.</summary>
    public bool IsDispatcherOf(string department) => roles.Contains($"dispatcher:{department}");
}

/// <summary>
/// Makes callers of what authentication brought. What somebody may do is not read from the session but from what this node knows of the
/// people now; only the demo's client carries its roles in its token.
/// </summary>
internal sealed class Callers(PeopleDirectory people, SignInOptions signIn, RealtimeOptions options, Sealing sealing, Clock clock)
{
    private readonly HashSet<string> _operators = [.. (options.Operators ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(n => sealing.PersonOf(SignedInPerson.NumberOf(n)))];

    /// <summary>The caller; null where nobody is signed in, or the session of whoever typed a PIN at a post is over.</summary>
    public Caller? Of(ClaimsPrincipal user)
    {
        if (user.Identity is not { IsAuthenticated: true } || user.FindFirstValue(ClaimNames.Subject) is not { Length: > 0 } subject)
            return null;
        if (user.FindFirstValue(ClaimNames.Client) is { } client)
            return new Caller(subject, null, RolesOf(user, client));
        return user.FindFirstValue(ClaimNames.Post) is { } post
            ? PostKey.TryParse(post, out var key) && IsGood(user, key, subject)
                // Whoever types a PIN at a post acts for that post's pharmacy alone.
                ? new Caller(subject, post, people.RolesOf(subject).Where(r => r.EndsWith($":{key.Pharmacy}", StringComparison.Ordinal)).ToHashSet(StringComparer.Ordinal))
                : null
            : new Caller(subject, null, _operators.Contains(subject) ? people.RolesOf(subject).Append("operator").ToHashSet(StringComparer.Ordinal) : people.RolesOf(subject));
    }

    private bool IsGood(ClaimsPrincipal user, PostKey key, string subject) =>
        TeamRules.SessionOf(people.TeamOf(key.Pharmacy), key.Post, subject) is { } session && session == user.FindFirstValue(ClaimNames.PostSession)
        && long.TryParse(user.FindFirstValue(ClaimNames.Until), CultureInfo.InvariantCulture, out var until) && clock.Now < Instant.FromUnixTimeSeconds(until);

    private HashSet<string> RolesOf(ClaimsPrincipal user, string client) =>
        (Clients.IsDemo(client) ? signIn.Simulator ? user.FindAll(ClaimNames.Role).Select(c => c.Value) : []
            : people.RoleOfConnector(client) is { } role ? [role] : Array.Empty<string>()).ToHashSet(StringComparer.Ordinal);
}

/// <summary>Who makes the call at hand.</summary>
internal static class CallerOfCall
{
    /// <summary>The caller of a call that a policy let in.</summary>
    /// <exception cref="InvalidOperationException">Nobody is signed in: the endpoint is open to anyone.</exception>
    public static Caller Caller(this HttpContext context) =>
        context.RequestServices.GetRequiredService<Callers>().Of(context.User) ?? throw new InvalidOperationException("The endpoint names no policy.");
}
