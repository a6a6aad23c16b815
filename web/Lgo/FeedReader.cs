using System.Security.Cryptography;
using NodaTime;
using Realtime.Products;
using Realtime.Stock;
using Realtime.Web.Edge;

namespace Realtime.Web.Lgo;

/// <summary>Why a feed as a whole cannot be read.</summary>
internal enum FeedFault
{
    /// <summary>Its first line is no header: <see cref="FeedReader.Culprits"/> say why.</summary>
    BadHeader,

    /// <summary>It has more lines or more bytes than a feed may have.</summary>
    TooLarge,
}

/// <summary>
/// Reads the text of one feed as it arrives, in pieces of any length, line by line. Beside the good lines, packed, it keeps the beginning of one line that has not ended yet;
/// so its memory is bounded by <see cref="MostLines"/>, whatever comes.
/// </summary>
/// <param name="isKnown">Whether there is such a product.</param>
/// <param name="now">When it arrives.</param>
internal sealed class FeedReader(Func<Cip13, bool> isKnown, Instant now) : IDisposable
{
    /// <summary>Lines behind the first, blank ones among them.</summary>
    public const int MostLines = 100_000;

    /// <summary>Bytes of the whole text, decompressed.</summary>
    public const int MostBytes = 64 * 1024 * 1024;

    /// <summary>Bytes of a line, its line feed apart.</summary>
    public const int LongestLine = 4 * 1024;

    private static ReadOnlySpan<byte> Blanks => " \t\r"u8;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly FeedSet.Builder _good = new();
    private readonly List<RejectedLine> _rejected = [];
    private readonly byte[] _begun = new byte[LongestLine];
    private readonly char[] _room = new char[FeedLine.Room];
    private FeedHeader? _header;
    private long _bytes;
    private int _length, _number = 1, _rejections;

    /// <summary>Why it cannot be read, once that is known; null as long as it can.</summary>
    public FeedFault? Fault { get; private set; }

    /// <summary>What is wrong with the header, each once with its path; of one path there may be several.</summary>
    public IReadOnlyList<(string Path, Sentence Sentence)> Culprits { get; private set; } = [];

    /// <summary>Takes the next piece; false where no more need come, since the feed is refused.</summary>
    public bool Take(ReadOnlySpan<byte> piece)
    {
        if ((_bytes += piece.Length) > MostBytes)
            Fault ??= FeedFault.TooLarge;
        if (Fault is not null)
            return false;
        _hash.AppendData(piece);
        for (int end; Fault is null && (end = piece.IndexOf((byte)'\n')) >= 0; piece = piece[(end + 1)..])
            End(piece[..end]);
        Begin(piece);
        return Fault is null;
    }

    /// <summary>The feed, once all of it was taken; null where it cannot be read, and <see cref="Fault"/> says why.</summary>
    public StockFeed? Finish()
    {
        if (Fault is null && (_length > 0 || _header is null))
            End([]);
        if (Fault is null && _header is null)
            ReadHeader([]);
        return Fault is null && _header is { } header
            ? new(header.Kind, header.Seq, header.TakenAt, Convert.ToHexString(_hash.GetHashAndReset()), _good.Build(), _good.Count, new(_rejections, _rejected))
            : null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _hash.Dispose();
        _good.Dispose();
    }

    // What goes on after this piece is kept up to the bound; how much longer the line is does not matter.
    private void Begin(ReadOnlySpan<byte> part)
    {
        if (_length + part.Length <= LongestLine)
            part.CopyTo(_begun.AsSpan(_length));
        _length = Math.Min(_length + part.Length, LongestLine + 1);
    }

    private void End(ReadOnlySpan<byte> rest)
    {
        if (_number > MostLines + 1)
        {
            Fault = FeedFault.TooLarge;
        }
        else if (_length == 0 && rest.Length <= LongestLine)
        {
            Read(rest);
        }
        else
        {
            Begin(rest);
            if (_length <= LongestLine)
                Read(_begun.AsSpan(0, _length));
            else
                ReadTooLong();
        }
        _length = 0;
        _number++;
    }

    private void Read(ReadOnlySpan<byte> line)
    {
        // Some programs mark every file of theirs as UTF-8.
        if (_number == 1 && line.StartsWith(ByteOrderMark))
            line = line[ByteOrderMark.Length..];
        if (!line.ContainsAnyExcept(Blanks))
            return;
        if (_header is null)
            ReadHeader(line);
        else if (FeedLine.Read(line, isKnown, _room, out var said) is { } error)
            Reject(error, said.Cip13);
        else
            _good.Add(said.Cip13, said.Quantity, said.Lot, said.Expiry);
    }

    private void ReadTooLong()
    {
        if (_header is null)
            ReadHeader([]);
        else
            Reject(FeedError.LineTooLong);
    }

    private void ReadHeader(ReadOnlySpan<byte> line)
    {
        _header = FeedHeader.Read(line, now, out var culprits);
        Culprits = culprits;
        if (_header is null)
            Fault = FeedFault.BadHeader;
    }

    private void Reject(FeedError error, Cip13 product = default)
    {
        // That it is not named by any good line does not mean that there is none.
        if (product != default)
            _good.Doubt(product);
        if (_rejections++ < RejectedLines.Most)
            _rejected.Add(new(_number, error));
    }
}
