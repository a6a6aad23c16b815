using Realtime;
using Realtime.Web.Edge;
using Realtime.Web.Hours;
using Realtime.Web.Live;
using Realtime.Web.Nearest;
using Realtime.Web.Pages;
using Realtime.Web.Pharmacies;
using Realtime.Web.Towns;

return await Launch.Run(() =>
{
    var builder = WebApplication.CreateBuilder(args);
    builder.AddEdge();
    builder.AddEmbeddedSilo();
    builder.AddLive();

    var app = builder.Build();
    app.UseEdge();
    app.MapNearest();
    app.MapPharmacies();
    app.MapHours();
    app.MapTowns();
    app.MapLive();
    app.MapReference();
    app.MapPages();
    return app;
});
