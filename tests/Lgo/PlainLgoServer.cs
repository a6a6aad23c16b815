using System.Buffers.Binary;
using System.IO.Compression;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Realtime.Tests.Lgo;

/// <summary>A plain pharmacy behind HTTP, as somebody else might implement the contract: what the kit and the sample connector are tried against.</summary>
internal sealed class PlainLgoServer : IAsyncDisposable
{
    public const string Id = "990000010";

    private const int MostPacked = 16 << 20, MostBytes = 64 << 20;

    private readonly WebApplication _app;
    private readonly Lock _lock = new();
    private readonly PlainPharmacy _pharmacy;
    private readonly Queue<int> _hiccups = [];

    private PlainLgoServer(WebApplication app, PlainPharmacy pharmacy) => (_app, _pharmacy) = (app, pharmacy);

    public Uri Address => new(_app.Urls.First());

    public static async Task<PlainLgoServer> Start(Wrong wrong = Wrong.Nothing)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(options => options.Limits.MaxRequestBodySize = MostPacked);
        var server = new PlainLgoServer(builder.Build(), new PlainPharmacy(wrong, TimeProvider.System));
        server.Map(wrong);
        await server._app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    /// <summary>Feeds that come next are answered by these statuses; the last of all nothing may be known of by who sent it: it is applied, and then answered so.</summary>
    public void Hiccup(params int[] statuses)
    {
        lock (_lock)
            foreach (var status in statuses)
                _hiccups.Enqueue(status);
    }

    /// <summary>What the pharmacy says, under its lock.</summary>
    public T Ask<T>(Func<PlainPharmacy, T> ask)
    {
        lock (_lock)
            return ask(_pharmacy);
    }

    private void Map(Wrong wrong)
    {
        _app.MapPost("/connect/token", async (HttpRequest request) => (await request.ReadFormAsync())["client_secret"] == "demo-secret"
            ? Results.Json(new { access_token = $"{request.Form["scope"]}" }) : Results.Json(new { error = "invalid_client" }, statusCode: 401));
        _app.MapGet("/api/v1/products", (string q) => Results.Json(new { items = (q == "paracetamol" ? PlainPharmacy.Catalogue[2..] : []).Select(cip13 => new { cip13 }) }));
        _app.MapGet("/api/v1/products/{cip13}", (string cip13) => PlainPharmacy.Catalogue.Contains(cip13, StringComparer.Ordinal) ? Results.Json(new { cip13 }) : Results.NotFound());
        _app.MapGet("/api/v1/pharmacies/nearest", () => Results.Json(new { items = new[] { new { id = Id }, new { id = "990000028" } } }));
        _app.MapGet($"/api/v1/pharmacies/{Id}", () => Ask(it => Results.Json(new { id = Id, lat = 48.85, lon = 2.35, stock = it.Known.Select(cip13 => new { cip13, level = it.LevelOf(cip13) }).ToList() })));
        _app.MapPost($"/api/v1/pharmacies/{Id}/orders", (JsonElement body) => Place(body));
        _app.MapGet("/api/v1/orders/{id}", (string id) => Ask(it => it.Find(id) is { } order
            ? Results.Json(new { orderId = id, state = order.State, seq = order.Seq, pickupCode = order.State is "ready" or "collected" ? PlainPharmacy.CodeOf(order) : null }) : Results.NotFound()));
        _app.MapPost("/api/v1/orders/{id}/cancel", (string id, HttpRequest request) => Act(id, "cancel", null, request, null));
        MapCounter(wrong);
        MapLgo(wrong);
    }

    private void MapCounter(Wrong wrong)
    {
        var counter = _app.MapGroup($"/api/v1/counter/{Id}").AddEndpointFilter(Only($"staff:{Id}"));
        counter.MapGet("/stock", (string? cursor) => wrong == Wrong.HidesLots ? Results.NotFound() : Ask(it => Results.Json(Listed(it, cursor))));
        counter.MapGet("/stock/{cip13}", (string cip13) => Ask(it => Results.Json(new { cip13, quantity = it.OnHand(cip13), reserve = it.ReserveOf(cip13), held = it.Held(cip13), toReshelve = 0 })));
        counter.MapPut("/stock/{cip13}", (string cip13, JsonElement body) => Ask(it =>
        {
            it.Count(cip13, body.GetProperty("quantity").GetInt32(), body.TryGetProperty("reserve", out var reserve) ? reserve.GetInt32() : null);
            return Results.Json(new { cip13 });
        }));
        counter.MapGet("/shortages", () => Ask(it => Results.Json(new { items = PlainPharmacy.Catalogue.Where(one => it.Held(one) > it.OnHand(one)).Select(cip13 => new { cip13 }).ToList() })));
        counter.MapPost("/orders/{id}/accept", (string id, HttpRequest request) => Act(id, "accept", request.Headers.IfMatch, request, null));
    }

    // Two products a page, so that whoever reads has to turn it.
    private static object Listed(PlainPharmacy it, string? cursor)
    {
        var rest = it.Known.Order(StringComparer.Ordinal).Where(cip13 => string.CompareOrdinal(cip13, cursor) > 0).ToList();
        var items = rest.Take(2).Select(cip13 => new { cip13, quantity = it.OnHand(cip13), lots = it.LotsOf(cip13).Select(lot => new { code = lot.Lot, expiry = lot.Expiry, boxes = lot.Boxes }).ToList() }).ToList();
        return new { total = it.Known.Count(), items, cursor = rest.Count > 2 ? items[^1].cip13 : null };
    }

