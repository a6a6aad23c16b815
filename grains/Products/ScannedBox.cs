using NodaTime;

namespace Realtime.Products;

/// <summary>What the DataMatrix of a box says; <see cref="DataMatrix"/> reads it.</summary>
/// <param name="Cip13">The presentation.</param>
/// <param name="Lot">The lot, 1 to 20 characters in upper case; null where the box does not say.</param>
/// <param name="Expiry">The last day it may be used; null where the box does not say.</param>
/// <param name="Serial">The box's own number, 1 to 20 characters as printed; most boxes without prescription have none.</param>
[GenerateSerializer, Immutable, Alias("realtime.ScannedBox")]
internal sealed record ScannedBox([property: Id(0)] Cip13 Cip13, [property: Id(1)] string? Lot, [property: Id(2)] LocalDate? Expiry, [property: Id(3)] string? Serial);
