using System.IO.Compression;
using System.Text;

namespace Realtime.Tests.Edge;

/// <summary>One request as bytes, and how they leave: all at once or in pieces, with the sender's end closed or cut.</summary>
/// <param name="Kind">What was done to it.</param>
/// <param name="Pieces">Written one after the other.</param>
/// <param name="Pause">Between the pieces.</param>
/// <param name="Cut">Whether the sender is gone as soon as it has written.</param>
internal sealed record NastyRequest(string Kind, byte[][] Pieces, TimeSpan Pause, bool Cut)
{
    /// <summary>What can be done to a request.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["valid", "json", "bytes", "query", "path", "headers", "framing", "line", "method", "slow", "coding", "type", "cut", "pipelined"];

    /// <summary>Whether a service may rightly wait for more.</summary>
    public bool IsOpen => Kind is "cut" or "framing" or "line" or "headers" or "method";

    private static readonly string[] Texts =
    [
        "", " ", "%00", "%FF%FE", "%C0%AF", "%ED%A0%80", "%zz", "%", "%2", "+", "%0d%0aX:%20y", "NaN", "Infinity", "-0", "1e400", "0x1F", "1,2", "1.", "٣", "९", "null", "undefined", "[]", "{}", "'--", "<script>",
        "${jndi:x}", "../../etc/passwd", "2026-11-23T00:00:00Z", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00%2B14:00", "2,49,3,48", "-180,-90,180,90", "1e308,1e308,1e308,1e308", "99999999999999999999", "-1",
    ];

    private static readonly string[] Paths =
    [
        "/../../etc/passwd", "/..%2f..%2fetc%2fpasswd", "/%2e%2e/%2e%2e/appsettings.json", "/..%5c..%5cappsettings.json", "//", "///api//v1", "/api/v1/./services", "/api/v1/pharmacies/../services", "/%00", "/api%00/v1",
        "/%C0%AE%C0%AE/", "/%ED%A0%80", "/api/v1/pharmacies/%FF", "/api/v1/pharmacies/99%30000010", "/api/v1/pharmacies/%252e%252e", "/api/v1/pharmacies/990000010;x=1", "/API/V1/SERVICES", "/api/v1/services/", "/.git/config",
        "/assets/../index.html", "/hubs/live/negotiate/negotiate", "/hubs", "/hubs/../hubs/live", "/connect", "/connect/%2e%2e/api", "/signin", "/metrics", "/docs/../openapi/v1.json", "/docs/scalar.js%00", "/openapi/..%2fv1.json", "/openapi/v2.json", "/CON", "/~", "/*",
    ];

    private static readonly string[] HeaderNames =
    [
        "Accept", "Accept-Language", "Accept-Encoding", "Authorization", "Cookie", "If-None-Match", "If-Modified-Since", "Range", "Expect", "Upgrade", "Idempotency-Key", "Origin", "Referer", "X-Forwarded-For", "X-Forwarded-Host",
        "X-HTTP-Method-Override", "Content-Encoding", "Content-Type", "Connection", "TE", "Trailer", "Via", "Max-Forwards", "Sec-WebSocket-Key", "Sec-WebSocket-Version", "Access-Control-Request-Method", "traceparent", "tracestate", "baggage", "Host", "Date", "Cache-Control",
    ];

    private static readonly string[] HeaderValues =
    [
        "", "*", "\"", "\"\"", "W/\"", ",,,,", ";;;;q=", "q=NaN", "fr;q=9", "*/*;q=0.1;q=0.2", "gzip;q=0, identity;q=0, *;q=0", "Bearer ", "Bearer a.b.c", "Basic !!!!", "Digest x", "bytes=0-", "bytes=9-1", "bytes=0-0,0-0,0-0", "100-continue", "200-ok", "h2c", "websocket",
        "=; =; ;;", "a=b; a=c", "keep-alive, Upgrade", "close", "null", "http://evil.example", "00-0-0-0", "::1, 1.2.3.4, banana", "Thu, 99 Foo 2026", "\u00e9\u20ac", "\t", "application/json; charset=\"", "(comment", "\\", "a\u0001b",
    ];

