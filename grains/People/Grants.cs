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

/// <summary>The national roles that were given, and what was taken from those that the demo gives: those are never among them, so that a store holds none of the demo's people.</summary>
public sealed record GrantList
{
    /// <summary>Who is what.</summary>
    public IReadOnlyList<Grant> Grants { get; init; } = [];

    /// <summary>Roles that were taken back and had not been given here.</summary>
    /// <remarks>Lists of before this was kept have no such member, and the reader makes nothing of that.</remarks>
    public IReadOnlyList<GrantWithdrawn> Withdrawn { get; init => field = value ?? []; } = [];
}

/// <summary>The rules of national roles. Pure.</summary>
public static partial class GrantRules
{
    /// <summary>Their one stream.</summary>
    public const string Stream = "grants/all";

    /// <summary>Every role that somebody has: those that were given, and those of the demo that were not taken back.</summary>
    public static IReadOnlyList<Grant> InForce(GrantList list, IEnumerable<Grant> demo) =>
        [.. demo.Where(d => !Has(list, d.Person, d.Role) && !list.Withdrawn.Any(w => w.Person == d.Person && w.Role == d.Role)), .. list.Grants];

    /// <summary>Whether a text names a national role. Departments are 01 to 95, 2A, 2B, and 971 to 989 overseas.</summary>
    public static bool IsRole(string role) => Roles().IsMatch(role);

    /// <summary>The list after an event.</summary>
    public static GrantList Evolve(GrantList list, GrantEvent happened) => happened switch
    {
        GrantGiven e => list with { Grants = [.. list.Grants, new(e.Person, e.Role, e.Name)] },
        GrantWithdrawn e when Has(list, e.Person, e.Role) => list with { Grants = [.. list.Grants.Where(g => g.Person != e.Person || g.Role != e.Role)] },
        GrantWithdrawn e => list with { Withdrawn = [.. list.Withdrawn, e] },
        _ => throw new InvalidOperationException($"{happened.GetType().Name} is not known here."),
    };

    private static bool Has(GrantList list, string person, string role) => list.Grants.Any(g => g.Person == person && g.Role == role);

    // To the very end: $ would let a line break follow.
    [GeneratedRegex("^(operator|(planner|dispatcher):(0[1-9]|[1-8][0-9]|9[0-5]|2[AB]|97[1-8]|98[4678]))\\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1_000)]
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
    protected override GrantList Empty => new();

    /// <inheritdoc/>
    /// <remarks>Snapshots of version 1 may hold the demo's people.</remarks>
    protected override int StateVersion => 2;

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
    protected override (string Kind, int Version, byte[] Payload) Write(GrantEvent change) => GrantJson.Write(change);

    /// <inheritdoc/>
    protected override GrantEvent Read(string kind, int version, ReadOnlyMemory<byte> payload) => GrantJson.Read(kind, version, payload.Span);

    /// <inheritdoc/>
    protected override byte[] WriteState(GrantList state) => GrantJson.WriteList(state);

    /// <inheritdoc/>
    protected override GrantList ReadState(ReadOnlyMemory<byte> state) => GrantJson.ReadList(state.Span);

    /// <inheritdoc/>
    protected override byte[]? PublicState(GrantEvent change, GrantList before, GrantList after) => WriteState(after);

    private bool Has(string person, string role) => GrantRules.InForce(State, demo.Grants).Any(g => g.Person == person && g.Role == role);
}
