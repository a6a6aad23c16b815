namespace Realtime.Stock;

/// <summary>The words of levels in answers and in the journal.</summary>
internal static class LevelWords
{
    private static readonly string[] Words = ["unknown", "outOfStock", "low", "inStock"];

    /// <summary>The word of a level.</summary>
    public static string Of(StockLevel level) => Words[(int)level];

    /// <summary>The level of a word; false where no level has it.</summary>
    public static bool TryRead(string? word, out StockLevel level)
    {
        var place = Array.IndexOf(Words, word);
        level = place < 0 ? StockLevel.Unknown : (StockLevel)place;
        return place >= 0;
    }

    /// <summary>Whether at least one box can be promised.</summary>
    public static bool IsThere(this StockLevel level) => level is StockLevel.Low or StockLevel.InStock;
}
