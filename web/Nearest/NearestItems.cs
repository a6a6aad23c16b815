using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using NodaTime;
using Realtime.Nearest;
using Realtime.Products;
using Realtime.Stock;
using Realtime.Web.Live;
using Realtime.Web.Pharmacies;
using Realtime.Web.Stock;

namespace Realtime.Web.Nearest;

/// <summary>The items of an answer, written straight to the wire: what a pharmacy shows is rendered once, and its distance and its stock are put in place.</summary>
internal static class NearestItems
{
    // Where one of those found has just closed, or sold its last box, the masks say so a moment later, and somebody else is nearest. They are looked at so often at most.
    private const int Looks = 4;

    /// <summary>Writes those that serve now.</summary>
    public static void Write(PipeWriter writer, Country country, NearestAsked asked)
    {
        Span<Neighbour> room = stackalloc Neighbour[NearestQuery.MostItems];
        var found = room[..NearestQuery.Now(country.Index, asked, [], room)];
        for (var look = 1; look < Looks && !Serve(country, asked, found); look++)
        {
            Thread.Yield();
            found = room[..NearestQuery.Now(country.Index, asked, [], room)];
        }
        var first = true;
        foreach (var neighbour in found)
        {
            var shown = country.At(neighbour.Slot).Shown;
            // Between the masks and this line a second may have passed: what has just closed is not served as open.
            if (!NearestQuery.Matches(shown.Status.State, asked.Status))
                continue;
            if (!first)
                writer.Write(","u8);
            first = false;
            WriteItem(writer, shown.Head, neighbour.DistanceMeters);
        }
    }

    /// <summary>Writes those that serve at another instant.</summary>
    public static void Write(PipeWriter writer, IReadOnlyList<(Place Place, Realtime.Hours.Status Status, double DistanceMeters)> found, Instant at)
    {
        for (var i = 0; i < found.Count; i++)
        {
            if (i > 0)
                writer.Write(","u8);
            var item = PharmacyItem.Of(found[i].Place.Facts, found[i].Place.Zone.Time, found[i].Status, found[i].Status.Since, found[i].Place.Facts.TakesOrdersAt(at, found[i].Status.State));
            WriteItem(writer, JsonSerializer.SerializeToUtf8Bytes(item, WireJson.Context.PharmacyItem).AsSpan()[..^1], found[i].DistanceMeters);
        }
    }

    // Within a text every quotation mark is escaped, so that this is the member's own beginning and nothing else.
    private static ReadOnlySpan<byte> StockBegins => "\"stock\":["u8;

    /// <summary>Writes those that serve now and have what is asked for.</summary>
    public static void WriteWithStock(PipeWriter writer, Country country, Shelves shelves, NearestAsked asked)
    {
        var masks = new StockMask[asked.Products.Length];
        var levels = new List<(Cip13 Product, StockLevel Level)>();
        Span<Neighbour> room = stackalloc Neighbour[NearestQuery.MostItems];
        var found = room[..NearestQuery.Now(shelves.Find(asked.Products, asked.Equivalents, masks), asked, masks, room)];
        for (var look = 1; look < Looks && !(Serve(country, asked, found) && Have(country, shelves, masks, found, levels)); look++)
        {
            Thread.Yield();
            found = room[..NearestQuery.Now(shelves.Find(asked.Products, asked.Equivalents, masks), asked, masks, room)];
        }
        var first = true;
        foreach (var neighbour in found)
        {
            var place = country.At(neighbour.Slot);
            var shown = place.Shown;
            // Nor is what has just been sold served as in stock.
            if (!NearestQuery.Matches(shown.Status.State, asked.Status) || !StockRead.TryRead(masks, shelves.NumberOf(place.Facts.Record.Id), levels))
                continue;
            if (!first)
                writer.Write(","u8);
            first = false;
            var stock = shown.Head.IndexOf(StockBegins) + StockBegins.Length;
            writer.Write(shown.Head[..stock]);
            WriteStock(writer, levels);
            WriteItem(writer, shown.Head[stock..], neighbour.DistanceMeters);
        }
    }

    private static bool Serve(Country country, NearestAsked asked, ReadOnlySpan<Neighbour> found)
    {
        foreach (var neighbour in found)
            if (!NearestQuery.Matches(country.At(neighbour.Slot).Shown.Status.State, asked.Status))
                return false;
        return true;
    }

    private static bool Have(Country country, Shelves shelves, StockMask[] masks, ReadOnlySpan<Neighbour> found, List<(Cip13 Product, StockLevel Level)> levels)
    {
        foreach (var neighbour in found)
            if (!StockRead.TryRead(masks, shelves.NumberOf(country.At(neighbour.Slot).Facts.Record.Id), levels))
                return false;
        return true;
    }

    private static void WriteStock(PipeWriter writer, List<(Cip13 Product, StockLevel Level)> levels)
    {
        Span<char> text = stackalloc char[64];
        for (var i = 0; i < levels.Count; i++)
        {
            text.TryWrite(CultureInfo.InvariantCulture, $"{(i > 0 ? "," : "")}{{\"cip13\":\"{levels[i].Product.Number}\",\"level\":\"{LevelWords.Of(levels[i].Level)}\"}}", out var length);
            Encoding.UTF8.GetBytes(text[..length], writer);
        }
    }

    private static void WriteItem(PipeWriter writer, ReadOnlySpan<byte> head, double distanceMeters)
    {
        writer.Write(head);
        writer.Write(",\"distance\":"u8);
        var digits = writer.GetSpan(11);
        Utf8Formatter.TryFormat(NearestQuery.Metres(distanceMeters), digits, out var length);
        writer.Advance(length);
        writer.Write("}"u8);
    }
}
