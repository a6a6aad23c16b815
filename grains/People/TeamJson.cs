using System.Text.Json;
using System.Text.Json.Serialization;
using NodaTime.Serialization.SystemTextJson;

namespace Realtime.People;

/// <summary>How this slice's events and states stand in the journal: kinds, versions and JSON members are a contract that outlives class names.</summary>
public static class TeamJson
{
    private static readonly TeamJsonContext Context = new(Options());

    /// <summary>The event's name in the log, the version of its payload, and the payload.</summary>
    public static (string Kind, int Version, byte[] Payload) Write(TeamEvent happened) => happened switch
    {
        TitulaireAppointed e => ("titulaire.appointed", 1, JsonSerializer.SerializeToUtf8Bytes(e, Context.TitulaireAppointed)),
        MemberAdded e => ("member.added", 1, JsonSerializer.SerializeToUtf8Bytes(e, Context.MemberAdded)),
        MemberInvited e => ("member.invited", 1, JsonSerializer.SerializeToUtf8Bytes(e, Context.MemberInvited)),
        InvitationTaken e => ("invitation.taken", 1, JsonSerializer.SerializeToUtf8Bytes(e, Context.InvitationTaken)),
        MemberRemoved e => ("member.removed", 1, JsonSerializer.SerializeToUtf8Bytes(e, Context.MemberRemoved)),
        PinSet e => ("pin.set", 1, JsonSerializer.SerializeToUtf8Bytes(e, Context.PinSet)),
        PinMissed e => ("pin.missed", 1, JsonSerializer.SerializeToUtf8Bytes(e, Context.PinMissed)),
        PinLocked e => ("pin.locked", 1, JsonSerializer.SerializeToUtf8Bytes(e, Context.PinLocked)),
        PostEnrolled e => ("post.enrolled", 1, JsonSerializer.SerializeToUtf8Bytes(e, Context.PostEnrolled)),
        PostLocked e => ("post.locked", 1, JsonSerializer.SerializeToUtf8Bytes(e, Context.PostLocked)),
        PostRemoved e => ("post.removed", 1, JsonSerializer.SerializeToUtf8Bytes(e, Context.PostRemoved)),
        ConnectorRegistered e => ("connector.registered", 1, JsonSerializer.SerializeToUtf8Bytes(e, Context.ConnectorRegistered)),
        ConnectorRemoved e => ("connector.removed", 1, JsonSerializer.SerializeToUtf8Bytes(e, Context.ConnectorRemoved)),
        _ => throw new InvalidOperationException($"{happened.GetType().Name} has no name in the log."),
    };

    /// <summary>The event that <see cref="Write(TeamEvent)"/> wrote.</summary>
    /// <exception cref="InvalidOperationException">Written by a newer program.</exception>
    public static TeamEvent Read(string kind, int version, ReadOnlySpan<byte> payload) => (kind, version) switch
    {
        ("titulaire.appointed", 1) => JsonSerializer.Deserialize(payload, Context.TitulaireAppointed)!,
        ("member.added", 1) => JsonSerializer.Deserialize(payload, Context.MemberAdded)!,
        ("member.invited", 1) => JsonSerializer.Deserialize(payload, Context.MemberInvited)!,
        ("invitation.taken", 1) => JsonSerializer.Deserialize(payload, Context.InvitationTaken)!,
        ("member.removed", 1) => JsonSerializer.Deserialize(payload, Context.MemberRemoved)!,
        ("pin.set", 1) => JsonSerializer.Deserialize(payload, Context.PinSet)!,
        ("pin.missed", 1) => JsonSerializer.Deserialize(payload, Context.PinMissed)!,
        ("pin.locked", 1) => JsonSerializer.Deserialize(payload, Context.PinLocked)!,
        ("post.enrolled", 1) => JsonSerializer.Deserialize(payload, Context.PostEnrolled)!,
        ("post.locked", 1) => JsonSerializer.Deserialize(payload, Context.PostLocked)!,
        ("post.removed", 1) => JsonSerializer.Deserialize(payload, Context.PostRemoved)!,
        ("connector.registered", 1) => JsonSerializer.Deserialize(payload, Context.ConnectorRegistered)!,
        ("connector.removed", 1) => JsonSerializer.Deserialize(payload, Context.ConnectorRemoved)!,
        _ => throw new InvalidOperationException($"The journal holds {kind} version {version}, which this program does not know: it was written by a newer one."),
    };

    /// <summary>The whole team, as nodes and snapshots keep it.</summary>
    public static byte[] WriteTeam(Team team) => JsonSerializer.SerializeToUtf8Bytes(team, Context.Team);

    /// <summary>The team that <see cref="WriteTeam"/> wrote.</summary>
    public static Team ReadTeam(ReadOnlySpan<byte> payload) => JsonSerializer.Deserialize(payload, Context.Team)!;

    private static JsonSerializerOptions Options()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };
        options.Converters.Add(NodaConverters.InstantConverter);
        options.Converters.Add(new JsonStringEnumConverter<TeamRole>(JsonNamingPolicy.CamelCase));
        return options;
    }
}

[JsonSerializable(typeof(TitulaireAppointed))]
[JsonSerializable(typeof(MemberAdded))]
[JsonSerializable(typeof(MemberInvited))]
[JsonSerializable(typeof(InvitationTaken))]
[JsonSerializable(typeof(MemberRemoved))]
[JsonSerializable(typeof(PinSet))]
[JsonSerializable(typeof(PinMissed))]
[JsonSerializable(typeof(PinLocked))]
[JsonSerializable(typeof(PostEnrolled))]
[JsonSerializable(typeof(PostLocked))]
[JsonSerializable(typeof(PostRemoved))]
[JsonSerializable(typeof(ConnectorRegistered))]
[JsonSerializable(typeof(ConnectorRemoved))]
[JsonSerializable(typeof(Team))]
internal sealed partial class TeamJsonContext : JsonSerializerContext;
