using System.Diagnostics;
using NodaTime;

namespace Realtime.Tests.Lgo;

/// <summary>The connector that vendors copy, built once as it stands and run as a process of its own.</summary>
public sealed class ConnectorTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task Files_become_snapshots_one_after_the_other_and_rejected_lines_are_told_by_their_place_in_the_file()
    {
        await using var server = await PlainLgoServer.Start();
        using var folder = new Drop();
        folder.Write("1.csv", age: 20, "cip13;quantity;lot;expiry", $"{PlainPharmacy.Ibuprofen};12;A1;2099-12-31", $"{PlainPharmacy.Spedifen};4");
        folder.Write("2.csv", age: 10, $"{PlainPharmacy.Ibuprofen};7;A1;2099-12", "", "3400938358920;3", $"{PlainPharmacy.Catalogue[2]};many");
        var run = await Run(server, folder);
        Assert.True(run.Code == 0, run.Output);
        Assert.Contains("2.csv:3: invalid-cip13", run.Output, StringComparison.Ordinal);
        Assert.Contains("2.csv:4: invalid-quantity", run.Output, StringComparison.Ordinal);
        Assert.Equal((2, 7, 0), server.Ask(it => ((int)it.Seq, it.OnHand(PlainPharmacy.Ibuprofen), it.OnHand(PlainPharmacy.Spedifen))));
        Assert.Equal(["1.csv", "2.csv"], folder.In("done"));
    }

    [Fact]
    public async Task An_answer_that_is_lost_or_a_place_that_is_taken_costs_no_file_and_feeds_none_twice()
    {
        await using var server = await PlainLgoServer.Start();
        using var folder = new Drop();
        folder.Write("stock.csv", age: 10, $"{PlainPharmacy.Ibuprofen};9");
        // Refused at first; then another connector takes the place that was asked for; then applied, but the answer is a 502.
        server.Hiccup(500, 409, 502);
        var run = await Run(server, folder);
        Assert.True(run.Code == 0, run.Output);
        Assert.Equal((1, 9), server.Ask(it => ((int)it.Seq, it.OnHand(PlainPharmacy.Ibuprofen))));
        Assert.Equal(["stock.csv"], folder.In("done"));
    }

    [Fact]
    public async Task A_file_that_never_will_be_taken_is_put_aside_and_the_next_one_goes_on()
    {
        await using var server = await PlainLgoServer.Start();
        using var folder = new Drop();
        folder.Write("old.csv", age: 8 * 86_400, $"{PlainPharmacy.Ibuprofen};1");
        folder.Write("new.csv", age: 10, $"{PlainPharmacy.Ibuprofen};5");
        var run = await Run(server, folder);
        Assert.True(run.Code == 0, run.Output);
        Assert.Equal(["old.csv", "old.csv.reason"], folder.In("failed"));
        Assert.Equal(["new.csv"], folder.In("done"));
        Assert.Equal(5, server.Ask(it => it.OnHand(PlainPharmacy.Ibuprofen)));
    }

    [Fact]
    public async Task A_file_without_one_good_line_is_not_sent_and_one_that_is_not_whole_is_not_looked_at()
    {
        await using var server = await PlainLgoServer.Start();
        using var folder = new Drop();
        folder.Write("1.csv", age: 30, $"{PlainPharmacy.Ibuprofen};5");
        folder.Write("empty.csv", age: 20);
        folder.Write("header.csv", age: 19, "CIP13;Quantity", "  ");
        folder.Write("wrong.csv", age: 18, $"{PlainPharmacy.Ibuprofen},5", $"{PlainPharmacy.Ibuprofen};many");
        folder.Write("begun.csv.tmp", age: 17, $"{PlainPharmacy.Ibuprofen};1");
        var run = await Run(server, folder);
        Assert.True(run.Code == 0, run.Output);
        Assert.Equal((1, 5), server.Ask(it => ((int)it.Seq, it.OnHand(PlainPharmacy.Ibuprofen))));
        Assert.Equal(["1.csv"], folder.In("done"));
        Assert.Equal(["empty.csv", "empty.csv.reason", "header.csv", "header.csv.reason", "wrong.csv", "wrong.csv.reason"], folder.In("failed"));
        Assert.Equal(["begun.csv.tmp"], folder.In("."));
        Assert.Contains("empty.csv: to failed/: not one good line", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_which_less_than_half_is_taken_is_warned_of()
    {
        await using var server = await PlainLgoServer.Start();
        using var folder = new Drop();
        folder.Write("half.csv", age: 20, $"{PlainPharmacy.Ibuprofen};5", "3400938358920;3");
        folder.Write("less.csv", age: 19, $"{PlainPharmacy.Ibuprofen};5", "3400938358920;3", "3400938358920;4");
        folder.Write("none.csv", age: 18, "3400938358920;3");
        var run = await Run(server, folder);
        Assert.True(run.Code == 0, run.Output);
        Assert.DoesNotContain("WARNING: half.csv", run.Output, StringComparison.Ordinal);
        Assert.Contains("WARNING: less.csv: LESS THAN HALF of 3", run.Output, StringComparison.Ordinal);
        Assert.Contains("WARNING: none.csv: NOT ONE LINE of 1", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_lay_in_sending_when_it_crashed_is_sent_first_and_a_file_of_the_same_name_that_comes_meanwhile_is_sent_too()
    {
        await using var server = await PlainLgoServer.Start();
        using var folder = new Drop();
        Directory.CreateDirectory(Path.Combine(folder.Path, "sending"));
        folder.Write(Path.Combine("sending", "crashed.csv"), age: 20, $"{PlainPharmacy.Ibuprofen};3");
        folder.Write("stock.csv", age: 10, $"{PlainPharmacy.Ibuprofen};9");
        var run = Run(server, folder);
        await Until(() => server.Ask(it => it.Seq) >= 1);
        // These keep the next one on its way for a while.
        server.Hiccup(500, 500, 500, 502);
        await Until(() => !File.Exists(Path.Combine(folder.Path, "stock.csv")));
        folder.Write("stock.csv", age: 0, $"{PlainPharmacy.Ibuprofen};7");
        Assert.True((await run).Code == 0, (await run).Output);
        Assert.Equal((3, 7), server.Ask(it => ((int)it.Seq, it.OnHand(PlainPharmacy.Ibuprofen))));
        Assert.Equal(["crashed.csv", "stock.csv"], folder.In("done"));
        Assert.Empty(folder.In("sending"));
    }

    [Fact]
    public async Task An_answer_that_says_nothing_and_a_folder_that_cannot_be_written_to_end_nothing()
    {
        await using var server = await PlainLgoServer.Start();
        using var folder = new Drop();
        folder.Write("stock.csv", age: 10, $"{PlainPharmacy.Ibuprofen};9");
        folder.Write("done", age: 10);
        server.Hiccup(200);
        var run = Run(server, folder);
        await Until(() => server.Ask(it => it.Seq) >= 1);
        await Task.Delay(TimeSpan.FromSeconds(1.5));
        Assert.False(run.IsCompleted);
        File.Delete(Path.Combine(folder.Path, "done"));
        Assert.True((await run).Code == 0, (await run).Output);
        Assert.Contains("stock.csv: ", (await run).Output, StringComparison.Ordinal);
        Assert.Equal(9, server.Ask(it => it.OnHand(PlainPharmacy.Ibuprofen)));
        Assert.Equal(["stock.csv"], folder.In("done"));
    }

    [Fact]
    public async Task A_file_for_a_pharmacy_that_lets_it_not_in_is_put_aside_with_the_reason_and_a_secret_may_come_from_the_environment()
    {
        await using var server = await PlainLgoServer.Start();
        using var folder = new Drop();
        folder.Write("stock.csv", age: 10, $"{PlainPharmacy.Ibuprofen};9");
        var run = await Built.Run(server.Address, "990000028", folder, isSecretInEnvironment: true);
        Assert.True(run.Code == 0, run.Output);
        Assert.Equal(["stock.csv", "stock.csv.reason"], folder.In("failed"));
        Assert.StartsWith("403", await File.ReadAllTextAsync(Path.Combine(folder.Path, "failed", "stock.csv.reason")), StringComparison.Ordinal);
    }

    private static async Task Until(Func<bool> isSo)
    {
        for (var begun = Stopwatch.GetTimestamp(); !isSo(); await Task.Delay(10))
            Assert.True(Stopwatch.GetElapsedTime(begun) < Patience, "it does not come to that");
    }

    private static Task<(int Code, string Output)> Run(PlainLgoServer server, Drop folder) => Built.Run(server.Address, PlainLgoServer.Id, folder);

    private static async Task<(int Code, string Output)> Dotnet(string? secret, params string[] words)
    {
        var start = new ProcessStartInfo("dotnet", words) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        if (secret is not null)
            start.Environment["LGO_SECRET"] = secret;
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            await process.WaitForExitAsync().WaitAsync(Patience);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
        return (process.ExitCode, await output + await error);
    }

    /// <summary>The connector, built by the SDK as a file of its own, once for all tests, beside them.</summary>
    internal static class Built
    {
        private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "connector");

        private static readonly Lock Gate = new();

        private static Task? _built;

        /// <summary>Runs it until the folder is empty.</summary>
        public static async Task<(int Code, string Output)> Run(Uri server, string pharmacy, Drop folder, bool isSecretInEnvironment = false)
        {
            const string secret = "demo-secret";
            await Once();
            string[] told = isSecretInEnvironment ? [] : ["--secret", secret];
            return await Dotnet(isSecretInEnvironment ? secret : null,
                [Path.Combine(Folder, "Connector.dll"), "--url", $"{server}", "--pharmacy", pharmacy, "--client", "demo", .. told, "--scope", $"lgo:{pharmacy}", "--folder", folder.Path, "--once"]);
        }

        private static Task Once()
        {
            lock (Gate)
                return _built ??= Build();
        }

        private static async Task Build()
        {
            var (code, output) = await Dotnet(null, "build", Path.Combine(Campaign.Root, "docs", "connector", "Connector.cs"), "-o", Folder, "-v", "q", "--disable-build-servers");
            Assert.True(code == 0, output);
        }
    }

    /// <summary>A folder that a pharmacy's software writes to.</summary>
    internal sealed class Drop : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("realtime-drop-").FullName;

        public void Write(string name, int age, params string[] lines) => Write(name, Instant.FromDateTimeOffset(TimeProvider.System.GetUtcNow()) - Duration.FromSeconds(age), lines);

        public void Write(string name, Instant at, params string[] lines)
        {
            var file = System.IO.Path.Combine(Path, name);
            File.WriteAllLines(file, lines);
            File.SetLastWriteTimeUtc(file, at.ToDateTimeUtc());
        }

        public string[] In(string folder) => [.. Directory.GetFiles(System.IO.Path.Combine(Path, folder)).Select(file => System.IO.Path.GetFileName(file)).Order(StringComparer.Ordinal)];

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
