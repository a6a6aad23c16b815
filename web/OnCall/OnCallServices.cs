using Microsoft.AspNetCore.SignalR;
using Realtime.Web.Live;

namespace Realtime.Web.OnCall;

/// <summary>Planning of on-call duty.</summary>
internal static class OnCallServices
{
    public static void AddOnCall(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Rotas>();
        builder.Services.AddSingleton<RotaScreens>();
        builder.Services.AddSingleton<LiveLifetimeManager<OnCallHub>>();
        builder.Services.AddSingleton<HubLifetimeManager<OnCallHub>>(services => services.GetRequiredService<LiveLifetimeManager<OnCallHub>>());
    }

    public static void MapOnCall(this IEndpointRouteBuilder app)
    {
        app.MapSectors();
        app.MapSwaps();
        app.MapDepartments();
        app.MapProposal();
        app.MapRotaFiles();
        app.MapGaps();
        app.MapDispatcher();
        app.MapOwnDuties();
        app.MapPoster();
        app.MapFees();
        // A session or token that has run out ends the connection too.
        app.MapHub<OnCallHub>("/hubs/oncall", options => options.CloseOnAuthenticationExpiration = true).RequireAuthorization(Identity.Policies.SignedIn);
    }
}
