using System.Text.Json;
using System.Text.Json.Serialization;
using NodaTime.Serialization.SystemTextJson;
using Realtime.Idempotency;

namespace Realtime.Pharmacies;

/// <summary>
/// How this slice's events and public facts stand in the journal: kinds, versions and JSON members are a contract
/// that outlives class names; the texts in tests/Pharmacies/PharmacyPageTests.cs hold them in place.
/// </summary>
public static class PharmacyJson
{
    private static readonly PharmacyJsonContext Context = new(Options());

    /// <summary>The event's name in the log, the version of its payload, and the payload.</summary>
    public static (string Kind, int Version, byte[] Payload) Write(PharmacyEvent happened) => happened switch
    {
        PharmacyImported e => ("pharmacy.imported", 2, JsonSerializer.SerializeToUtf8Bytes(e, Context.PharmacyImported)),
        HoursSet e => ("hours.set", 1, JsonSerializer.SerializeToUtf8Bytes(e, Context.HoursSet)),
        ClosureDeclared e => ("closure.declared", 1, JsonSerializer.SerializeToUtf8Bytes(e, Context.ClosureDeclared)),
        ClosureRevoked e => ("closure.revoked", 1, JsonSerializer.SerializeToUtf8Bytes(e, Context.ClosureRevoked)),
        ExceptionDeclared e => ("exception.declared", 1, JsonSerializer.SerializeToUtf8Bytes(e, Context.ExceptionDeclared)),
        ExceptionRevoked e => ("exception.revoked", 1, JsonSerializer.SerializeToUtf8Bytes(e, Context.ExceptionRevoked)),
        PageSet e => ("page.set", 1, JsonSerializer.SerializeToUtf8Bytes(e, Context.PageSet)),
        PharmacyPaused e => ("pharmacy.paused", 1, JsonSerializer.SerializeToUtf8Bytes(e, Context.PharmacyPaused)),
        PharmacyResumed e => ("pharmacy.resumed", 1, JsonSerializer.SerializeToUtf8Bytes(e, Context.PharmacyResumed)),
        _ => throw new InvalidOperationException($"{happened.GetType().Name} has no name in the log."),
    };

    /// <summary>The event that <see cref="Write(PharmacyEvent)"/> wrote.</summary>
    /// <exception cref="InvalidOperationException">Written by a newer program.</exception>
    public static PharmacyEvent Read(string kind, int version, ReadOnlySpan<byte> payload) => (kind, version) switch
    {
        ("pharmacy.imported", 1 or 2) => JsonSerializer.Deserialize(payload, Context.PharmacyImported)!,
        ("hours.set", 1) => JsonSerializer.Deserialize(payload, Context.HoursSet)!,
        ("closure.declared", 1) => JsonSerializer.Deserialize(payload, Context.ClosureDeclared)!,
        ("closure.revoked", 1) => JsonSerializer.Deserialize(payload, Context.ClosureRevoked)!,
        ("exception.declared", 1) => JsonSerializer.Deserialize(payload, Context.ExceptionDeclared)!,
        ("exception.revoked", 1) => JsonSerializer.Deserialize(payload, Context.ExceptionRevoked)!,
        ("page.set", 1) => JsonSerializer.Deserialize(payload, Context.PageSet)!,
        ("pharmacy.paused", 1) => JsonSerializer.Deserialize(payload, Context.PharmacyPaused)!,
        ("pharmacy.resumed", 1) => JsonSerializer.Deserialize(payload, Context.PharmacyResumed)!,
        _ => throw new InvalidOperationException($"The journal holds {kind} version {version}, which this program does not know: it was written by a newer one."),
    };

    /// <summary>The public facts, as kept in the journal's public state.</summary>
    public static byte[] WriteFacts(Pharmacy pharmacy) => JsonSerializer.SerializeToUtf8Bytes(pharmacy, Context.Pharmacy);

    /// <summary>The public facts that <see cref="WriteFacts"/> wrote, or an earlier program that did not keep their sources or exceptions.</summary>
    public static Pharmacy ReadFacts(ReadOnlySpan<byte> payload)
    {
        var facts = JsonSerializer.Deserialize(payload, Context.Pharmacy)!;
        // A member that the text lacks is null here whatever its initial value says.
        return facts.Sources is null || facts.Exceptions is null ? facts with { Sources = facts.Sources ?? [], Exceptions = facts.Exceptions ?? [] } : facts;
    }

    /// <summary>The grain's state, as kept in snapshots: the public facts and what is nobody else's business.</summary>
    public static byte[] WriteState(PageState state) => JsonSerializer.SerializeToUtf8Bytes(new KeptPage(state.Facts, [.. state.Answered.All]), Context.KeptPage);

    /// <summary>The state that <see cref="WriteState"/> wrote.</summary>
    public static PageState ReadState(ReadOnlySpan<byte> state)
    {
        var kept = JsonSerializer.Deserialize(state, Context.KeptPage)!;
        return new(kept.Facts, AnsweredRequests.Of(kept.Answered));
    }

    private static JsonSerializerOptions Options()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };
        options.Converters.Add(NodaConverters.InstantConverter);
        options.Converters.Add(NodaConverters.LocalDateConverter);
        options.Converters.Add(new JsonStringEnumConverter<HoursSource>(JsonNamingPolicy.CamelCase));
        options.Converters.Add(new JsonStringEnumConverter<ImportSource>());
        return options;
    }
}

[JsonSerializable(typeof(PharmacyImported))]
[JsonSerializable(typeof(HoursSet))]
[JsonSerializable(typeof(ClosureDeclared))]
[JsonSerializable(typeof(ClosureRevoked))]
[JsonSerializable(typeof(ExceptionDeclared))]
[JsonSerializable(typeof(ExceptionRevoked))]
[JsonSerializable(typeof(PageSet))]
[JsonSerializable(typeof(PharmacyPaused))]
[JsonSerializable(typeof(PharmacyResumed))]
[JsonSerializable(typeof(Pharmacy))]
[JsonSerializable(typeof(KeptPage))]
internal sealed partial class PharmacyJsonContext : JsonSerializerContext;

/// <summary>The shape of a snapshot.</summary>
internal sealed record KeptPage(Pharmacy? Facts, IReadOnlyList<AnsweredRequest> Answered);
