using System.Globalization;
using System.IO.Compression;
using System.Text;
using NodaTime;
using NodaTime.Text;
using Realtime.Products;

namespace Realtime.Benchmarks.Stock;

/// <summary>
/// The shelves of some pharmacies over the days, each a pure function of the pharmacy, the product and the day: from one day to the next four lines in a hundred change.
/// Pharmacies have most of their products in common, and some that others have not.
/// </summary>
internal sealed class Snapshots(IReadOnlyList<Cip13> products, int lines)
{
    /// <summary>What buyers order: every pharmacy has plenty of it.</summary>
    public static readonly Cip13 Ordered = Cip13.Parse("3400938358926");

    /// <summary>What every pharmacy says that it has none of.</summary>
    public static readonly Cip13 SoldOut = Cip13.Parse("3400936251892");

    /// <summary>Boxes of <see cref="Ordered"/>.</summary>
    public const int Plenty = 50_000;

    private const int MostBoxes = 30, Cycle = 50, Shift = 37;

    private readonly Cip13[] _others = [.. products.Where(product => product != Ordered && product != SoldOut)];

    /// <summary>Every line of a pharmacy's shelves on a day: a product and its boxes.</summary>
    /// <param name="pharmacy">Which, from 0.</param>
    /// <param name="day">Which, from 0.</param>
    public IEnumerable<(Cip13 Product, int Boxes)> Of(int pharmacy, int day)
    {
        yield return (Ordered, Plenty);
        yield return (SoldOut, 0);
        for (var i = 0; i < lines - 2; i++)
            yield return (_others[((pharmacy * Shift) + i) % _others.Length], (((pharmacy * 7) + (i * 13)) % MostBoxes) + (i % Cycle == day % Cycle ? 1 : 0));
    }

    /// <summary>Those shelves as the body of a feed, compressed.</summary>
    public byte[] Write(int pharmacy, int day, long seq, Instant takenAt)
    {
        using var body = new MemoryStream();
        using (var writer = new StreamWriter(new GZipStream(body, CompressionLevel.Fastest), new UTF8Encoding(false)))
        {
            writer.Write(string.Create(CultureInfo.InvariantCulture, $"{{\"kind\":\"snapshot\",\"seq\":{seq},\"takenAt\":\"{InstantPattern.ExtendedIso.Format(takenAt)}\"}}\n"));
            foreach (var (product, boxes) in Of(pharmacy, day))
                writer.Write(string.Create(CultureInfo.InvariantCulture, $"{{\"cip13\":\"{product}\",\"quantity\":{boxes},\"lot\":\"L{product.Number % 99_991:X5}\",\"expiry\":\"{2028 + (product.Number % 3)}-{1 + (product.Number % 12):D2}-28\"}}\n"));
        }
        return body.ToArray();
    }
}
