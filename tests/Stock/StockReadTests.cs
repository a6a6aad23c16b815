using Realtime.Nearest;
using Realtime.Products;
using Realtime.Stock;
using Realtime.Tests.Nearest;
using Realtime.Web.Stock;

namespace Realtime.Tests.Stock;

public sealed class StockReadTests
{
    private static readonly Catalogue Catalogue = DemoProducts.Catalogue(new DoseRules([]), default);

    // Three of one generic group, and one that nothing else would do for.
    private static readonly Cip13 First = Cip13.Parse("3400938571905"), Second = Cip13.Parse("3400922447179"), Third = Cip13.Parse("3400934966224"), Alone = Cip13.Parse("3400938358926");

    private readonly StockedCountry _country = new([(ScatteredPlaces.Id(1), new Position(48, 2))]);

    [Fact]
    public void What_has_been_sold_since_the_masks_were_asked_is_not_served()
    {
        Write((Alone, StockLevel.Low));
        var masks = Masks(null, Alone);
        Assert.Equal([(Alone, StockLevel.Low)], Read(masks));
        Write((Alone, StockLevel.OutOfStock));
        // As a query sees it that has read the mask a moment earlier.
        masks[0].Set(0, true);
        Assert.Null(Read(masks));
    }

    [Fact]
    public void All_products_must_be_there()
    {
        Write((Alone, StockLevel.InStock), (First, StockLevel.Low), (Second, StockLevel.OutOfStock));
        Assert.Equal([(First, StockLevel.Low), (Alone, StockLevel.InStock)], Read(Masks(null, First, Alone)));
        Assert.Null(Read(Masks(null, First, Second)));
        Assert.Null(Read(Masks(null, Third)));
    }

    [Fact]
    public void What_would_do_is_named_where_the_product_is_not_there_and_each_product_once()
    {
        Write((First, StockLevel.OutOfStock), (Second, StockLevel.Low), (Third, StockLevel.InStock));
        var others = Catalogue.TryFind(First, out var first) ? Catalogue.EquivalentsOf(first).Select(other => (other.Cip13, other.Cip13 == Second ? StockLevel.Low : StockLevel.InStock)) : [];
        Assert.Equal([(First, StockLevel.OutOfStock), .. others], Read(Masks(Catalogue, First)));
        Assert.Equal([(Third, StockLevel.InStock)], Read(Masks(Catalogue, Third)));
        Assert.Equal([(First, StockLevel.OutOfStock), (Third, StockLevel.InStock), (Second, StockLevel.Low)], Read(Masks(Catalogue, First, Third)));
        Assert.Null(Read(Masks(Catalogue, Alone)));
    }

    private void Write(params (Cip13 Product, StockLevel Level)[] levels) => _country.Write(_country.Places[0].Id, levels.ToDictionary(one => one.Product, one => one.Level));

    private StockMask[] Masks(Catalogue? equivalents, params Cip13[] products)
    {
        var masks = new StockMask[products.Length];
        _country.Shelves.Find(products, equivalents, masks);
        return masks;
    }

    private List<(Cip13, StockLevel)>? Read(StockMask[] masks)
    {
        var levels = new List<(Cip13, StockLevel)>();
        return StockRead.TryRead(masks, _country.Shelves.NumberOf(_country.Places[0].Id), levels) ? levels : null;
    }
}
