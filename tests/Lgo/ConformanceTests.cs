using Realtime.Benchmarks.Lgo;
using KitText = Realtime.Benchmarks.Lgo.FeedText;

namespace Realtime.Tests.Lgo;

/// <summary>The kit passes a plain server that keeps the contract, and names the rule that one breaks.</summary>
public sealed class ConformanceTests
{
    [Fact]
    public async Task A_server_that_keeps_the_contract_passes_every_rule()
    {
        await using var server = await PlainLgoServer.Start();
        var run = await Run(server);
        Assert.True(run.Code == LgoConformance.Passed, run.Output);
        Assert.Contains($"{Rules.All.Count} passed, 0 failed, 0 skipped", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Wrong.AcceptsGaps, "seq.gap")]
    [InlineData(Wrong.AppliesRepeatsAgain, "seq.repeat")]
    [InlineData(Wrong.TakesDeltasAsDifferences, "delta.absolute")]
    [InlineData(Wrong.KeepsWhatSnapshotsLeaveOut, "snapshot.absent-is-zero")]
    [InlineData(Wrong.PromisesExpiredLots, "lots.expired-not-promised")]
    [InlineData(Wrong.ForgetsWhatWasCollected, "collected.subtracted-again")]
    [InlineData(Wrong.SkipsAnOrder, "orders.resumable")]
    [InlineData(Wrong.RefusesAllForOneLine, "line.rest-stands")]
    [InlineData(Wrong.PromisesTheLastBox, "reserve.one")]
    [InlineData(Wrong.NamesBuyers, "orders.no-personal-data")]
    [InlineData(Wrong.AppliesWhatWasCut, "body.truncated-gzip")]
    [InlineData(Wrong.TrustsOldFeeds, "stale.unknown")]
    [InlineData(Wrong.EmptiesWhatWasRejected, "line.keeps-the-rest")]
    [InlineData(Wrong.EmptiesForNothing, "snapshot.nothing-taken")]
    [InlineData(Wrong.RefreshesForNothing, "snapshot.nothing-taken")]
    public async Task A_server_that_breaks_a_rule_is_told_which(Wrong wrong, string rule)
    {
        await using var server = await PlainLgoServer.Start(wrong);
        var run = await Run(server, "--only", rule);
        Assert.True(run.Code == LgoConformance.Broken, run.Output);
        Assert.Contains(run.Output.Split('\n'), line => line.StartsWith("FAIL", StringComparison.Ordinal) && line.Contains($" {rule} ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_report_names_the_rule_what_was_expected_what_came_and_where_it_is_written()
    {
        await using var server = await PlainLgoServer.Start(Wrong.AcceptsGaps);
        var file = Path.GetTempFileName();
        await Run(server, "--only", "seq.gap", "--report", file);
        var report = await File.ReadAllTextAsync(file);
        File.Delete(file);
        Assert.StartsWith("# LGO conformance: FAILED", report, StringComparison.Ordinal);
        Assert.Contains("* `seq.gap` (docs/connectors.md#sequence-and-recovery)\n  * expected / attendu : 409 sequence-gap\n  * came / reçu : 200 ", report, StringComparison.Ordinal);
        Assert.Contains("Un trou est refusé", report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_pharmacy_has_afterwards_what_it_had_before()
    {
        await using var server = await PlainLgoServer.Start();
        server.Ask(it =>
        {
            it.Count(PlainPharmacy.Ibuprofen, 12, 3);
            it.Count(PlainPharmacy.Catalogue[3], 5, null);
            return 0;
        });
        await Run(server, "--only", "snapshot,collect.by-connector,orders.resumable");
        Assert.Equal((12, 3), server.Ask(it => (it.OnHand(PlainPharmacy.Ibuprofen), it.ReserveOf(PlainPharmacy.Ibuprofen))));
        Assert.Equal(5, server.Ask(it => it.OnHand(PlainPharmacy.Catalogue[3])));
        Assert.Equal(0, server.Ask(it => PlainPharmacy.Catalogue.Sum(it.Held)));
    }

    [Fact]
    public async Task Lots_and_last_days_of_other_products_stay_in_every_snapshot_and_are_there_afterwards()
    {
        await using var server = await PlainLgoServer.Start();
        var lots = FeedLots(server);
        await Run(server, "--only", "snapshot,stale,lots");
        Assert.Equal(lots, Lots(server));
        Assert.Equal("outOfStock", server.Ask(it => it.LevelOf(PlainPharmacy.Catalogue[4])));
    }

    [Fact]
    public async Task A_pharmacy_that_was_fed_and_whose_lots_cannot_be_read_is_left_alone()
    {
        await using var server = await PlainLgoServer.Start(Wrong.HidesLots);
        var lots = FeedLots(server);
        var run = await Run(server, "--only", "snapshot");
        Assert.Equal((LgoConformance.CouldNotRun, 1), (run.Code, server.Ask(it => it.Seq)));
        Assert.Contains("the lots of 3 products cannot be put back", run.Error, StringComparison.Ordinal);
        Assert.Equal(lots, Lots(server));
        Assert.Equal(LgoConformance.Passed, (await Run(server, "--only", "snapshot", "--yes")).Code);
    }

    [Fact]
    public async Task Who_stops_it_gets_the_pharmacy_back()
    {
        await using var server = await PlainLgoServer.Start();
        var lots = FeedLots(server);
        using var stop = new CancellationTokenSource();
        var running = Run(Words(server, "--only", "orders"), stop.Token);
        await Until(() => server.Ask(it => PlainPharmacy.Catalogue.Sum(it.Held)) > 0);
        await stop.CancelAsync();
        var run = await running;
        Assert.Equal(LgoConformance.CouldNotRun, run.Code);
        Assert.Contains("stopped after", run.Error, StringComparison.Ordinal);
        Assert.Equal(0, server.Ask(it => PlainPharmacy.Catalogue.Sum(it.Held)));
        Assert.Equal(lots, Lots(server));
    }

    [Fact]
    public async Task What_needs_the_counter_is_skipped_without_it_and_says_so()
    {
        await using var server = await PlainLgoServer.Start();
        var run = await Run(server, "--client", "vendor", "--secret", "demo-secret", "--scope", $"lgo:{PlainLgoServer.Id}", "--only", "collect.by-connector");
        Assert.Equal(LgoConformance.Passed, run.Code);
        Assert.Contains("skipped collect.by-connector", run.Output, StringComparison.Ordinal);
        Assert.Contains("needs --staff-scope", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--client and --secret", "--client", "demo", "--secret", "wrong")]
    [InlineData("name a pharmacy", "--pharmacy", "990000028")]
    [InlineData("usage:", "--nonsense", "x")]
    [InlineData("--yes", "--url", "http://lgo.example")]
    public async Task What_cannot_run_says_why_and_what_mends_it(string mend, params string[] words)
    {
        await using var server = await PlainLgoServer.Start();
        var run = await Run(server, words);
        Assert.Equal(LgoConformance.CouldNotRun, run.Code);
        Assert.Contains("could not run", run.Error, StringComparison.Ordinal);
        Assert.Contains(mend.Split(' ')[0], run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_there_could_not_be_tried()
    {
        var run = await Run(["--url", $"http://127.0.0.1:{RealtimeHost.FreePort()}", "--pharmacy", PlainLgoServer.Id]);
        Assert.Equal(LgoConformance.CouldNotRun, run.Code);
        Assert.Contains("start it", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_of_rules_are_stable_words_and_each_stands_once()
    {
        Assert.All(Rules.All, rule => Assert.Matches("^[a-z-]+(\\.[a-z-]+)?$", rule.Name));
        Assert.Distinct(Rules.All.Select(rule => rule.Name));
        Assert.All(Rules.All, rule => Assert.NotEqual(rule.Says.English, rule.Says.French));
    }

    [Fact]
    public async Task Every_rule_names_a_section_that_the_vendors_page_has()
    {
        var page = await File.ReadAllLinesAsync(Path.Combine(Campaign.Root, "docs", "connectors.md"));
        var sections = page.Where(line => line.StartsWith('#')).Select(line => $"docs/connectors.md#{line.TrimStart('#').Trim().ToLowerInvariant().Replace(' ', '-')}").ToHashSet(StringComparer.Ordinal);
        Assert.All(Rules.All, rule => Assert.Contains(rule.Where, sections));
    }

    private static Task<(int Code, string Output, string Error)> Run(PlainLgoServer server, params string[] words) =>
        Run(Words(server, words));

    private static string[] Words(PlainLgoServer server, params string[] words) =>
        [.. Unless(words, "--url", $"{server.Address}"), .. Unless(words, "--pharmacy", PlainLgoServer.Id), "--patience", "0.3", .. words];

    private static string[] Unless(string[] words, string name, string value) => words.Contains(name, StringComparer.Ordinal) ? [] : [name, value];

    // Boxes of no lot, of one, of two, one of which has no day, and all of a lot that has expired.
    private static string FeedLots(PlainLgoServer server)
    {
        var feed = KitText.Begin("snapshot", 1, TimeProvider.System.GetUtcNow()).With(
            new FeedLine(PlainPharmacy.Ibuprofen, 9), new(PlainPharmacy.Ibuprofen, 3, "A1", "2099-12-31"), new(PlainPharmacy.Spedifen, 4, "B1", "2099-01-31"), new(PlainPharmacy.Spedifen, 2, "B2"), new(PlainPharmacy.Catalogue[4], 7, "OLD", "2020-01-31"));
        Assert.Equal(200, server.Ask(it => it.Feed(feed.Bytes()).Status));
        return Lots(server);
    }

    private static string Lots(PlainLgoServer server) => server.Ask(it => string.Join("; ", it.Known.Where(cip13 => it.OnHand(cip13) > 0).Order(StringComparer.Ordinal)
        .Select(cip13 => $"{cip13} {it.OnHand(cip13)}: {string.Join(", ", it.LotsOf(cip13).Order())}")));

    private static async Task Until(Func<bool> isSo)
    {
        while (!isSo())
            await Task.Delay(5, TestContext.Current.CancellationToken);
    }

    private static async Task<(int Code, string Output, string Error)> Run(string[] words, CancellationToken stop = default)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var code = await LgoConformance.Run(words, output, error, isTerminal: false, TimeProvider.System, stop);
        return (code, output.ToString(), error.ToString());
    }
}
