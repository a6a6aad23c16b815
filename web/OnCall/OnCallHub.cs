using System.Collections.Concurrent;
using MessagePack;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Realtime.Pharmacies;
using Realtime.Web.Identity;
using Realtime.Web.Live;

namespace Realtime.Web.OnCall;

/// <summary>Where a department's duty stands: whoever knows less reads it again.</summary>
/// <param name="Department">Which.</param>
/// <param name="Seq">Its last row.</param>
/// <param name="Epoch">Another one than before: the store was restored, join again.</param>
[MessagePackObject]
public sealed record RotaChanged([property: Key("department")] string Department, [property: Key("seq")] long Seq, [property: Key("epoch")] string Epoch);

/// <summary><c>/hubs/oncall</c>: planners join their department and titulaires their pharmacy; each row of the rotas concerned follows as <c>RotaChanged</c>, and is then read.</summary>
internal sealed class OnCallHub(Country country, Watches watches, RotaScreens screens) : Hub
{
    /// <summary>Joins a department.</summary>
    [Authorize(Policies.Planner)]
    public RotaChanged JoinDepartment(string department)
    {
        screens.Join(Context.ConnectionId, Context.User, department, new(null, department));
        return new(department, country.Book.Of(department).Seq, watches.Epoch);
    }

    /// <summary>Joins the departments whose sectors have a pharmacy.</summary>
    [Authorize(Policies.Staff)]
    public RotaChanged[] JoinPharmacy(string id)
    {
        if (!PharmacyId.TryParse(id, out var pharmacy) || !country.TryFind(pharmacy, out var place))
            throw new HubException($"unknown-pharmacy: no pharmacy '{id}' is known here.");
        var departments = country.Book.OwnSectorsOf(pharmacy).Select(sector => sector.Department).Append(place.Facts.Record.Department).OfType<string>().Distinct(StringComparer.Ordinal).ToArray();
        foreach (var department in departments)
            screens.Join(Context.ConnectionId, Context.User, department, new(pharmacy, null));
        return [.. departments.Select(department => new RotaChanged(department, country.Book.Of(department).Seq, watches.Epoch))];
    }

    /// <inheritdoc/>
    public override Task OnDisconnectedAsync(Exception? exception)
    {
        screens.Leave(Context.ConnectionId);
        return Task.CompletedTask;
    }
}

/// <summary>Which screens of this node show which department's duty.</summary>
internal sealed class RotaScreens(LiveLifetimeManager<OnCallHub> connections, Watches watches, Callers callers, PolicyTable table)
{
    private readonly ConcurrentDictionary<(string Connection, string Department), (System.Security.Claims.ClaimsPrincipal? User, Named By)> _joined = new();

    /// <summary>Tells a screen of a department's rows from here on.</summary>
    public void Join(string connection, System.Security.Claims.ClaimsPrincipal? user, string department, Named by) => _joined[(connection, department)] = (user, by);

    /// <summary>Forgets a screen that is gone.</summary>
    public void Leave(string connection)
    {
        foreach (var key in _joined.Keys.Where(key => key.Connection == connection))
            _joined.TryRemove(key, out _);
    }

    /// <summary>Tells every screen concerned; those whose people may no longer look are told nothing.</summary>
    public void Tell(string department, long seq)
    {
        var message = new SerializedHubMessage(new InvocationMessage(nameof(RotaChanged), [new RotaChanged(department, seq, watches.Epoch)]));
        foreach (var (key, (user, by)) in _joined)
            if (key.Department == department && user is not null && callers.Of(user) is { } caller && table.Policies[by.Pharmacy is null ? Policies.Planner : Policies.Staff](caller, by))
                connections.Of(key.Connection)?.Post(department, message);
    }
}
