using NodaTime;
using Realtime.Products;

namespace Realtime.Stock;

/// <summary>What one row of a pharmacy's stream says of its levels.</summary>
/// <param name="Crossed">The levels that the row made cross, as they are after it.</param>
/// <param name="Freshness">Until when all of the pharmacy's levels are believed from then on; null where the row says nothing of it, and what was known stands.</param>
internal sealed record RowLevels(IReadOnlyList<(Cip13 Product, StockLevel Level)> Crossed, Freshness? Freshness);

/// <summary>How long a pharmacy's levels are believed.</summary>
/// <param name="Until">From then on they are not; null where no software feeds them: then always.</param>
internal readonly record struct Freshness(Instant? Until);
