using Realtime;
using Realtime.Web.Counter;
using Realtime.Web.Coverage;
using Realtime.Web.Edge;
using Realtime.Web.Hours;
using Realtime.Web.Identity;
using Realtime.Web.Lgo;
using Realtime.Web.Live;
using Realtime.Web.Nearest;
using Realtime.Web.OnCall;
using Realtime.Web.Orders;
using Realtime.Web.Pages;
using Realtime.Web.People;
using Realtime.Web.Pharmacies;
using Realtime.Web.Products;
using Realtime.Web.Stock;
using Realtime.Web.Towns;
using Realtime.Web.Webhooks;

return await Launch.Run(() =>
{
    // Settings and pages travel beside the assembly, whatever directory the process is started from.
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
    builder.AddEdge();
    builder.AddReference();
    builder.AddStore();
    builder.AddIdentity();
    builder.AddLive();
    builder.AddStock();
    builder.AddCounter();
    builder.AddOrders();
    builder.AddLgo();
    builder.AddOnCall();
    builder.AddCoverage();

    var app = builder.Build();
    app.UseHead();
    app.UseEdge();
    app.UseIdentity();
    app.MapSignIn();
    app.MapPeople();
    app.MapWebhooks();
    app.MapNearest();
    app.MapPharmacies();
    app.MapHours();
    app.MapTowns();
    app.MapCoverage();
    app.MapCounter();
    app.MapProducts();
    app.MapOrders();
    app.MapStock();
    app.MapLgo();
    app.MapOnCall();
    app.MapLive();
    app.MapReference();
    app.MapPages();
    return app;
});
