using System.Security.Cryptography;
using Realtime.Identity;
using Realtime.People;
using Realtime.Pharmacies;
using Realtime.Web.Edge;
using Realtime.Web.Identity;
using Realtime.Web.Live;

namespace Realtime.Web.People;

/// <summary>Somebody of the team, or invited to it.</summary>
/// <param name="Person">Pseudonym: stands in histories, and is who to remove.</param>
/// <param name="Name">In clear, for the team alone.</param>
/// <param name="Role"><c>titulaire</c>, <c>pharmacist</c>, <c>preparer</c> or <c>student</c>.</param>
/// <param name="HasPin">Whether the person can act at the posts.</param>
/// <param name="InvitedUntil">Until when a one-time link waits to be taken; null for members.</param>
public sealed record PersonItem(string Person, string Name, string Role, bool HasPin, string? InvitedUntil);

/// <summary>The team.</summary>
public sealed record PeopleAnswer(IReadOnlyList<PersonItem> Items);

/// <summary>Whom to take into the team: by national number, or a student, who gets a one-time link.</summary>
public sealed record PersonAsked(string Name, string Role, string? Rpps = null);

/// <summary>Who is in the team now.</summary>
/// <param name="Person">Pseudonym.</param>
/// <param name="Link">The one-time link's address, shown this once; null for those who sign in with their number.</param>
/// <param name="Until">Until when it is good.</param>
public sealed record PersonAnswer(string Person, string? Link, string? Until);

/// <summary>A one-time link's secret and the PIN that the invited chooses.</summary>
public sealed record JoinAsked(string Invitation, string Pin);

/// <summary>A PIN.</summary>
/// <param name="Pin">The one to be.</param>
/// <param name="Current">The one that is; asked for at a post, where nobody has signed in.</param>
public sealed record PinAsked(string Pin, string? Current = null);

/// <summary>The pharmacy's people: the titulaire's.</summary>
internal static class PeopleEndpoints
{
    private static readonly int[] Usual = [400, 413, 415];
    private static readonly string[] Roles = ["pharmacist", "preparer", "student"];

    public static void MapPeople(this IEndpointRouteBuilder app)
    {
        var people = app.MapGroup("/api/v1/counter/{id}").WithTags("Counter").ProducesProblem(401).ProducesProblem(403).ProducesProblem(404);
        people.MapGet("/people", List).RequireAuthorization(Policies.Titulaire).WithQuery().Strict().WithSummary("The team and open invitations.").Produces<PeopleAnswer>().ProducesProblem(400);
        people.MapPost("/people", Add).RequireAuthorization(Policies.Titulaire).WithQuery().Strict()
            .WithSummary("Take somebody into the team: by national number, or a student by a one-time link.").Produces<PersonAnswer>(201).Refuses(409);
        people.MapDelete("/people/{person}", Remove).RequireAuthorization(Policies.Titulaire).WithQuery().Strict()
            .WithSummary("Take somebody, or an invitation, out of the team; sessions end within five seconds.").Produces(204).ProducesProblem(400).ProducesProblem(409);
        people.MapPut("/pin", SetPin).RequireAuthorization(Policies.Staff).WithQuery().Strict().WithSummary("Choose one's own PIN for the posts; at a post by the present one.").Produces(204).Refuses(409, 429);
        app.MapPost("/api/v1/join", Join).AllowAnonymous().WithQuery().Strict().WithTags("Signing in").WithSummary("Take a one-time link.").Produces(204).Refuses(410);
        app.MapPosts();
        app.MapConnectors();
        app.MapGrants();
    }

    /// <summary>What every call with a body may be refused with.</summary>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder call, params int[] more)
    {
        foreach (var status in Usual.Concat(more))
            call.ProducesProblem(status);
        return call;
    }

    private static IResult List(HttpContext context, string id, PeopleDirectory people, Country country, Sealing sealing)
    {
        if (Find(context, country, id, out var problem) is not { } pharmacy)
            return problem!;
        var team = people.TeamOf(pharmacy);
        var place = Teams.StreamOf(pharmacy);
        return TypedResults.Ok(new PeopleAnswer([
            .. team.Members.Select(m => new PersonItem(m.Person, sealing.Open(m.Name, place), PeopleDirectory.WordOf(m.Role), m.Pin is not null, null)),
            .. team.Invitations.Select(i => new PersonItem(i.Id, sealing.Open(i.Name, place), PeopleDirectory.WordOf(i.Role), false, Moments.Utc(i.Until)))]));
    }

