using Microsoft.AspNetCore.SignalR;

namespace Realtime.Web.Live;

/// <summary>This node's knowledge, its heartbeat and its hub.</summary>
internal static class LiveServices
{
    public static void AddLive(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Country>();
        builder.Services.AddSingleton<Watches>();
        builder.Services.AddSingleton<LiveLifetimeManager>();
        builder.Services.AddSingleton<HubLifetimeManager<LiveHub>>(services => services.GetRequiredService<LiveLifetimeManager>());
        builder.Services.AddHostedService<Ticker>();
        builder.Services.AddSignalR(options => options.MaximumReceiveMessageSize = 4 * 1024)
            .AddJsonProtocol(options => options.PayloadSerializerOptions.TypeInfoResolverChain.Insert(0, WireJson.Context))
            .AddMessagePackProtocol();
    }

    public static void MapLive(this WebApplication app) => app.MapHub<LiveHub>("/hubs/live");
}
