using Realtime.Web.Live;

namespace Realtime.Web.Stock;

/// <summary>What this node knows of the shelves.</summary>
internal static class StockServices
{
    public static void AddStock(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Shelves>();
        builder.Services.AddSingleton<IRowFollower, StockFollower>();
        builder.Services.AddHostedService<ShelfLife>();
    }
}
