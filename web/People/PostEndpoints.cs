using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Realtime.Identity;
using Realtime.People;
using Realtime.Pharmacies;
using Realtime.Web.Edge;
using Realtime.Web.Identity;
using Realtime.Web.Live;

namespace Realtime.Web.People;

/// <summary>A counter post.</summary>
public sealed record PostItem(string Post, string Label);

/// <summary>The posts of a pharmacy.</summary>
public sealed record PostsAnswer(IReadOnlyList<PostItem> Items);

/// <summary>What the browser that asks is to be called as a post.</summary>
public sealed record PostAsked(string Label);

/// <summary>The post that this browser is, and who may act at it.</summary>
public sealed record OwnPostAnswer(string Pharmacy, string Post, string Label, int LockMinutes, IReadOnlyList<PersonItem> People);

/// <summary>Who takes over the post.</summary>
public sealed record UnlockAsked(string Person, string Pin);

/// <summary>Counter posts: a browser that the titulaire enrolled once, at which the team takes turns by PIN, so that a history names the right person.</summary>
internal static class PostEndpoints
{
    /// <summary>What makes a browser a post.</summary>
    public const string Cookie = "__Host-post";

    private static readonly TimeSpan CookieLife = TimeSpan.FromDays(400);

    public static void MapPosts(this IEndpointRouteBuilder app)
    {
        var posts = app.MapGroup("/api/v1/counter/{id}/posts").WithTags("Counter").RequireAuthorization(Policies.Titulaire).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404);
        posts.MapGet("", List).WithQuery().Strict().WithSummary("The enrolled posts.").Produces<PostsAnswer>().ProducesProblem(400);
        posts.MapPost("", Enrol).WithQuery().Strict().WithSummary("Make this browser a post.").Produces<PostItem>(201).Refuses(409);
        posts.MapDelete("/{post}", Remove).WithQuery().Strict().WithSummary("Take a post out of use.").Produces(204).ProducesProblem(400);
        var own = app.MapGroup("/api/v1/post").WithTags("Counter").AllowAnonymous().ProducesProblem(400).ProducesProblem(404);
        own.MapGet("", Own).WithQuery().Strict().WithSummary("The post that this browser is; 204 where it is none.").Produces<OwnPostAnswer>().Produces(204);
        own.MapPost("/unlock", Unlock).WithQuery().Strict().WithSummary("Take over the post by PIN.").Produces(204).Refuses(403, 409, 429);
    }

    private static IResult List(HttpContext context, string id, PeopleDirectory people, Country country) =>
        PeopleEndpoints.Find(context, country, id, out var problem) is { } pharmacy
            ? TypedResults.Ok(new PostsAnswer([.. people.TeamOf(pharmacy).Posts.Select(p => new PostItem(p.Id, p.Label))]))
            : problem!;

    private static async Task<IResult> Enrol(HttpContext context, string id, PostAsked asked, Country country, IGrainFactory grains, PeopleDirectory people)
    {
        if (PeopleEndpoints.Find(context, country, id, out var problem) is not { } pharmacy)
            return problem!;
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        Bodies.RequireText(context, errors, "$.label", asked.Label, 60);
        if (errors.Count > 0)
            return Problems.InvalidRequest(context, errors);
        var (post, token) = ($"k{PeopleEndpoints.Token(6)}", PeopleEndpoints.Token(32));
        var change = await grains.GetGrain<ITeamGrain>(pharmacy.Value).EnrolPost(post, asked.Label, Clients.HashOf(token), context.Caller().Subject);
        if (change.Refusal is { } no)
            return PeopleEndpoints.Refused(context, no, change);
        context.Response.Cookies.Append(Cookie, $"{new PostKey(pharmacy, post)}.{token}", new CookieOptions { Path = "/", Secure = true, HttpOnly = true, SameSite = SameSiteMode.Strict, MaxAge = CookieLife });
        return await PeopleEndpoints.Made(people, () => people.TeamOf(pharmacy).Posts.Any(p => p.Id == post), $"/api/v1/counter/{id}/posts/{post}", new PostItem(post, asked.Label));
    }

    private static async Task<IResult> Remove(HttpContext context, string id, string post, Country country, IGrainFactory grains, PeopleDirectory people)
    {
        if (PeopleEndpoints.Find(context, country, id, out var problem) is not { } pharmacy)
            return problem!;
        var change = await grains.GetGrain<ITeamGrain>(pharmacy.Value).RemovePost(post, context.Caller().Subject);
        if (change.Refusal is { } no)
            return PeopleEndpoints.Refused(context, no, change);
        await people.Until(() => people.TeamOf(pharmacy).Posts.All(p => p.Id != post));
        return TypedResults.NoContent();
    }

    private static IResult Own(HttpContext context, PeopleDirectory people, Sealing sealing, RealtimeOptions options) =>
        Find(context, people) is not { } own ? TypedResults.NoContent()
        : TypedResults.Ok(new OwnPostAnswer(own.Key.Pharmacy.Value, own.Post.Id, own.Post.Label, options.PostLockMinutes,
            [.. people.TeamOf(own.Key.Pharmacy).Members.Select(m => new PersonItem(m.Person, sealing.Open(m.Name, Teams.StreamOf(own.Key.Pharmacy)), PeopleDirectory.WordOf(m.Role), m.Pin is not null, null))]));

    private static async Task<IResult> Unlock(HttpContext context, UnlockAsked asked, PeopleDirectory people, IGrainFactory grains)
    {
        if (Find(context, people) is not { } own)
            return PeopleEndpoints.Refused(context, TeamRefusal.UnknownPost, null);
        if (!Bodies.IsPin(asked.Pin))
            return Problems.InvalidRequest(context, "$.pin", Bodies.PinSentence);
        var change = await grains.GetGrain<ITeamGrain>(own.Key.Pharmacy.Value).Unlock(own.Post.Id, own.Post.TokenHash, asked.Person, asked.Pin);
        return change.Refusal is { } no ? PeopleEndpoints.Refused(context, no, change) : await Enter(context, own.Key, asked.Person, change.Session!);
    }

    /// <summary>Whether the browser that calls is a post, as <c>990000010.k3…</c>.</summary>
    public static bool IsPost(HttpContext context, string post) => Find(context, context.RequestServices.GetRequiredService<PeopleDirectory>())?.Key.ToString() == post;

    /// <summary>Begins the session of somebody whose PIN was right, once this node knows what it is good by.</summary>
    public static async Task<IResult> Enter(HttpContext context, PostKey post, string person, string session)
    {
        var services = context.RequestServices;
        var (people, clock) = (services.GetRequiredService<PeopleDirectory>(), services.GetRequiredService<Clock>());
        await people.Until(() => TeamRules.SessionOf(people.TeamOf(post.Pharmacy), post.Post, person) == session);
        var name = people.TeamOf(post.Pharmacy).Find(person) is { } member ? services.GetRequiredService<Sealing>().Open(member.Name, Teams.StreamOf(post.Pharmacy)) : "";
        var until = (clock.Now + TeamRules.PostSessionLife).ToUnixTimeSeconds();
        var entered = new ClaimsPrincipal(new ClaimsIdentity(
            [new(ClaimNames.Subject, person), new(ClaimNames.Name, name), new(ClaimNames.Post, post.ToString()), new(ClaimNames.PostSession, session), new(ClaimNames.Until, $"{until}")],
            CookieAuthenticationDefaults.AuthenticationScheme, ClaimNames.Name, ClaimNames.Role));
        // The post locks itself: its session ends when it has not been used for so long.
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        await context.SignInAsync(CookieAuthenticationDefaults.AuthenticationScheme, entered, new AuthenticationProperties
        {
            IssuedUtc = now,
            ExpiresUtc = now + TimeSpan.FromMinutes(services.GetRequiredService<RealtimeOptions>().PostLockMinutes),
            AllowRefresh = true,
        });
        return TypedResults.NoContent();
    }

    /// <summary>The post that the browser is; null where it is none.</summary>
    public static (PostKey Key, Post Post)? Find(HttpContext context, PeopleDirectory people)
    {
        var parts = context.Request.Cookies[Cookie]?.Split('.');
        if (parts is not { Length: 3 } || !PharmacyId.TryParse(parts[0], out var pharmacy))
            return null;
        var hash = Clients.HashOf(parts[2]);
        return people.TeamOf(pharmacy).Posts.FirstOrDefault(p => p.Id == parts[1] && p.TokenHash == hash) is { } post ? (new(pharmacy, post.Id), post) : null;
    }
}