    /// <summary>Makes one of a kind out of a good call, of somebody who has signed in where there is a token.</summary>
    public static NastyRequest Make(Random random, string kind, Operation operation, string host, string? token = null)
    {
        var good = new Draft(operation, host);
        if (token is not null)
            good.Headers.Add($"Authorization: Bearer {operation.Token ?? token}");
        // A key that came before now and then, and a version that is right now and then.
        Rewrite(good, "Idempotency-Key", $"k{random.Next(2_000)}");
        Rewrite(good, "If-Match", $"\"{random.Next(4)}\"");
        switch (kind)
        {
            case "json":
                good.Body = NastyJson.Reshaped(random, operation.Body);
                break;
            case "bytes":
                good.Body = NastyJson.Damaged(random, random.Next(2) == 0 ? good.Body : NastyJson.Reshaped(random, operation.Body));
                break;
            case "query":
                AbuseQuery(random, good);
                break;
            case "path":
                good.Target = random.Next(3) == 0 ? $"{operation.Path}/{Texts[random.Next(Texts.Length)].Replace(" ", "%20", StringComparison.Ordinal)}" : Paths[random.Next(Paths.Length)];
                break;
            case "headers":
                AbuseHeaders(random, good);
                break;
            case "framing":
                return Whole(kind, AbuseFraming(random, good));
            case "line":
                return Whole(kind, AbuseLine(random, good));
            case "method":
                good.Method = random.Next(4) == 0 ? new string('M', 1 << random.Next(1, 14)) : Pick(random, "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "BREW", "get", "PROPFIND", "G\u0000T", "PRI");
                break;
            case "slow":
                return new(kind, InPieces(random, good.Bytes()), TimeSpan.FromMilliseconds(random.Next(1, 15)), Cut: false);
            case "coding":
                good.Body = Packed(random, good.Body);
                good.Headers.Add($"Content-Encoding: {Pick(random, "gzip", "deflate", "br", "zstd", "gzip, gzip", "compress", "x")}");
                break;
            case "type":
                good.Type = Pick(random, "", "text/plain", "application/xml", "multipart/form-data", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "application/json; charset=utf-7", "application/json; charset=utf-16",
                    "application/json; charset=nonsense", "application/problem+json", "application/json, application/json", "json", "/", ";", "application/x-ndjson", "application/octet-stream", $"application/{new string('x', 5_000)}");
                break;
            case "cut":
                var bytes = good.Bytes();
                return new(kind, [bytes[..random.Next(bytes.Length)]], TimeSpan.Zero, Cut: random.Next(2) == 0);
            case "pipelined":
                good.Close = false;
                var first = good.Bytes();
                good.Close = true;
                return Whole(kind, [.. first, .. first, .. good.Bytes()]);
        }
        return Whole(kind, good.Bytes());
    }

    private static void Rewrite(Draft draft, string header, string value)
    {
        var place = draft.Headers.FindIndex(line => line.StartsWith($"{header}:", StringComparison.Ordinal));
        if (place >= 0)
            draft.Headers[place] = $"{header}: {value}";
    }

    /// <summary>Whether there is anything about a call that this kind can spoil.</summary>
    public static bool Fits(string kind, Operation operation) => kind switch
    {
        "json" or "bytes" or "coding" or "type" => operation.Body is not null,
        "query" => operation.Query.Length > 0,
        _ => true,
    };

    private static NastyRequest Whole(string kind, byte[] bytes) => new(kind, [bytes], TimeSpan.Zero, Cut: false);

    private static void AbuseQuery(Random random, Draft good)
    {
        var query = good.Query.Select(q => $"{q.Name}={Uri.EscapeDataString(q.Value)}").ToList();
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            var text = random.Next(10) == 0 ? new string('1', 1 << random.Next(4, 13)) : Texts[random.Next(Texts.Length)];
            var name = good.Query.Length > 0 && random.Next(5) > 0 ? good.Query[random.Next(good.Query.Length)].Name : Pick(random, "x", "", "%00", "a[b]", "Lat", "__proto__", "%F0%9F");
            if (random.Next(3) > 0)
                query.RemoveAll(q => q.StartsWith($"{name}=", StringComparison.Ordinal));
            query.Insert(random.Next(query.Count + 1), random.Next(8) == 0 ? name : $"{name}={text}");
        }
        if (random.Next(30) == 0)
            query.AddRange(Enumerable.Range(0, random.Next(10, 1_500)).Select(i => $"p{i % 9}={i}"));
        good.Target = $"{good.Path}?{string.Join(Pick(random, "&", "&", "&", "&&", ";", "?"), query)}";
    }