    private static async Task<IResult> Add(HttpContext context, string id, PersonAsked asked, Country country, IGrainFactory grains, Sealing sealing, PeopleDirectory people, Clock clock)
    {
        if (Find(context, country, id, out var problem) is not { } pharmacy)
            return problem!;
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        Bodies.RequireText(context, errors, "$.name", asked.Name, 100);
        if (!Roles.Contains(asked.Role, StringComparer.Ordinal))
            errors["$.role"] = [context.Say(new("takes pharmacist, preparer or student", "prend pharmacist, preparer ou student"))];
        var student = asked.Role == "student";
        var hasNumber = Rpps.TryParse(asked.Rpps, out var number);
        if (student && asked.Rpps is not null)
            errors["$.rpps"] = [context.Say(new("a student has none: a one-time link is made", "un étudiant n'en a pas : un lien à usage unique est créé"))];
        else if (!student && !hasNumber)
            errors["$.rpps"] = [context.Say(new("takes the eleven digits of an RPPS number, the last a check digit", "prend les onze chiffres d'un numéro RPPS, le dernier étant une clé"))];
        if (errors.Count > 0)
            return Problems.InvalidRequest(context, errors);

        var team = grains.GetGrain<ITeamGrain>(pharmacy.Value);
        var actor = context.Caller().Subject;
        if (!student)
        {
            var person = sealing.PersonOf(number.Value);
            var added = await team.AddMember(person, asked.Role == "pharmacist" ? TeamRole.Pharmacist : TeamRole.Preparer, asked.Name, actor);
            return added.Refusal is { } no ? Refused(context, no, added) : await Made(people, () => people.TeamOf(pharmacy).Find(person) is not null, $"/api/v1/counter/{id}/people/{person}", new PersonAnswer(person, null, null));
        }
        var (invitation, token) = ($"s-{Token(10)}", Token(24));
        var until = clock.Now + TeamRules.InvitationLife;
        var invited = await team.Invite(invitation, TeamRole.Student, asked.Name, Clients.HashOf(token), until, actor);
        // Behind the #, the secret reaches neither a server's log nor a referrer.
        return invited.Refusal is { } full ? Refused(context, full, invited) : await Made(people, () => people.TeamOf(pharmacy).Invitations.Any(i => i.Id == invitation),
            $"/api/v1/counter/{id}/people/{invitation}", new PersonAnswer(invitation, $"{context.Request.Scheme}://{context.Request.Host}/counter#join={pharmacy}.{invitation}.{token}", Moments.Utc(until)));
    }

    private static async Task<IResult> Remove(HttpContext context, string id, string person, Country country, IGrainFactory grains, PeopleDirectory people)
    {
        if (Find(context, country, id, out var problem) is not { } pharmacy)
            return problem!;
        var change = await grains.GetGrain<ITeamGrain>(pharmacy.Value).RemoveMember(person, context.Caller().Subject);
        if (change.Refusal is { } no)
            return Refused(context, no, change);
        await people.Until(() => people.TeamOf(pharmacy).Find(person) is null);
        return TypedResults.NoContent();
    }

    private static async Task<IResult> SetPin(HttpContext context, string id, PinAsked asked, Country country, IGrainFactory grains, PeopleDirectory people)
    {
        if (Find(context, country, id, out var problem) is not { } pharmacy)
            return problem!;
        if (!Bodies.IsPinToBe(asked.Pin))
            return Problems.InvalidRequest(context, "$.pin", Bodies.PinToBeSentence);
        var (person, team) = (context.Caller().Subject, grains.GetGrain<ITeamGrain>(pharmacy.Value));
        if (context.Caller().IsAtPost)
            return PostEndpoints.Find(context, people) is { } own ? await ChangePin(context, asked, own, team) : Refused(context, TeamRefusal.UnknownPost, null);
        var before = people.TeamOf(pharmacy).Find(person)?.Pin;
        var change = await team.SetPin(person, asked.Pin);
        if (change.Refusal is { } no)
            return Refused(context, no, change);
        await people.Until(() => people.TeamOf(pharmacy).Find(person)?.Pin != before);
        return TypedResults.NoContent();
    }

    // The session that a PIN opened ends with that PIN, so the one who changes it begins another.
    private static async Task<IResult> ChangePin(HttpContext context, PinAsked asked, (PostKey Key, Post Post) own, ITeamGrain team)
    {
        if (asked.Current is not { } current || !Bodies.IsPin(current))
            return Problems.InvalidRequest(context, "$.current", new("takes the present PIN, where nobody has signed in", "prend le code actuel, là où personne ne s'est identifié"));
        var person = context.Caller().Subject;
        var change = await team.ChangePin(own.Post.Id, own.Post.TokenHash, person, current, asked.Pin);
        return change.Refusal is { } no ? Refused(context, no, change) : await PostEndpoints.Enter(context, own.Key, person, change.Session!);
    }

