namespace Realtime.Products;

/// <summary>What one box holds of one substance.</summary>
/// <param name="Substance">As rules name it, or else as the medicines database does, in lower case.</param>
/// <param name="Grams">Per box; null where it cannot be computed.</param>
/// <param name="InternationalUnits">Per box, where it is counted so; null elsewhere.</param>
/// <param name="Units">Units that the box holds, as patches; null where they cannot be counted.</param>
internal sealed record DosePart(string Substance, Mass? Grams, decimal? InternationalUnits, int? Units);

/// <summary>All that the dose law asks of a presentation. Kept with a verdict, so that it can be given again when the medicines database has moved on.</summary>
/// <param name="Marketed">Authorised, and declared to be on the market.</param>
/// <param name="Prescription">Whether any condition of prescription or dispensing is recorded.</param>
/// <param name="Forms">How it is taken.</param>
/// <param name="Parts">Each of its active substances once.</param>
internal sealed record DoseFacts(bool Marketed, bool Prescription, DoseForms Forms, IReadOnlyList<DosePart> Parts);
