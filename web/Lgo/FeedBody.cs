using System.Buffers;
using System.IO.Compression;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Realtime.Web.Edge;

namespace Realtime.Web.Lgo;

/// <summary>The body of a feed, as it comes over the wire: read once, to its end, within a time.</summary>
internal static class FeedBody
{
    /// <summary>Its media type.</summary>
    public const string ContentType = "application/x-ndjson";

    /// <summary>Most bytes of it on the wire.</summary>
    public const int MostBytes = 16 * 1024 * 1024;

    /// <summary>The longest that it may take to arrive: who is slower keeps others waiting.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    private const int Piece = 16 * 1024;

    // Slower than any line that a pharmacy has.
    private static readonly Microsoft.AspNetCore.Server.Kestrel.Core.MinDataRate Slowest = new(bytesPerSecond: 4 * 1024, gracePeriod: TimeSpan.FromSeconds(5));

    /// <summary>Reads it; null where it was read to its end, whatever the reader makes of it, else the problem.</summary>
    /// <exception cref="BadHttpRequestException">It is larger than <see cref="MostBytes"/> or comes too slowly: the edge answers.</exception>
    public static async Task<IResult?> Read(HttpContext context, FeedReader reader, FeedGate gate, Clock clock)
    {
        // Newer protocols measure the connection and not the body, and let nobody say how slow a body may be: there the longest time alone holds.
        if ((HttpProtocol.IsHttp10(context.Request.Protocol) || HttpProtocol.IsHttp11(context.Request.Protocol)) && context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
            rate.MinDataRate = Slowest;
        using var late = new CancellationTokenSource(Longest, clock.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, context.RequestAborted);
        try
        {
            await Pour(context.Request, reader, gate, either.Token);
            return null;
        }
        catch (Exception e) when (e is InvalidDataException or BadHttpRequestException { StatusCode: StatusCodes.Status400BadRequest })
        {
            return Problems.Of(context, StatusCodes.Status400BadRequest, "truncated",
                new("The body was cut or damaged on its way: nothing of it was taken; send it again.", "Le corps a été coupé ou abîmé en chemin : rien n'en a été retenu ; renvoyez-le."));
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !context.RequestAborted.IsCancellationRequested)
        {
            return Problems.OfStatus(context, StatusCodes.Status408RequestTimeout);
        }
    }

    private static async Task Pour(HttpRequest request, FeedReader reader, FeedGate gate, CancellationToken stopping)
    {
        await using var unfolded = Codings.IsGZip(request) ? new GZipStream(request.Body, CompressionMode.Decompress, leaveOpen: true) : null;
        var body = unfolded ?? request.Body;
        var piece = ArrayPool<byte>.Shared.Rent(Piece);
        try
        {
            int length;
            do
                length = await body.ReadAsync(piece.AsMemory(0, Piece), stopping);
            while (length > 0 && await gate.Work(() => Task.FromResult(reader.Take(piece.AsSpan(0, length))), stopping));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }
}
