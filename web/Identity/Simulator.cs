using System.Net;
using System.Security.Claims;
using System.Text;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using Realtime.People;
using Realtime.Web.Edge;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Realtime.Web.Identity;

/// <summary>
/// Behaves as Pro Santé Connect does towards this service: a page where the demo's people sign in, and the claims that it gives of a professional.
/// It is in the process only in Development with the demo on.
/// </summary>
internal static class Simulator
{
    private const string Style = """
        :root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
        body { max-width: 34rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
        h1 { font-size: 1.4rem; margin: 0 0 .25rem; }
        .demo { background: light-dark(#fff3cd, #4a3b00); border-radius: .5rem; padding: .6rem .9rem; }
        ul { list-style: none; padding: 0; display: grid; gap: .6rem; }
        button { width: 100%; text-align: left; font: inherit; padding: .8rem 1rem; border-radius: .6rem; border: 1px solid light-dark(#8a93a3, #7d8796); background: light-dark(#fff, #1d2530); color: inherit; cursor: pointer; }
        button:hover, button:focus-visible { outline: 3px solid light-dark(#0b6b3a, #5fd39a); outline-offset: 1px; }
        button strong { display: block; }
        button span { color: light-dark(#4a5361, #b9c2cf); }
        """;

    private const string StylePath = "/connect/signin.css";

    public static void MapSimulator(this WebApplication app)
    {
        app.MapMethods(Addresses.Authorize, [HttpMethods.Get, HttpMethods.Post], Authorize).AllowAnonymous().DisableAntiforgery().ExcludeFromDescription();
        app.MapGet(Addresses.UserInfo, UserInfo).AllowAnonymous().ExcludeFromDescription();
        app.MapGet(StylePath, (HttpContext context) =>
        {
            context.Response.Headers.CacheControl = "public, max-age=3600";
            return Results.Text(Style, "text/css", Encoding.UTF8);
        }).AllowAnonymous().ExcludeFromDescription();
    }

    // OpenIddict has checked the request: the client, the address to return to, PKCE.
    private static async Task<IResult> Authorize(HttpContext context, DemoPeople people)
    {
        // Not read at all: an address that no URI can name.
        if (context.GetOpenIddictServerRequest() is not { } request)
            return Problems.OfStatus(context, StatusCodes.Status400BadRequest);
        var chosen = context.Request.HasFormContentType ? (await context.Request.ReadFormAsync())["person"].ToString() : "";
        if (people.All.FirstOrDefault(p => p.Number == chosen) is not { } person)
            return Page(context, request, people);
        var identity = new ClaimsIdentity("simulator");
        identity.SetClaim(Claims.Subject, person.Number);
        identity.SetScopes(request.GetScopes());
        identity.SetDestinations(claim => claim.Type == Claims.Subject ? [Destinations.AccessToken, Destinations.IdentityToken] : []);
        return Results.SignIn(new ClaimsPrincipal(identity), authenticationScheme: OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
    }

    private static IResult Page(HttpContext context, OpenIddictRequest request, DemoPeople people)
    {
        var page = new StringBuilder($"""
            <!doctype html><html lang="fr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <title>S'identifier (démonstration)</title><link rel="stylesheet" href="{StylePath}"></head><body><main>
            <h1>S'identifier</h1><p class="demo">Démonstration : cette page tient lieu de Pro Santé Connect. Ces personnes sont imaginaires.</p>
            <form method="post" action="{Addresses.Authorize}">
            """);
        foreach (var (name, value) in request.GetParameters())
            page.Append($"<input type=\"hidden\" name=\"{WebUtility.HtmlEncode(name)}\" value=\"{WebUtility.HtmlEncode((string?)value)}\">");
        page.Append("<ul>");
        foreach (var person in people.All)
            page.Append($"<li><button name=\"person\" value=\"{person.Number}\"><strong>{WebUtility.HtmlEncode(person.Name)}</strong><span>{WebUtility.HtmlEncode(person.French)}</span></button></li>");
        page.Append("</ul></form></main></body></html>");
        context.Response.Headers.CacheControl = "no-store";
        return Results.Content(page.ToString(), "text/html", Encoding.UTF8);
    }

    private static async Task<IResult> UserInfo(HttpContext context, DemoPeople people)
    {
        var token = await context.AuthenticateAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
        var number = token.Principal?.FindFirstValue(Claims.Subject);
        if (people.All.FirstOrDefault(p => p.Number == number) is not { } person)
            return Results.Challenge(authenticationSchemes: [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]);
        context.Response.Headers.CacheControl = "no-store";
        return Results.Json(ClaimsOf(person));
    }

    private static Dictionary<string, object?> ClaimsOf(DemoPerson person) => new(StringComparer.Ordinal)
    {
        ["sub"] = person.Number,
        ["preferred_username"] = $"8{person.Number}",
        ["SubjectNameID"] = $"8{person.Number}",
        ["given_name"] = person.GivenName,
        ["family_name"] = person.FamilyName.ToUpperInvariant(),
        ["SubjectRefPro"] = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["exercices"] = new[]
            {
                new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    ["codeProfession"] = person.Profession,
                    ["activities"] = person.Pharmacies.Select(work => new Dictionary<string, object?>(StringComparer.Ordinal)
                    {
                        // Sector SA33: pharmacie d'officine. Section A of the Ordre's register: titulaires; D: adjoints.
                        ["codeSecteurDactivite"] = "SA33",
                        ["codeSectionPharmacien"] = work.Role switch { TeamRole.Titulaire => "A", TeamRole.Pharmacist => "D", _ => "" },
                        ["numeroFinessSite"] = work.Id.Value,
                    }).ToArray(),
                },
            },
        },
    };
}
