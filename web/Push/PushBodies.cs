using Realtime.Push;
using Realtime.Web.Edge;
using Realtime.Webhooks;

namespace Realtime.Web.Push;

/// <summary>A browser's subscription, as its own <c>PushSubscription</c> writes it.</summary>
/// <param name="Endpoint">Address at the push service of the browser's maker.</param>
/// <param name="Keys">By which the browser alone reads what it is told.</param>
public sealed record PushAsked(string Endpoint, PushKeysAsked Keys)
{
    /// <summary>The subscription; null where something is wrong with it, which the reader knows.</summary>
    internal PushSubscription? Read(BodyReader body)
    {
        var endpoint = body.Text("$.endpoint", Endpoint, WebhookGuard.LongestUrl);
        var (point, auth) = (PushSubscription.ReadPoint(Keys.P256dh), PushSubscription.ReadBytes(Keys.Auth, PushSubscription.AuthSize));
        if (point is null)
            body.Refuse("$.keys.p256dh", new("takes a point of P-256, uncompressed, in base64url", "attend un point de P-256, non compressé, en base64url"));
        if (auth is null)
            body.Refuse("$.keys.auth", new($"takes {PushSubscription.AuthSize} bytes in base64url", $"attend {PushSubscription.AuthSize} octets en base64url"));
        return endpoint is null || point is null || auth is null ? null : new(endpoint, point, auth);
    }
}

/// <summary>Keys of a subscription, base64url.</summary>
/// <param name="P256dh">The browser's public key: a point of P-256, uncompressed.</param>
/// <param name="Auth">16 bytes.</param>
public sealed record PushKeysAsked(string P256dh, string Auth);

/// <summary>The key that browsers subscribe for.</summary>
/// <param name="Key">A point of P-256, uncompressed, in base64url.</param>
public sealed record PushKeyItem(string Key);

/// <summary>A browser is told of an order.</summary>
/// <param name="Name">What the order is called in what the browser is told; nothing is to be read from it.</param>
public sealed record PushItem(string Name);