    private void MapLgo(Wrong wrong)
    {
        var lgo = _app.MapGroup("/api/v1/lgo/{pharmacy}").AddEndpointFilter(Only($"lgo:{Id}"));
        lgo.MapGet("/stock", () => Ask(it => Results.Json(new { seq = it.Seq, takenAt = it.TakenAt })));
        lgo.MapPost("/stock", (HttpRequest request) => Feed(request, wrong));
        lgo.MapGet("/orders", Orders);
        lgo.MapPost("/orders/{id}/{act}", (string id, string act, JsonElement body, HttpRequest request) => Act(id, act, request.Headers.IfMatch, request, body));
    }

    private static Func<EndpointFilterInvocationContext, EndpointFilterDelegate, ValueTask<object?>> Only(string role) => async (context, next) =>
    {
        var token = $"{context.HttpContext.Request.Headers.Authorization}".Replace("Bearer ", "", StringComparison.Ordinal);
        if (!token.Contains(':', StringComparison.Ordinal))
            return Results.StatusCode(401);
        return token == role && context.HttpContext.Request.RouteValues["pharmacy"] is null or Id ? await next(context) : Results.StatusCode(403);
    };

    private async Task<IResult> Feed(HttpRequest request, Wrong wrong)
    {
        if (request.ContentType != "application/x-ndjson")
            return Results.StatusCode(415);
        var (text, fault) = await Read(request, wrong);
        if (fault is not null)
            return Results.Json(PlainPharmacy.Problem(fault), statusCode: fault == "too-large" ? 413 : 400);
        lock (_lock)
        {
            if (_hiccups.TryDequeue(out var status) && _hiccups.Count > 0)
                return Results.StatusCode(status);
            var (answered, body, replayed) = _pharmacy.Feed(text);
            if (replayed)
                request.HttpContext.Response.Headers["Idempotency-Replayed"] = "true";
            return status > 0 ? Results.StatusCode(status) : Say(answered, body);
        }
    }

    private static async Task<(byte[] Text, string? Fault)> Read(HttpRequest request, Wrong wrong)
    {
        using var packed = new MemoryStream();
        await request.Body.CopyToAsync(packed);
        packed.Position = 0;
        if (request.Headers.ContentEncoding != "gzip")
            return (packed.ToArray(), null);
        using var text = new MemoryStream();
        var piece = new byte[1 << 16];
        try
        {
            await using var gzip = new GZipStream(packed, CompressionMode.Decompress, leaveOpen: true);
            for (int read; (read = await gzip.ReadAsync(piece)) > 0 && text.Length <= MostBytes;)
                text.Write(piece, 0, read);
        }
        catch (InvalidDataException) when (wrong == Wrong.AppliesWhatWasCut && text.Length > 0)
        {
            // It goes on with what it has.
        }
        catch (InvalidDataException)
        {
            return ([], "truncated");
        }
        if (text.Length > MostBytes)
            return ([], "too-large");
        return IsWhole(packed, text.Length) || wrong == Wrong.AppliesWhatWasCut ? (text.ToArray(), null) : ([], "truncated");
    }

    // By default GZipStream says nothing of a body that is cut: its last four bytes are the length of the text (RFC 1952, 2.3.1).
    private static bool IsWhole(MemoryStream packed, long length) => BinaryPrimitives.ReadUInt32LittleEndian(packed.GetBuffer().AsSpan((int)packed.Length - 4, 4)) == (uint)length;

    private IResult Place(JsonElement body) => Ask(it =>
        it.Place(body.GetProperty("lines")[0].GetProperty("cip13").GetString()!, body.GetProperty("buyer").GetProperty("name").GetString()!) is { } order
            ? Results.Json(new { orderId = order.Id, token = "buyer", state = order.State, seq = 1 }, statusCode: 201)
            : Results.Json(PlainPharmacy.Problem("out-of-stock"), statusCode: 409));

    private IResult Act(string id, string act, string? version, HttpRequest request, JsonElement? body)
    {
        lock (_lock)
        {
            if (_pharmacy.Find(id) is not { } order)
                return Results.NotFound();
            var (status, answer, replayed) = _pharmacy.Act(order, act, version, request.Headers["Idempotency-Key"], body);
            if (replayed)
                request.HttpContext.Response.Headers["Idempotency-Replayed"] = "true";
            return Say(status, answer);
        }
    }

    private async Task<IResult> Orders(string? after, int? limit, int? wait)
    {
        if (!long.TryParse(after ?? "0", out var from) || from < 0)
            return Results.StatusCode(400);
        var until = TimeProvider.System.GetTimestamp();
        while (Ask(it => it.Last) <= from && TimeProvider.System.GetElapsedTime(until) < TimeSpan.FromSeconds(wait ?? 0))
            await Task.Delay(10);
        return Ask(it => Results.Json(it.Changes(from, limit ?? 100)));
    }

    private static IResult Say(int status, object body) =>
        body is string text ? Results.Text(text, "application/json", statusCode: status) : Results.Json(body, statusCode: status);
}
