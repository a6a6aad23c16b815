using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using NodaTime;
using Realtime.Hours;
using Realtime.Idempotency;
using Realtime.Pharmacies;

namespace Realtime.OnCall;

/// <summary>How a department's duty stands in the journal: kinds, versions and JSON members are a contract that outlives class names (tests/OnCall/RotaJsonTests.cs).</summary>
internal static class RotaJson
{
    private static readonly RotaJsonContext Context = new(Options());

    /// <summary>The names of all events.</summary>
    public static readonly string[] Kinds =
    [
        "sector.set", "rota.set", "rota.drafted", "rota.draft-dropped", "rota.published", "swap.proposed", "swap.accepted", "swap.ended", "swap.confirmed", "measure.taken", "measure.ended", "duties.sent",
    ];

    /// <summary>The event's name in the log, the version of its payload, and the payload.</summary>
    public static (string Kind, int Version, byte[] Payload) Write(RotaEvent happened) => happened switch
    {
        SectorSet e => ("sector.set", 1, Bytes(e, Context.SectorSet)),
        RotaSet e => ("rota.set", 1, Bytes(new KeptRota(e.From, PackedDuties.Of(e.Sector, e.Duties), e.Request), Context.KeptRota)),
        DraftSet e => ("rota.drafted", 1, Bytes(new KeptRota(e.From, PackedDuties.Of(e.Sector, e.Duties), e.Request), Context.KeptRota)),
        DraftDropped e => ("rota.draft-dropped", 1, Bytes(e, Context.DraftDropped)),
        DraftsPublished e => ("rota.published", 1, Bytes(e, Context.DraftsPublished)),
        SwapProposed e => ("swap.proposed", 1, Bytes(e, Context.SwapProposed)),
        SwapAccepted e => ("swap.accepted", 1, Bytes(e, Context.SwapAccepted)),
        SwapEnded e => ("swap.ended", 1, Bytes(e, Context.SwapEnded)),
        SwapConfirmed e => ("swap.confirmed", 1, Bytes(e, Context.SwapConfirmed)),
        MeasureTaken e => ("measure.taken", 1, Bytes(e, Context.MeasureTaken)),
        MeasureEnded e => ("measure.ended", 1, Bytes(e, Context.MeasureEnded)),
        DutiesSent e => ("duties.sent", 1, Bytes(e, Context.DutiesSent)),
        _ => throw new InvalidOperationException($"{happened.GetType().Name} has no name in the log."),
    };

    /// <summary>The event that <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidOperationException">Written by a newer program.</exception>
    public static RotaEvent Read(string kind, int version, ReadOnlySpan<byte> payload) => (kind, version) switch
    {
        ("sector.set", 1) => JsonSerializer.Deserialize(payload, Context.SectorSet)!,
        ("rota.set", 1) => JsonSerializer.Deserialize(payload, Context.KeptRota)! is var kept ? new RotaSet(kept.Duties.Sector, kept.From, kept.Duties.Unpack()) { Request = kept.Request } : null!,
        ("rota.drafted", 1) => JsonSerializer.Deserialize(payload, Context.KeptRota)! is var kept ? new DraftSet(kept.Duties.Sector, kept.From, kept.Duties.Unpack()) { Request = kept.Request } : null!,
        ("rota.draft-dropped", 1) => JsonSerializer.Deserialize(payload, Context.DraftDropped)!,
        ("rota.published", 1) => JsonSerializer.Deserialize(payload, Context.DraftsPublished)!,
        ("swap.proposed", 1) => JsonSerializer.Deserialize(payload, Context.SwapProposed)!,
        ("swap.accepted", 1) => JsonSerializer.Deserialize(payload, Context.SwapAccepted)!,
        ("swap.ended", 1) => JsonSerializer.Deserialize(payload, Context.SwapEnded)!,
        ("swap.confirmed", 1) => JsonSerializer.Deserialize(payload, Context.SwapConfirmed)!,
        ("measure.taken", 1) => JsonSerializer.Deserialize(payload, Context.MeasureTaken)!,
        ("measure.ended", 1) => JsonSerializer.Deserialize(payload, Context.MeasureEnded)!,
        ("duties.sent", 1) => JsonSerializer.Deserialize(payload, Context.DutiesSent)!,
        _ => throw new InvalidOperationException($"The journal holds {kind} version {version}, which this program does not know: it was written by a newer one."),
    };

    /// <summary>All that nodes need to know of a department's duty, hidden duty included: nodes show of it what each reader may see.</summary>
    public static byte[] WriteFacts(DepartmentRota rota) => Bytes(Kept(rota), Context.KeptDepartment);

    /// <summary>The facts that <see cref="WriteFacts"/> wrote.</summary>
    public static DepartmentRota ReadFacts(ReadOnlySpan<byte> payload) => Read(JsonSerializer.Deserialize(payload, Context.KeptDepartment)!);

    /// <summary>The grain's state, as kept in snapshots: the facts and the requests that were carried out lately.</summary>
    public static byte[] WriteState(RotaState state) => Bytes(new KeptRotaState(Kept(state.Rota), [.. state.Answered.All]), Context.KeptRotaState);

