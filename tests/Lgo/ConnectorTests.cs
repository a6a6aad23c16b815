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
        Assert.Equal(["old.csv"], folder.In("failed"));
        Assert.Equal(["new.csv"], folder.In("done"));
        Assert.Equal(5, server.Ask(it => it.OnHand(PlainPharmacy.Ibuprofen)));
    }

    private static Task<(int Code, string Output)> Run(PlainLgoServer server, Drop folder) => Built.Run(server.Address, PlainLgoServer.Id, folder);

    private static async Task<(int Code, string Output)> Dotnet(params string[] words)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", words) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
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
        public static async Task<(int Code, string Output)> Run(Uri server, string pharmacy, Drop folder)
        {
            await Once();
            return await Dotnet(
                Path.Combine(Folder, "Connector.dll"), "--url", $"{server}", "--pharmacy", pharmacy, "--client", "demo", "--secret", "demo-secret", "--scope", $"lgo:{pharmacy}", "--folder", folder.Path, "--once");
        }

        private static Task Once()
        {
            lock (Gate)
                return _built ??= Build();
        }

        private static async Task Build()
        {
            var (code, output) = await Dotnet("build", Path.Combine(Campaign.Root, "docs", "connector", "Connector.cs"), "-o", Folder, "-v", "q", "--disable-build-servers");
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
