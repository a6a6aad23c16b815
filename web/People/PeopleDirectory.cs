using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Realtime.Journal;
using Realtime.People;
using Realtime.Pharmacies;
using Realtime.Web.Live;

namespace Realtime.Web.People;

/// <summary>
/// What this node knows of every pharmacy's people and of the national roles, kept in step with the journal: policies ask it at each call,
/// so that who was removed is out as soon as the removal has been read. One writer (the journal's tail), any number of readers.
/// </summary>
internal sealed class PeopleDirectory
{
    private static readonly ImmutableHashSet<string> Nothing = ImmutableHashSet.Create<string>(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<PharmacyId, Team> _teams = new();
    private readonly ConcurrentDictionary<string, ImmutableHashSet<string>> _roles = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (PharmacyId Pharmacy, Connector Connector)> _connectors = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<Grant> _demo;
    private volatile IReadOnlyList<Grant> _grants = [];

    public PeopleDirectory(DemoPeople demo, DemoWorld world)
    {
        World = world;
        _demo = [.. demo.Grants];
        foreach (var (id, team) in demo.AllTeams)
            Take(id, team);
        Take(new GrantList());
    }

    /// <summary>Called on the writer's thread after somebody's roles may have changed. Keep handlers short.</summary>
    public event Action? Changed;

    /// <summary>Which pharmacies may be shown; the people of one that is hidden are nobody.</summary>
    public DemoWorld World { get; }

    /// <summary>Every national role.</summary>
    public IReadOnlyList<Grant> Grants => _grants;

    /// <summary>The team of a pharmacy; empty where nothing is known.</summary>
    public Team TeamOf(PharmacyId id) => _teams.TryGetValue(id, out var team) ? team : Team.Empty;

    /// <summary>What somebody may be, as <c>titulaire:990000010</c> or <c>planner:75</c>.</summary>
    public IReadOnlySet<string> RolesOf(string person) => _roles.TryGetValue(person, out var roles) ? roles : Nothing;

    /// <summary>The connector of a client id.</summary>
    public bool TryFindConnector(string client, [NotNullWhen(true)] out Connector? connector)
    {
        var found = _connectors.TryGetValue(client, out var known);
        connector = known.Connector;
        return found;
    }

    /// <summary>The role of a connector, or null where it is not registered any more.</summary>
    public string? RoleOfConnector(string client) => _connectors.TryGetValue(client, out var known) ? $"lgo:{known.Pharmacy}" : null;

    /// <summary>Takes a team in.</summary>
    public void Take(PharmacyId id, Team team)
    {
        if (!World.Shows(id))
            return;
        var before = TeamOf(id);
        _teams[id] = team;
        foreach (var person in before.Members.Concat(team.Members).Select(m => m.Person).Distinct(StringComparer.Ordinal))
            Replace(person, before.Members.Where(m => m.Person == person).Select(m => RoleOf(id, m)), team.Members.Where(m => m.Person == person).Select(m => RoleOf(id, m)));
        foreach (var connector in team.Connectors)
            _connectors[connector.Client] = (id, connector);
        foreach (var connector in before.Connectors.Where(c => team.Connectors.All(kept => kept.Client != c.Client)))
            _connectors.TryRemove(connector.Client, out _);
        Changed?.Invoke();
    }

    /// <summary>Takes the national roles in.</summary>
    public void Take(GrantList list)
    {
        var (before, grants) = (_grants, GrantRules.InForce(list, _demo));
        foreach (var person in before.Concat(grants).Select(g => g.Person).Distinct(StringComparer.Ordinal))
            Replace(person, before.Where(g => g.Person == person).Select(g => g.Role), grants.Where(g => g.Person == person).Select(g => g.Role));
        _grants = grants;
        Changed?.Invoke();
    }

    private static string RoleOf(PharmacyId id, Member member) => $"{WordOf(member.Role)}:{id}";

    /// <summary>Waits, at most a second, until this node has read what was just written, so that who wrote sees it at once; the others do within that second.</summary>
    public async Task Until(Func<bool> known)
    {
        for (var waited = 0; waited < 100 && !known(); waited++)
            await Task.Delay(10);
    }

    /// <summary>The word of a role in roles and answers.</summary>
    public static string WordOf(TeamRole role) => role switch
    {
        TeamRole.Titulaire => "titulaire",
        TeamRole.Pharmacist => "pharmacist",
        TeamRole.Preparer => "preparer",
        _ => "student",
    };

    // In one step, so that nobody who stays is out for a moment.
    private void Replace(string person, IEnumerable<string> before, IEnumerable<string> after)
    {
        var roles = _roles.GetValueOrDefault(person, Nothing).Except(before).Union(after);
        if (roles.Count == 0)
            _roles.TryRemove(person, out _);
        else
            _roles[person] = roles;
    }
}

/// <summary>Keeps <see cref="PeopleDirectory"/> in step with the teams' streams.</summary>
internal sealed class TeamFollower(PeopleDirectory people) : IFollower
{
    public string Prefix => Teams.Prefix;

    public ValueTask Take(PublicState state, CancellationToken stopping)
    {
        people.Take(PharmacyId.Parse(state.Stream[Teams.Prefix.Length..]), TeamJson.ReadTeam(state.Payload.Span));
        return default;
    }
}

/// <summary>Keeps <see cref="PeopleDirectory"/> in step with the national roles.</summary>
internal sealed class GrantFollower(PeopleDirectory people) : IFollower
{
    public string Prefix => GrantRules.Stream;

    public ValueTask Take(PublicState state, CancellationToken stopping)
    {
        people.Take(GrantJson.ReadList(state.Payload.Span));
        return default;
    }
}