    private static void AbuseHeaders(Random random, Draft good)
    {
        switch (random.Next(10))
        {
            case 0:
                good.Headers.Add($"X: {new string('x', 1 << random.Next(8, 16))}");
                break;
            case 1:
                good.Headers.AddRange(Enumerable.Range(0, random.Next(2, 300)).Select(i => $"X-{i}: y"));
                break;
            case 2:
                good.Headers.Add(Pick(random, "X: a\r\n b", "X: a\rb", "X: a\nY: b", "X : a", ": a", "X", "X: a\0b", "X\0: a", " X: a", "\u00e9: a", "X: \u00e9", "X:a:b:c", "@: x", "X: a\r\n\tb\r\n\tc"));
                break;
            case 3:
                good.Headers.Add(Pick(random, "Host: other.example", "Host:", "Host: a b", "Host: [::1", "Host: x:99999", "Host: \0"));
                break;
            case 4:
                good.Host = Pick(random, "", "a b", "[", "evil.example:0", "a/../b", "\u00e9", "x:y", new string('h', 5_000));
                break;
            default:
                for (var count = random.Next(1, 5); count > 0; count--)
                    good.Headers.Add($"{HeaderNames[random.Next(HeaderNames.Length)]}: {HeaderValues[random.Next(HeaderValues.Length)]}");
                break;
        }
    }

    private static byte[] AbuseFraming(Random random, Draft good)
    {
        var head = $"{good.Method} {good.Target} HTTP/1.1\r\nHost: {good.Host}\r\nConnection: close\r\nContent-Type: application/json\r\n";
        var body = Encoding.Latin1.GetString(good.Body);
        var size = $"{body.Length:x}";
        return Encoding.Latin1.GetBytes(head + random.Next(20) switch
        {
            0 => $"Content-Length: {body.Length}\r\nTransfer-Encoding: chunked\r\n\r\n{size}\r\n{body}\r\n0\r\n\r\n",
            1 => $"Content-Length: {body.Length}\r\nContent-Length: {body.Length + 1}\r\n\r\n{body}",
            2 => $"Content-Length: {body.Length}, {body.Length}\r\n\r\n{body}",
            3 => $"Content-Length: -1\r\n\r\n{body}",
            4 => $"Content-Length: 99999999999999999999\r\n\r\n{body}",
            5 => $"Content-Length: 0x10\r\n\r\n{body}",
            6 => $"Content-Length: {body.Length + 100}\r\n\r\n{body}",
            7 => $"Content-Length: {body.Length / 2}\r\n\r\n{body}",
            8 => "Content-Length: 262145\r\n\r\n",
            9 => $"Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n{body}\r\n0\r\n\r\n",
            10 => $"Transfer-Encoding: chunked\r\n\r\nzz\r\n{body}\r\n0\r\n\r\n",
            11 => $"Transfer-Encoding: chunked\r\n\r\n{size};{new string('e', 5_000)}\r\n{body}\r\n0\r\n\r\n",
            12 => $"Transfer-Encoding: chunked\r\n\r\n{size}\r\n{body}xx\r\n0\r\n\r\n",
            13 => $"Transfer-Encoding: chunked\r\n\r\n{size}\r\n{body}\r\n",
            14 => $"Transfer-Encoding: chunked, identity\r\n\r\n{size}\r\n{body}\r\n0\r\n\r\n",
            15 => $"Transfer-Encoding: xchunked\r\n\r\n{body}",
            16 => $"Transfer-Encoding: chunked\r\n\r\n{size}\r\n{body}\r\n0\r\nTrailer: {new string('t', random.Next(1, 20_000))}\r\n\r\n",
            17 => $"Transfer-Encoding: chunked\r\n\r\n{string.Concat(body.Select(c => $"1\r\n{c}\r\n"))}0\r\n\r\n",
            18 => $"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n{size}\n{body}\n0\n\n",
            _ => $"Transfer-Encoding: chunked\r\n\r\n{string.Concat(Enumerable.Repeat("1000\r\n" + new string(' ', 4096) + "\r\n", 80))}0\r\n\r\n",
        });
    }

