using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Realtime.Products;
using Realtime.Silo.Import;

namespace Realtime.Tests.Products;

/// <summary>The import command, alone and with the real service over a real store.</summary>
public sealed class BdpmImportTests(PostgresServer server) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly MedicineFolder _folder = new();
    private readonly string _data = Directory.CreateTempSubdirectory("realtime-import-").FullName;
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();
    private readonly List<BdpmSet> _published = [];

    public void Dispose()
    {
        _folder.Dispose();
        Directory.Delete(_data, recursive: true);
        _output.Dispose();
        _error.Dispose();
    }

    [Fact]
    public async Task A_set_is_put_in_force_and_counted()
    {
        Assert.Equal(0, await Import(_folder.Path));
        Assert.Equal(2, Assert.Single(_published).Presentations.Count);
        Assert.Equal("read 11, accepted 11, rejected 0", Lines()[^1]);
    }

    [Fact]
    public async Task A_dry_run_opens_no_store()
    {
        Assert.Equal(0, await Import(_folder.Path, "--dry-run"));
        Assert.Equal(["dry run: nothing was written", "read 11, accepted 11, rejected 0"], Lines()[^2..]);
        Assert.Empty(_published);
    }

    [Fact]
    public async Task One_wrong_line_imports_nothing_and_fails()
    {
        _folder.Add(BdpmFolder.ConditionsFile, "61266250");
        Assert.Equal(1, await Import(_folder.Path));
        Assert.Contains("CIS_CPD_bdpm.txt: line 2: the line has 1 columns, not 2.", Lines());
        Assert.Equal("read 12, accepted 0, rejected 12", Lines()[^1]);
        Assert.Empty(_published);
    }

    [Fact]
    public async Task A_file_that_is_missing_is_named()
    {
        File.Delete(Path.Combine(_folder.Path, BdpmFolder.GroupsFile));
        Assert.Equal(1, await Import(_folder.Path));
        Assert.Contains($"lacks {BdpmFolder.GroupsFile}:", _error.ToString());
        Assert.Equal("", _output.ToString());
    }

    [Theory]
    [InlineData("", "Which folder")]
    [InlineData("/no/such/folder", "There is no folder /no/such/folder.")]
    [InlineData("a b", "One folder at a time: 'b'")]
    [InlineData("a --force", "Unknown option '--force'.")]
    public async Task A_command_that_is_not_understood_gets_a_sentence(string words, string sentence)
    {
        Assert.Equal(1, await Import(words.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        Assert.StartsWith(sentence, _error.ToString());
    }

    [Fact]
    public async Task A_store_that_fails_says_why_and_nothing_is_in_force()
    {
        Assert.Equal(1, await new BdpmImport(() => throw new InvalidOperationException("The disk is full."), _output, _error, isTerminal: false).Run([_folder.Path]));
        Assert.EndsWith("The disk is full.\nNothing was imported.", _error.ToString().TrimEnd().ReplaceLineEndings("\n"));
        Assert.DoesNotContain("accepted", _output.ToString());
    }

    [Fact]
    public async Task An_embedded_service_serves_what_was_imported_and_keeps_its_store_to_itself()
    {
        Assert.Equal("read 11, accepted 11, rejected 0", (await Silo()).Output[^1]);
        Assert.Equal("this very set was in force already: nothing was written", (await Silo()).Output[^2]);
        Assert.Equal((1L, 1L), (Number("SELECT count(*) FROM journal"), Number("SELECT count(*) FROM catalogue")));

        using var web = ProductProcess.Web(_data, demo: true, out var client);
        using (client)
        {
            await client.WaitUntilReady(Patience);
            Assert.Equal("allowed", await SaleOf(client));
            // What was imported stands alone: the demo's medicines are gone.
            Assert.Equal(2, (await client.GetFromJsonAsync<JsonElement>("/api/v1/products?q=comprime&limit=50")).GetProperty("items").GetArrayLength());
            var refused = await Silo();
            Assert.Equal(1, refused.ExitCode);
            Assert.Contains("in use", refused.Errors);
        }
    }

    [Fact]
    public async Task Every_node_of_a_cluster_swaps_the_catalogue_when_another_set_is_imported()
    {
        var store = await server.NewDatabase();
        Assert.Equal("read 11, accepted 11, rejected 0", (await SiloOn(store)).Output[^1]);
        using var one = ProductProcess.WebNode(store, out var first, demo: false);
        using var two = ProductProcess.WebNode(store, out var second, demo: false);
        using (first)
        using (second)
        {
            foreach (var client in (HttpClient[])[first, second])
            {
                await client.WaitUntilReady(Patience);
                Assert.Equal("allowed", await SaleOf(client));
            }
            _folder.Prescribe("61266250");
            Assert.Equal("this set is in force now", (await SiloOn(store)).Output[^2]);
            foreach (var client in (HttpClient[])[first, second])
                await Until(async () => await SaleOf(client) == "prescription");
        }
    }

    private static async Task<string?> SaleOf(HttpClient client) =>
        (await client.GetFromJsonAsync<JsonElement>($"/api/v1/products/{MedicineFolder.Advil}")).GetProperty("sale").GetString();

    private static async Task Until(Func<Task<bool>> reached)
    {
        for (var started = TimeProvider.System.GetTimestamp(); !await reached(); await Task.Delay(50))
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Patience, "It did not come about.");
    }

    private Task<int> Import(params string[] words) => new BdpmImport(
        () => Task.FromResult(new SetImport(
            (packed, _) =>
            {
                _published.Add(CatalogueFile.Read(packed.Payload));
                return Task.FromResult(true);
            },
            () => ValueTask.CompletedTask)), _output, _error, isTerminal: false).Run(words);

    private async Task<(int ExitCode, string[] Output, string Errors)> Silo()
    {
        using var silo = ProductProcess.Silo(_data, "import", "bdpm", _folder.Path);
        return await silo.End(Patience);
    }

    private async Task<(int ExitCode, string[] Output, string Errors)> SiloOn(string store)
    {
        using var silo = ProductProcess.SiloOn(store, "import", "bdpm", _folder.Path);
        return await silo.End(Patience);
    }

    private long Number(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_data, "realtime.db")};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    private string[] Lines() => _output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
