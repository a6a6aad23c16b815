using System.Text.Json.Serialization;

namespace Realtime.Stock;

/// <summary>How much of a product a pharmacy can promise, as the public is told. Stored by name; the numbers fit two bits.</summary>
public enum StockLevel : byte
{
    /// <summary>The pharmacy has said nothing of it, or what it said is too old to be believed.</summary>
    [JsonStringEnumMemberName("unknown")]
    Unknown,

    /// <summary>No box can be promised.</summary>
    [JsonStringEnumMemberName("outOfStock")]
    OutOfStock,

    /// <summary>One box or two.</summary>
    [JsonStringEnumMemberName("low")]
    Low,

    /// <summary>Three boxes or more.</summary>
    [JsonStringEnumMemberName("inStock")]
    InStock,
}

/// <summary>The rules of levels. Pure.</summary>
public static class StockLevels
{
    private const int MostWhenLow = 2;

    /// <summary>The level of so many boxes that can be promised.</summary>
    /// <param name="available">Boxes; below 0 counts as none.</param>
    public static StockLevel Of(int available) => available <= 0 ? StockLevel.OutOfStock : available <= MostWhenLow ? StockLevel.Low : StockLevel.InStock;
}