    private static byte[] AbuseLine(Random random, Draft good)
    {
        var rest = $"\r\nHost: {good.Host}\r\nConnection: close\r\n\r\n";
        var target = good.Target;
        return Encoding.Latin1.GetBytes(random.Next(18) switch
        {
            0 => $"GET {target}{rest}",
            1 => $"GET {target} HTTP/0.9{rest}",
            2 => $"GET {target} HTTP/2.0{rest}",
            3 => $"GET {target} HTTP/1.2{rest}",
            4 => $"GET  {target}  HTTP/1.1{rest}",
            5 => $"GET\t{target}\tHTTP/1.1{rest}",
            6 => $"GET http://{good.Host}{target} HTTP/1.1{rest}",
            7 => $"GET http://evil.example{target} HTTP/1.1{rest}",
            8 => $"OPTIONS * HTTP/1.1{rest}",
            9 => $"CONNECT {good.Host} HTTP/1.1{rest}",
            10 => $"GET * HTTP/1.1{rest}",
            11 => $"GET /{new string('p', 1 << random.Next(8, 16))} HTTP/1.1{rest}",
            12 => $"\r\n\r\n\r\nGET {target} HTTP/1.1{rest}",
            13 => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0",
            14 => "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003",
            15 => $"GET {target}\0 HTTP/1.1{rest}",
            16 => $"GET {target} HTTP/1.1\nHost: {good.Host}\nConnection: close\n\n",
            _ => new string([.. Enumerable.Range(0, random.Next(1, 400)).Select(_ => (char)random.Next(256))]),
        });
    }

    // A few kilobytes that unfold to megabytes, a stream that breaks off, or what is no stream at all.
    private static byte[] Packed(Random random, byte[] body)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(random.Next(2) == 0 ? body : new byte[1 << random.Next(10, 23)]);
        var bytes = packed.ToArray();
        return random.Next(3) == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
    }

    private static byte[][] InPieces(Random random, byte[] bytes)
    {
        var cuts = Enumerable.Range(0, random.Next(1, 6)).Select(_ => random.Next(bytes.Length)).Append(0).Append(bytes.Length).Order().Distinct().ToArray();
        return [.. cuts.Zip(cuts.Skip(1), (from, to) => bytes[from..to])];
    }

    private static T Pick<T>(Random random, params T[] all) => all[random.Next(all.Length)];

    /// <summary>A request that is still being worked on.</summary>
    private sealed class Draft(Operation operation, string host)
    {
        public string Method { get; set; } = operation.Method;

        public string Path => operation.Path;

        public (string Name, string Value)[] Query => operation.Query;

        public string Target { get; set; } = operation.Query.Length == 0 ? operation.Path : $"{operation.Path}?{string.Join('&', operation.Query.Select(q => $"{q.Name}={Uri.EscapeDataString(q.Value)}"))}";

        public string Host { get; set; } = host;

        public string Type { get; set; } = operation.Type;

        public bool Close { get; set; } = true;

        public List<string> Headers { get; } = [.. operation.Headers.Select(h => $"{h.Name}: {h.Value}")];

        public byte[] Body { get; set; } = operation.Body is null ? [] : Encoding.UTF8.GetBytes(operation.Type.Contains("json", StringComparison.Ordinal) ? operation.Body.ToJsonString() : operation.Body.ToString());

        public byte[] Bytes()
        {
            var head = new StringBuilder($"{Method} {Target} HTTP/1.1\r\nHost: {Host}\r\n");
            if (Body.Length > 0)
                head.Append($"Content-Type: {Type}\r\nContent-Length: {Body.Length}\r\n");
            foreach (var header in Headers)
                head.Append(header).Append("\r\n");
            head.Append(Close ? "Connection: close\r\n\r\n" : "\r\n");
            return [.. Encoding.UTF8.GetBytes(head.ToString()), .. Body];
        }
    }
}
