using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Realtime.Idempotency;
using Realtime.Identity;
using Realtime.Pharmacies;

namespace Realtime.Web.Edge;

/// <summary>
/// The header <c>Idempotency-Key</c>: a request that comes twice with one key is carried out once and answered twice. Neither the key nor what was
/// asked leaves this node in clear: both go to the grain as codes under keys derived from the installation's secret.
/// </summary>
internal sealed class RequestKeys(Secret secret)
{
    /// <summary>Name of the header.</summary>
    public const string Name = "Idempotency-Key";

    /// <summary>The header of an answer that was given before.</summary>
    public const string Replayed = "Idempotency-Replayed";

    /// <summary>For the reference.</summary>
    public static readonly HeaderParameter Parameter = new(Name, "^[!-~]{1,255}$", Required: false, "Chosen by the caller, anew for each change: the same change sent again with the same key is made once. Known for 7 days.");

    private const int Longest = 255;
    private const int CodeSize = 16;
    private readonly byte[] _keys = secret.Derive("idempotency key");
    private readonly byte[] _commands = secret.Derive("idempotency fingerprint");

    /// <summary>Reads the key of a command about a pharmacy; else the problem.</summary>
    /// <param name="context">The request.</param>
    /// <param name="id">The pharmacy, to which keys are bound.</param>
    /// <param name="act">Which command, as <c>hours</c>.</param>
    /// <param name="asked">All that it says, apart from the version it expects; its JSON is what is compared.</param>
    /// <param name="request">Where the caller sent no key, one that nobody else has: this node itself may have to ask the grain twice.</param>
    /// <param name="problem">Set where the key is wrong.</param>
    public bool TryRead(HttpContext context, PharmacyId id, string act, object asked, [NotNullWhen(true)] out RequestKey? request, [NotNullWhen(false)] out IResult? problem) =>
        TryRead(context, id.Value, act, asked, out request, out problem);

    /// <summary>Reads the key of a command about anything else that has a stream of its own, as a department's duty, to which it is then bound.</summary>
    public bool TryRead(HttpContext context, string scope, string act, object asked, [NotNullWhen(true)] out RequestKey? request, [NotNullWhen(false)] out IResult? problem)
    {
        (request, problem) = (null, null);
        var values = context.Request.Headers[Name];
        if (values.Count > 0 && (values is not [{ Length: >= 1 and <= Longest } text] || text.AsSpan().ContainsAnyExceptInRange('!', '~')))
        {
            problem = Problems.InvalidRequest(context, Name, new("takes 1 to 255 visible ASCII characters, once", "attend de 1 à 255 caractères ASCII visibles, une seule fois"));
            return false;
        }
        var key = values.Count > 0 ? values[0]! : RandomNumberGenerator.GetHexString(2 * CodeSize);
        request = new(Code(_keys, [scope, values.Count > 0 ? "sent" : "own", key]), Code(_commands, [scope, act, JsonSerializer.Serialize(asked)]));
        return true;
    }

    /// <summary>Says that the answer was given before, to a caller who sent a key.</summary>
    public static void Tell(HttpContext context, bool replayed)
    {
        if (replayed && context.Request.Headers.ContainsKey(Name))
            context.Response.Headers[Replayed] = "true";
    }

    // No part holds a line feed: ids, our own words, visible ASCII, and JSON, which escapes it.
    private static string Code(byte[] key, string[] parts) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(string.Join('\n', parts))).AsSpan(0, CodeSize));
}
