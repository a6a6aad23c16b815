using Microsoft.Extensions.DependencyInjection;
using Realtime.Journal;
using Realtime.Products;

namespace Realtime.Tests.Products;

/// <summary>Masses that pharmacists enter, through the grain and a real journal.</summary>
public sealed class BoxMassGrainTests
{
    private static readonly Cip13 Gel = Cip13.Parse("3400930080238"), Tablets = Cip13.Parse(MedicineFolder.Advil);

    [Fact]
    public async Task A_mass_is_entered_once_by_a_known_hand_and_makes_the_box_sellable_in_that_pharmacy_alone()
    {
        await using var host = await RealtimeHost.Start(demo: true);
        var shelf = host.Services.GetRequiredService<Shelf>();
        shelf.Swap(Catalogue.Of("test", Set, shelf.Rules, RealMedicines.Now));
        var masses = host.Services.GetRequiredService<IGrainFactory>().GetGrain<IBoxMassGrain>("990000010");

        Assert.Equal(BoxMassRefusal.UnknownProduct, await masses.Enter(Cip13.Parse(MedicineFolder.Other), "diclofénac", 1, "p1"));
        Assert.Equal(BoxMassRefusal.NoSuchSubstance, await masses.Enter(Gel, "ibuprofène", 1, "p1"));
        Assert.Equal(BoxMassRefusal.MassKnown, await masses.Enter(Tablets, "ibuprofène", 4, "p1"));
        Assert.Equal(BoxMassRefusal.OutOfRange, await masses.Enter(Gel, "diclofénac", 0, "p1"));
        Assert.Equal(BoxMassRefusal.OutOfRange, await masses.Enter(Gel, "diclofénac", 1_000.001m, "p1"));
        Assert.Empty(await masses.Entered());

        Assert.Null(await masses.Enter(Gel, "diclofénac", 0.9m, "p1"));
        Assert.Null(await masses.Enter(Gel, "diclofénac", 0.9m, "p2"));
        Assert.Null(await masses.Enter(Gel, "diclofénac", 0.8m, "p2"));
        var entered = await masses.Entered();
        Assert.Equal(0.8m, Assert.Single(entered).Grams);

        var rows = await host.Services.GetRequiredService<IJournal>().Read("boxmass/990000010", 0);
        Assert.Equal([("boxmass.entered", "p1"), ("boxmass.entered", "p2")], rows.Select(row => (row.Event.Kind, row.Event.Actor)));
        Assert.Equal("""{"cip13":"3400930080238","substance":"diclof\u00E9nac","grams":0.9}""", System.Text.Encoding.UTF8.GetString(rows[0].Event.Payload.Span));

        Assert.True(shelf.Catalogue!.TryFind(Gel, out var gel));
        Assert.Equal(Sale.UnknownMass, DoseLaw.SaleOf(gel.Facts, shelf.Rules, RealMedicines.Now));
        Assert.Equal(Sale.Allowed, DoseLaw.SaleOf(BoxMass.Complete(gel.Facts, Gel, entered), shelf.Rules, RealMedicines.Now));
        Assert.Empty(await host.Services.GetRequiredService<IGrainFactory>().GetGrain<IBoxMassGrain>("990000028").Entered());
    }

    private static BdpmSet Set { get; } = BdpmSet.Empty with
    {
        Specialities = [new("60000001", "GEL 1 %", "gel", "cutanée", "Autorisation active", "Commercialisée", ""), new("60000002", "COMPRIMÉ", "comprimé", "orale", "Autorisation active", "Commercialisée", "")],
        Presentations =
        [
            new("60000001", Gel, "1 flacon(s) pressurisé(s) de 100 ml", "Présentation active", "Déclaration de commercialisation", null),
            new("60000002", Tablets, "plaquette(s) de 10 comprimé(s)", "Présentation active", "Déclaration de commercialisation", null),
        ],
        Components = [new("60000001", "gel", "00037", "DICLOFÉNAC", "1 g", "100 g", true, "1"), new("60000002", "comprimé", "02092", "IBUPROFÈNE", "400 mg", "un comprimé", false, "1")],
    };
}
