using Microsoft.AspNetCore.SignalR;
using Realtime.Web.Edge;
using Realtime.Web.Hours;

namespace Realtime.Web.Live;

/// <summary>This node's knowledge, its heartbeat and its hub.</summary>
internal static class LiveServices
{
    public static void AddLive(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Country>();
        builder.Services.AddSingleton<SchoolDays>();
        builder.Services.AddSingleton<IFollower, SchoolFollower>();
        builder.Services.AddSingleton<Watches>();
        builder.Services.AddSingleton<LiveLifetimeManager<LiveHub>>();
        builder.Services.AddSingleton<HubLifetimeManager<LiveHub>>(services => services.GetRequiredService<LiveLifetimeManager<LiveHub>>());
        builder.Services.AddSingleton<Tail>();
        builder.Services.AddHostedService(services => services.GetRequiredService<Tail>());
        builder.Services.AddHostedService<Ticker>();
        // The embedded store's writer signals every commit at once, and a poll only keeps asOf young; on PostgreSQL polling is all there is.
        var embedded = RealtimeServices.StoreOf(builder.Configuration) is null;
        builder.Services.AddSingleton(new JournalPace(TimeSpan.FromMilliseconds(embedded ? 200 : 50)));
        builder.Services.AddSingleton<HubErrors>();
        builder.Services.AddSignalR(options =>
            {
                Limits.Apply(options);
                options.AddFilter<HubErrors>();
            })
            .AddJsonProtocol(options =>
            {
                Limits.Apply(options.PayloadSerializerOptions);
                options.PayloadSerializerOptions.TypeInfoResolverChain.Insert(0, WireJson.Context);
            })
            .AddMessagePackProtocol();
    }

    public static void MapLive(this WebApplication app) => app.MapHub<LiveHub>("/hubs/live").AllowAnonymous();
}

/// <summary>
/// Records what breaks in a hub method. A refusal (<see cref="HubException"/>) is an answer, not an error: SignalR's own dispatcher,
/// which cannot tell them apart, is silenced in appsettings.json.
/// </summary>
internal sealed partial class HubErrors(ILogger<HubErrors> log) : IHubFilter
{
    public async ValueTask<object?> InvokeMethodAsync(HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        try
        {
            return await next(invocationContext);
        }
        catch (Exception e) when (e is not HubException)
        {
            LogBroken(e, invocationContext.HubMethodName);
            throw;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} broke.")]
    private partial void LogBroken(Exception e, string method);
}
