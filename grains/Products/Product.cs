namespace Realtime.Products;

/// <summary>A disruption of a product's supply that has not ended.</summary>
/// <param name="Kind"><c>outOfStock</c>, <c>tension</c>, <c>stopped</c> or <c>availableAgain</c>.</param>
/// <param name="Since">ISO day it began; null where it is not stated.</param>
/// <param name="Updated">ISO day of the last news; null where it is not stated.</param>
/// <param name="Back">ISO day it is or was available again; null where it is not stated.</param>
/// <param name="Link">The agency's page about it.</param>
internal sealed record Shortage(string Kind, string? Since, string? Updated, string? Back, string Link);

/// <summary>One presentation: a box with a code, and all that is known of it.</summary>
/// <param name="Cip13">Its code.</param>
/// <param name="Cis">Code of its speciality.</param>
/// <param name="Name">Its speciality's name; the label alone where there is no speciality.</param>
/// <param name="Label">What the box holds, in the words of the medicines database.</param>
/// <param name="Form">Pharmaceutical form.</param>
/// <param name="PriceCents">Euro cents, dispensing fee included; null where the price is free.</param>
/// <param name="Facts">What the dose law asks.</param>
/// <param name="Groups">Numbers of its generic groups.</param>
/// <param name="Shortage">Its disruption of supply, or null.</param>
/// <param name="Atc">ATC code where it is a medicine of major therapeutic interest; null elsewhere.</param>
internal sealed record Product(Cip13 Cip13, string Cis, string Name, string Label, string Form, int? PriceCents, DoseFacts Facts, IReadOnlyList<string> Groups, Shortage? Shortage, string? Atc);