    /// <summary>The state that <see cref="WriteState"/> wrote.</summary>
    public static RotaState ReadState(ReadOnlySpan<byte> payload)
    {
        var kept = JsonSerializer.Deserialize(payload, Context.KeptRotaState)!;
        return new(Read(kept.Rota), AnsweredRequests.Of(kept.Answered));
    }

    private static byte[] Bytes<T>(T value, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) => JsonSerializer.SerializeToUtf8Bytes(value, type);

    private static KeptDepartment Kept(DepartmentRota rota) => new(
        rota.Department, rota.Seq, [.. rota.Sectors.Values], [.. rota.Rotas.Select(pair => PackedDuties.Of(pair.Key, pair.Value))],
        [.. rota.Drafts.Values.Select(draft => new KeptRota(draft.From, PackedDuties.Of(draft.Sector, draft.Duties), null))],
        rota.Swaps, rota.Measures, rota.Sendings,
        [.. rota.Touched.GroupBy(pair => pair.Value, pair => pair.Key.Value).OrderBy(group => group.Key).Select(group => new KeptTouch(group.Key, [.. group.Order(StringComparer.Ordinal)]))], rota.ClosuresAt);

    private static DepartmentRota Read(KeptDepartment kept) => DepartmentRota.Empty(kept.Department) with
    {
        Seq = kept.Seq,
        Sectors = kept.Sectors.ToImmutableSortedDictionary(sector => sector.Code, sector => sector, StringComparer.Ordinal),
        Rotas = kept.Rotas.ToImmutableSortedDictionary(packed => packed.Sector, packed => packed.Unpack().ToImmutableArray(), StringComparer.Ordinal),
        Drafts = kept.Drafts.ToImmutableSortedDictionary(draft => draft.Duties.Sector, draft => new Draft(draft.Duties.Sector, draft.From, draft.Duties.Unpack()), StringComparer.Ordinal),
        Swaps = [.. kept.Swaps],
        Measures = [.. kept.Measures],
        Sendings = [.. kept.Sendings],
        Touched = kept.Touched.SelectMany(touch => touch.Pharmacies, (touch, id) => KeyValuePair.Create(PharmacyId.Parse(id), touch.At)).ToImmutableDictionary(),
        ClosuresAt = kept.ClosuresAt,
    };

    private static JsonSerializerOptions Options()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            // Letters with accents are written as they are: a row holds so many bytes, and nobody pastes it into HTML.
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        options.Converters.Add(new InstantJson());
        options.Converters.Add(new JsonStringEnumConverter<OnCallKind>(JsonNamingPolicy.CamelCase));
        options.Converters.Add(new JsonStringEnumConverter<Disclosure>(JsonNamingPolicy.CamelCase));
        options.Converters.Add(new JsonStringEnumConverter<SwapState>(JsonNamingPolicy.CamelCase));
        options.Converters.Add(new JsonStringEnumConverter<MeasureKind>(JsonNamingPolicy.CamelCase));
        options.Converters.Add(new JsonStringEnumConverter<Access>(JsonNamingPolicy.CamelCase));
        return options;
    }
}

/// <summary>A rota, or a draft of one, as it is logged.</summary>
internal sealed record KeptRota(Instant From, PackedDuties Duties, RequestKey? Request);

/// <summary>Pharmacies whose public duty one row changed.</summary>
internal sealed record KeptTouch(Instant At, IReadOnlyList<string> Pharmacies);

/// <summary>The shape of the facts.</summary>
internal sealed record KeptDepartment(
    string Department, long Seq, IReadOnlyList<OnCallSector> Sectors, IReadOnlyList<PackedDuties> Rotas, IReadOnlyList<KeptRota> Drafts, IReadOnlyList<Swap> Swaps,
    IReadOnlyList<Measure> Measures, IReadOnlyList<Sending> Sendings, IReadOnlyList<KeptTouch> Touched, Instant? ClosuresAt);

/// <summary>The shape of a snapshot.</summary>
internal sealed record KeptRotaState(KeptDepartment Rota, IReadOnlyList<AnsweredRequest> Answered);

[JsonSerializable(typeof(SectorSet))]
[JsonSerializable(typeof(KeptRota))]
[JsonSerializable(typeof(DraftDropped))]
[JsonSerializable(typeof(DraftsPublished))]
[JsonSerializable(typeof(SwapProposed))]
[JsonSerializable(typeof(SwapAccepted))]
[JsonSerializable(typeof(SwapEnded))]
[JsonSerializable(typeof(SwapConfirmed))]
[JsonSerializable(typeof(MeasureTaken))]
[JsonSerializable(typeof(MeasureEnded))]
[JsonSerializable(typeof(DutiesSent))]
[JsonSerializable(typeof(KeptDepartment))]
[JsonSerializable(typeof(KeptRotaState))]
internal sealed partial class RotaJsonContext : JsonSerializerContext;
