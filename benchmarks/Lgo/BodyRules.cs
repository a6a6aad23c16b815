using System.IO.Compression;
using System.Text;

namespace Realtime.Benchmarks.Lgo;

/// <summary>A body that is not whole, or not what it says, changes nothing at all.</summary>
internal static class BodyRules
{
    private const int Megabyte = 1 << 20, MostMegabytes = 64, MostLines = 100_000, Padding = 3_000;

    public static IReadOnlyList<Rule> All { get; } =
    [
        new("header.required", new("The first line is the header, or nothing is taken: 400 invalid-request.", "La première ligne est l'en-tête, sinon rien n'est pris : 400 invalid-request."), Rules.Header, HeaderRequired),
        new("header.kind", new("kind is snapshot or delta; else 400 invalid-request.", "kind vaut snapshot ou delta ; sinon 400 invalid-request."), Rules.Header, HeaderKind),
        new("header.taken-at-future", new("takenAt lies at most 5 minutes ahead; else 400.", "takenAt a au plus 5 minutes d'avance ; sinon 400."), Rules.Header, trial => Moment(trial, trial.Now.AddHours(1))),
        new("header.taken-at-old", new("takenAt is at most 7 days old; else 400.", "takenAt a au plus 7 jours ; sinon 400."), Rules.Header, trial => Moment(trial, trial.Now.AddDays(-8))),
        new("body.media-type", new("The body is application/x-ndjson; another type is refused with 415.", "Le corps est en application/x-ndjson ; un autre type est refusé par 415."), Rules.Header, MediaType),
        new("gzip", new("A body with Content-Encoding: gzip is taken.", "Un corps avec Content-Encoding: gzip est accepté."), Rules.Header, Gzip),
        new("body.truncated-gzip", new("A gzip body that is cut is refused with 400 truncated; nothing is applied.", "Un corps gzip coupé est refusé par 400 truncated ; rien n'est appliqué."), Rules.Bounds, TruncatedGzip),
        new("body.corrupt-gzip", new("A body that says gzip and is none is refused with 400 truncated; nothing is applied.", "Un corps qui se dit gzip sans l'être est refusé par 400 truncated ; rien n'est appliqué."), Rules.Bounds, CorruptGzip),
        new("body.bomb", new("More than 64 MB once decompressed is refused with 413 too-large; nothing is applied.", "Plus de 64 Mo une fois décompressé est refusé par 413 too-large ; rien n'est appliqué."), Rules.Bounds, Bomb),
        new("body.too-many-lines", new("More than 100,000 lines are refused with 413 too-large; nothing is applied.", "Plus de 100 000 lignes sont refusées par 413 too-large ; rien n'est appliqué."), Rules.Bounds, TooManyLines),
    ];

    private static Task<Finding> HeaderRequired(Trial trial) =>
        Refused(trial, 400, "invalid-request", _ => Task.FromResult(Encoding.UTF8.GetBytes($$"""{"cip13":"{{trial.Product}}","quantity":10}""")), gzip: false);

    private static Task<Finding> HeaderKind(Trial trial) =>
        Refused(trial, 400, "invalid-request", seq => Task.FromResult(FeedText.Begin("partial", seq, trial.Now).With(new FeedLine(trial.Product, 10)).Bytes()), gzip: false);

    private static Task<Finding> Moment(Trial trial, DateTimeOffset takenAt) =>
        Refused(trial, 400, null, seq => Task.FromResult(FeedText.Begin("delta", seq, takenAt).With(new FeedLine(trial.Product, 10)).Bytes()), gzip: false);

    private static async Task<Finding> MediaType(Trial trial)
    {
        var check = new Check();
        check.Answered(await trial.FeedBytes((await trial.Delta(new FeedLine(trial.Product, 10))).Bytes(), gzip: false, type: "text/plain"), 415);
        return check.Finding;
    }

    private static async Task<Finding> Gzip(Trial trial)
    {
        var check = new Check();
        await trial.Begin();
        check.Answered(await trial.FeedPacked(await trial.Delta(new FeedLine(trial.Product, 10))), 200);
        await check.Level(trial, trial.Product, "inStock", "10 boxes came compressed");
        return check.Finding;
    }

    private static Task<Finding> TruncatedGzip(Trial trial) => Refused(trial, 400, "truncated", seq =>
    {
        // Lots differ, so that the cut body still holds thousands of whole lines that a hasty server would apply.
        var whole = FeedText.Begin("delta", seq, trial.Now).With(Enumerable.Range(0, 5_000).Select(i => new FeedLine(trial.Product, 10, $"L{i * 7919 % 100_000}"))).Gzip();
        return Task.FromResult(whole[..(whole.Length / 2)]);
    }, gzip: true);

    private static Task<Finding> CorruptGzip(Trial trial) =>
        Refused(trial, 400, "truncated", seq => Task.FromResult(FeedText.Begin("delta", seq, trial.Now).With(new FeedLine(trial.Product, 10)).Bytes()), gzip: true);

    private static Task<Finding> Bomb(Trial trial) => Refused(trial, 413, "too-large", async seq =>
    {
        var line = Encoding.UTF8.GetBytes($$"""{"cip13":"{{trial.Product}}","quantity":10}{{new string(' ', Padding)}}{{'\n'}}""");
        return await Repeat(FeedText.Begin("delta", seq, trial.Now).Bytes(), line, MostMegabytes * Megabyte / line.Length + 1);
    }, gzip: true);

    private static Task<Finding> TooManyLines(Trial trial) => Refused(trial, 413, "too-large", async seq =>
    {
        var line = Encoding.UTF8.GetBytes($$"""{"cip13":"{{trial.Product}}","quantity":10}{{'\n'}}""");
        return await Repeat(FeedText.Begin("delta", seq, trial.Now).Bytes(), line, MostLines + 1);
    }, gzip: true);

    private static async Task<Finding> Refused(Trial trial, int status, string? type, Func<long, Task<byte[]>> body, bool gzip)
    {
        var check = new Check();
        await trial.Begin();
        var last = await trial.Last();
        check.Answered(await trial.FeedBytes(await body(last + 1), gzip), status, type);
        check.That(await trial.Last() == last, $"GET still says seq {last}", $"GET says seq {await trial.Last()}");
        check.That(await trial.Untouched() is "low" or "unknown", "nothing of it applied", "its quantity shows");
        return check.Finding;
    }

    private static async Task<byte[]> Repeat(byte[] header, byte[] line, int times)
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(header);
            for (var i = 0; i < times; i++)
                gzip.Write(line);
        }
        return packed.ToArray();
    }
}
