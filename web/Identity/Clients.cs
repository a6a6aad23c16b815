using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore;
using OpenIddict.Server;
using Realtime.Pharmacies;
using Realtime.People;
using Realtime.Web.People;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Realtime.Web.Identity;

/// <summary>Which machines get a token: the connectors that a titulaire registered, and in the demo its client, for any role it asks for.</summary>
internal sealed class Clients(PeopleDirectory people, SignInOptions signIn) : IOpenIddictServerHandler<ValidateTokenRequestContext>
{
    public ValueTask HandleAsync(ValidateTokenRequestContext context)
    {
        var request = context.Request;
        if (request.GrantType == GrantTypes.AuthorizationCode)
        {
            // The pages' own client has no secret: its proof is PKCE.
            if (!signIn.Simulator || request.ClientId != signIn.ClientId)
                context.Reject(Errors.InvalidClient, "This client is not known.");
            return default;
        }
        if (!IsKnown(request.ClientId, request.ClientSecret))
            context.Reject(Errors.InvalidClient, "The client's id or secret is wrong.");
        else if (IsDemo(request.ClientId) && RolesOf(request.Scope) is null)
            context.Reject(Errors.InvalidScope, "The demo client takes scope=staff:, pharmacist:, titulaire:, preparer:, student: or lgo: with a FINESS number, planner: or dispatcher: with a department, or operator.");
        return default;
    }

    /// <summary>Whether it is the demo's client.</summary>
    public static bool IsDemo(string? client) => client == SignInOptions.DemoClient;

    /// <summary>The roles that a demo scope asks for; null where a word of it is none.</summary>
    public static IReadOnlyList<string>? RolesOf(string? scope)
    {
        var roles = new List<string>();
        foreach (var word in (scope ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = word.Split(':', 2);
            var role = (parts[0], PharmacyId.TryParse(parts.ElementAtOrDefault(1), out var id)) switch
            {
                ("staff" or "pharmacist", true) => $"pharmacist:{id}",
                ("titulaire" or "preparer" or "student" or "lgo", true) => $"{parts[0]}:{id}",
                _ when GrantRules.IsRole(word) => word,
                _ => null,
            };
            if (role is null)
                return null;
            roles.Add(role);
        }
        return roles.Count == 0 ? null : roles;
    }

    /// <summary>What is kept of a secret that is too long to be guessed.</summary>
    public static string HashOf(string secret) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    private bool IsKnown(string? client, string? secret) =>
        client is not null && secret is not null
        && (IsDemo(client) ? signIn.Simulator && Same(secret, SignInOptions.DemoSecret)
            : people.TryFindConnector(client, out var connector) && Same(HashOf(secret), connector.SecretHash));

    private static bool Same(string a, string b) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(a), Encoding.UTF8.GetBytes(b));
}

/// <summary>The simulator answers this service's own pages alone: it sends nobody anywhere else.</summary>
internal sealed class OwnPagesOnly(SignInOptions signIn) : IOpenIddictServerHandler<ValidateAuthorizationRequestContext>
{
    public ValueTask HandleAsync(ValidateAuthorizationRequestContext context)
    {
        if (context.ClientId != signIn.ClientId)
            context.Reject(Errors.InvalidClient, "This client is not known.");
        else if (!IsOwn(context.Transaction.GetHttpRequest()!, context.RedirectUri, Addresses.Callback))
            context.Reject(Errors.InvalidRequest, "The redirect_uri is not this service's.");
        return default;
    }

    private static bool IsOwn(HttpRequest request, string? address, string path) => address == $"{request.Scheme}://{request.Host}{path}";
}