    private static async Task<IResult> Join(HttpContext context, JoinAsked asked, Country country, IGrainFactory grains)
    {
        if (!Bodies.IsPinToBe(asked.Pin))
            return Problems.InvalidRequest(context, "$.pin", Bodies.PinToBeSentence);
        var parts = asked.Invitation.Split('.');
        if (parts.Length != 3 || !PharmacyId.TryParse(parts[0], out var pharmacy) || !country.TryFind(pharmacy, out _))
            return Refused(context, TeamRefusal.InvitationVoid, null);
        var change = await grains.GetGrain<ITeamGrain>(pharmacy.Value).TakeInvitation(parts[1], Clients.HashOf(parts[2]), asked.Pin);
        return change.Refusal is { } no ? Refused(context, no, change) : TypedResults.NoContent();
    }

    /// <summary>The pharmacy of the route; null with a problem where nobody knows it.</summary>
    public static PharmacyId? Find(HttpContext context, Country country, string id, out IResult? problem)
    {
        problem = PharmacyId.TryParse(id, out var pharmacy) && country.TryFind(pharmacy, out _) ? null : Problems.UnknownPharmacy(context, id);
        return problem is null ? pharmacy : null;
    }

    /// <summary>A created thing, once this node knows it.</summary>
    public static async Task<IResult> Made<T>(PeopleDirectory people, Func<bool> known, string location, T answer)
    {
        await people.Until(known);
        return TypedResults.Created(location, answer);
    }

    /// <summary>Letters and digits that nobody guesses.</summary>
    public static string Token(int bytes) => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(bytes));

    /// <summary>A refusal as a problem.</summary>
    public static IResult Refused(HttpContext context, TeamRefusal refusal, TeamChange? change)
    {
        if (refusal == TeamRefusal.PinLocked && change?.Until is { } until)
            context.Response.Headers.RetryAfter = $"{(int)Math.Ceiling(Math.Max(1, (until - context.RequestServices.GetRequiredService<Clock>().Now).TotalSeconds))}";
        var (status, type, sentence) = refusal switch
        {
            TeamRefusal.AlreadyMember => (409, "already-member", new Sentence("This person is in the team already.", "Cette personne est déjà dans l'équipe.")),
            TeamRefusal.UnknownPerson => (404, "unknown-person", new("Nobody in the team has this id.", "Personne dans l'équipe n'a cet identifiant.")),
            TeamRefusal.TitulaireStays => (409, "titulaire-stays", new("The titulaire leaves only when an operator appoints another one.", "Le titulaire ne part que lorsqu'un exploitant en nomme un autre.")),
            TeamRefusal.HasTitulaire => (409, "has-titulaire", new("The pharmacy has another titulaire.", "La pharmacie a un autre titulaire.")),
            TeamRefusal.Full => (409, "team-full", new($"A pharmacy may have {TeamRules.Most} of these.", $"Une pharmacie peut en avoir {TeamRules.Most}.")),
            TeamRefusal.InvitationVoid => (410, "invitation-void", new("This link is no longer good: ask the titulaire for another one.", "Ce lien n'est plus valable : demandez-en un autre au titulaire.")),
            TeamRefusal.UnknownPost => (404, "unknown-post", new("No such post is enrolled: the titulaire enrols it.", "Ce poste n'est pas enregistré : le titulaire l'enregistre.")),
            TeamRefusal.UnknownConnector => (404, "unknown-connector", new("No connector has this id.", "Aucun connecteur n'a cet identifiant.")),
            TeamRefusal.NoPin => (409, "no-pin", new("This person has not chosen a PIN yet: sign in once and choose one.", "Cette personne n'a pas encore choisi de code : qu'elle s'identifie une fois et en choisisse un.")),
            TeamRefusal.WrongPin => (403, "wrong-pin", new("This is not the person's PIN.", "Ce n'est pas le code de cette personne.")),
            TeamRefusal.PinLocked => (429, "pin-locked", new("Too many wrong PINs: wait, or sign in.", "Trop de codes faux : attendez, ou identifiez-vous.")),
            _ => throw new InvalidOperationException($"{refusal} has no sentence."),
        };
        return Problems.Of(context, status, type, sentence);
    }
}
