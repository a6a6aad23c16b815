namespace Realtime.Hours;

/// <summary>Why a text is not opening hours that this project can evaluate: the place, and what was expected there.</summary>
/// <param name="Column">Place in the text, 1 for its first character; one past the last where the text ends too early.</param>
/// <param name="English">One sentence.</param>
/// <param name="French">The same sentence for the pages.</param>
public sealed record HoursError(int Column, string English, string French)
{
    internal static HoursError Expected(int column, string english, string french) =>
        new(column, $"Expected {english}.", $"Attendu ici : {french}.");

    internal static HoursError Unsupported(int column, string english, string french) =>
        new(column, $"{english} not supported.", $"{french} non pris en charge.");
}
