using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Realtime.Products;
using Realtime.Sets;
using Realtime.Tests.Orders;

namespace Realtime.Tests.Browser;

/// <summary>One node with the demo country, on a Monday at ten in Paris, whose medicines are the demo's and one on prescription.</summary>
public sealed class ReserveHost : IAsyncLifetime
{
    /// <summary>The medicine on prescription.</summary>
    public const string OnPrescription = "3400949497294";

    public OrderDesk Desk { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var host = await RealtimeHost.Start(demo: true, start: OrderDesk.MondayTen);
        Desk = new(host);
        var set = WithCodeine(DemoProducts.Set);
        var (payload, hash) = CatalogueFile.Write(set);
        await host.Services.GetRequiredService<SetStore>().Put(hash, payload, host.Time.Now);
        await host.Services.GetRequiredService<IGrainFactory>().GetGrain<ISetGrain>(ISetGrain.Catalogue).Publish(hash, set.Presentations.Count, "test");
        for (var started = TimeProvider.System.GetTimestamp(); (await host.Client.GetAsync($"/api/v1/products/{OnPrescription}")).StatusCode != HttpStatusCode.OK; await Task.Delay(20))
            Assert.True(TimeProvider.System.GetElapsedTime(started) < OrderDesk.Patience, "The catalogue is not taken in.");
    }

    public ValueTask DisposeAsync() => Desk.DisposeAsync();

    private static BdpmSet WithCodeine(BdpmSet set) => set with
    {
        Specialities = [.. set.Specialities, new("61266259", "CODÉINE EXEMPLE 20 mg, comprimé", "comprimé", "orale", "Autorisation active", "Commercialisée", "")],
        Presentations = [.. set.Presentations, new("61266259", Cip13.Parse(OnPrescription), "plaquette(s) de 10 comprimé(s)", "Présentation active", "Déclaration de commercialisation", 310)],
        Components = [.. set.Components, new("61266259", "comprimé", "00001", "CODÉINE", "20 mg", "un comprimé", false, "1")],
        Conditions = [.. set.Conditions, new("61266259", "liste I")],
    };
}
