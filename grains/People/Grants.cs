using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Realtime.Identity;
using Realtime.Journal;

namespace Realtime.People;

// Who plans, who dispatches, who operates: few people for the whole country, in one stream.

/// <summary>A role that no pharmacy gives.</summary>
/// <param name="Person">Pseudonym.</param>
/// <param name="Role"><c>planner:75</c>, <c>dispatcher:2A</c> or <c>operator</c>.</param>
/// <param name="Name">Sealed.</param>
public sealed record Grant(string Person, string Role, string Name);

/// <summary>What happened to the national roles. Stored: names and members are a contract.</summary>
public abstract record GrantEvent;

/// <summary>An operator gave somebody a role.</summary>
public sealed record GrantGiven(string Person, string Role, string Name) : GrantEvent;

/// <summary>An operator took a role back.</summary>
public sealed record GrantWithdrawn(string Person, string Role) : GrantEvent;

/// <summary>Every national role there is.</summary>
public sealed record GrantList
{
    /// <summary>Who is what.</summary>
    public IReadOnlyList<Grant> Grants { get; init; } = [];
}

/// <summary>The rules of national roles. Pure.</summary>
public static partial class GrantRules
{
    /// <summary>Their one stream.</summary>
    public const string Stream = "grants/all";

    /// <summary>Whether a text names a national role. Departments are 01 to 95, 2A, 2B, and 971 to 989 overseas.</summary>
    public static bool IsRole(string role) => Roles().IsMatch(role);

    /// <summary>The list after an event.</summary>
    public static GrantList Evolve(GrantList list, GrantEvent happened) => happened switch
    {
        GrantGiven e => list with { Grants = [.. list.Grants, new(e.Person, e.Role, e.Name)] },
        GrantWithdrawn e => list with { Grants = [.. list.Grants.Where(g => g.Person != e.Person || g.Role != e.Role)] },
        _ => throw new InvalidOperationException($"{happened.GetType().Name} is not known here."),
    };

    [GeneratedRegex("^(operator|(planner|dispatcher):(0[1-9]|[1-8][0-9]|9[0-5]|2[AB]|97[1-8]|98[4678]))$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1_000)]
    private static partial Regex Roles();
}

/// <summary>The national roles. One activation, key <c>all</c>.</summary>
[Alias("realtime.IGrantsGrain")]
public interface IGrantsGrain : IGrainWithStringKey
{
    /// <summary>Gives a role; false where the person has it already.</summary>
    [Alias("Give")]
    Task<bool> Give(string person, string role, string name, string actor);

    /// <summary>Takes a role back; false where the person does not have it.</summary>
    [Alias("Withdraw")]
    Task<bool> Withdraw(string person, string role, string actor);
}

/// <summary>The one owner of the national roles.</summary>
[GrainType("grants")]
public sealed class GrantsGrain(IJournal journal, [PersistentState("grants", JournalRegistration.Snapshots)] IPersistentState<Snapshot> snapshot, Clock clock, DemoPeople demo, Sealing sealing)
    : JournaledGrain<GrantList, GrantEvent>(journal, snapshot), IGrantsGrain
{
    /// <inheritdoc/>
    protected override string Stream => GrantRules.Stream;

    /// <inheritdoc/>
    protected override GrantList Empty => new() { Grants = [.. demo.Grants] };

    /// <inheritdoc/>
    protected override int StateVersion => 1;

    /// <inheritdoc/>
    public async Task<bool> Give(string person, string role, string name, string actor)
    {
        if (Has(person, role))
            return false;
        await Append(new GrantGiven(person, role, sealing.Seal(name, Stream)), actor, "given by an operator", clock.Now);
        return true;
    }

    /// <inheritdoc/>
    public async Task<bool> Withdraw(string person, string role, string actor)
    {
        if (!Has(person, role))
            return false;
        await Append(new GrantWithdrawn(person, role), actor, "withdrawn by an operator", clock.Now);
        return true;
    }

    /// <inheritdoc/>
    protected override GrantList Evolve(GrantList state, GrantEvent change, long seq, NodaTime.Instant at) => GrantRules.Evolve(state, change);

    /// <inheritdoc/>
    protected override (string Kind, int Version, byte[] Payload) Write(GrantEvent change) => change switch
    {
        GrantGiven e => ("grant.given", 1, JsonSerializer.SerializeToUtf8Bytes(e, GrantJson.Default.GrantGiven)),
        GrantWithdrawn e => ("grant.withdrawn", 1, JsonSerializer.SerializeToUtf8Bytes(e, GrantJson.Default.GrantWithdrawn)),
        _ => throw new InvalidOperationException($"{change.GetType().Name} has no name in the log."),
    };

    /// <inheritdoc/>
    protected override GrantEvent Read(string kind, int version, ReadOnlyMemory<byte> payload) => (kind, version) switch
    {
        ("grant.given", 1) => JsonSerializer.Deserialize(payload.Span, GrantJson.Default.GrantGiven)!,
        ("grant.withdrawn", 1) => JsonSerializer.Deserialize(payload.Span, GrantJson.Default.GrantWithdrawn)!,
        _ => throw new InvalidOperationException($"The journal holds {kind} version {version}, which this program does not know: it was written by a newer one."),
    };

    /// <inheritdoc/>
    protected override byte[] WriteState(GrantList state) => JsonSerializer.SerializeToUtf8Bytes(state, GrantJson.Default.GrantList);

    /// <inheritdoc/>
    protected override GrantList ReadState(ReadOnlyMemory<byte> state) => ReadList(state.Span);

    /// <inheritdoc/>
    protected override byte[]? PublicState(GrantList before, GrantList after) => WriteState(after);

    /// <summary>The list as nodes read it.</summary>
    internal static GrantList ReadList(ReadOnlySpan<byte> payload) => JsonSerializer.Deserialize(payload, GrantJson.Default.GrantList)!;

    private bool Has(string person, string role) => State.Grants.Any(g => g.Person == person && g.Role == role);
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(GrantGiven))]
[JsonSerializable(typeof(GrantWithdrawn))]
[JsonSerializable(typeof(GrantList))]
internal sealed partial class GrantJson : JsonSerializerContext;
