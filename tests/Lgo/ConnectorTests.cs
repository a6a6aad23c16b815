using System.Diagnostics;

namespace Realtime.Tests.Lgo;

/// <summary>The connector that vendors copy, built once as it stands and run as a process of its own.</summary>
public sealed class ConnectorTests(ConnectorTests.Built built) : IClassFixture<ConnectorTests.Built>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

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

    private async Task<(int Code, string Output)> Run(PlainLgoServer server, Drop folder)
    {
        string[] words = ["--url", $"{server.Address}", "--pharmacy", PlainLgoServer.Id, "--client", "demo", "--secret", "demo-secret", "--scope", $"lgo:{PlainLgoServer.Id}", "--folder", folder.Path, "--once"];
        return await Dotnet([Path.Combine(built.Folder, "Connector.dll"), .. words]);
    }

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

    /// <summary>The connector, built by the SDK as a file of its own.</summary>
    public sealed class Built : IAsyncLifetime
    {
        public string Folder { get; } = Directory.CreateTempSubdirectory("realtime-connector-").FullName;

        public async ValueTask InitializeAsync()
        {
            var (code, output) = await Dotnet("build", Path.Combine(Campaign.Root, "docs", "connector", "Connector.cs"), "-o", Folder, "-v", "q", "--disable-build-servers");
            Assert.True(code == 0, output);
        }

        public ValueTask DisposeAsync()
        {
            Directory.Delete(Folder, recursive: true);
            return default;
        }
    }

    /// <summary>A folder that a pharmacy's software writes to.</summary>
    private sealed class Drop : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("realtime-drop-").FullName;

        public void Write(string name, int age, params string[] lines)
        {
            var file = System.IO.Path.Combine(Path, name);
            File.WriteAllLines(file, lines);
            File.SetLastWriteTimeUtc(file, TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(-age));
        }

        public string[] In(string folder) => [.. Directory.GetFiles(System.IO.Path.Combine(Path, folder)).Select(file => System.IO.Path.GetFileName(file)).Order(StringComparer.Ordinal)];

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
