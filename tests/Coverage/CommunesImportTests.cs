using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Realtime.Coverage;
using Realtime.Silo.Import;

namespace Realtime.Tests.Coverage;

/// <summary>The import command, alone and with the real service over a real store.</summary>
public sealed class CommunesImportTests : IDisposable
{
    private const string Header = "insee,name,postcode,type,lat,lon,population2021\n";
    private const string Good = "29019,Brest,29200,COM,48.39,-4.48,139000\n29155,Ouessant,29242,COM,48.458,-5.096,833\n";

    private readonly string _file = Path.GetTempFileName();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();
    private readonly List<Commune[]> _published = [];

    public void Dispose()
    {
        File.Delete(_file);
        _output.Dispose();
        _error.Dispose();
    }

    [Fact]
    public async Task A_table_is_put_in_force_and_counted()
    {
        Assert.Equal(0, await Import(Header + Good + "29040,Le Conquet,29217,COM,,,2700\n"));
        Assert.Equal(["Brest", "Ouessant"], Assert.Single(_published).Select(one => one.Name));
        Assert.Contains("line 4: 29040 \"Le Conquet\": no coordinates.", Lines());
        Assert.Equal(["this set is in force now", "read 3, accepted 2, rejected 1"], Lines()[^2..]);
        Assert.Contains("importing:", _error.ToString());
    }

    [Fact]
    public async Task A_dry_run_opens_no_store()
    {
        Assert.Equal(0, await Import(Header + Good, "--dry-run"));
        Assert.Equal(["dry run: nothing was written", "read 2, accepted 2, rejected 0"], Lines()[^2..]);
        Assert.Empty(_published);
    }

    [Theory]
    [InlineData(Header + "29040,Le Conquet,29217,COM,,,2700\n", "read 1, accepted 0, rejected 1")]
    [InlineData(Header, "read 0, accepted 0, rejected 0")]
    public async Task Nothing_accepted_is_a_failure_and_leaves_what_was_in_force(string text, string last)
    {
        Assert.Equal(1, await Import(text));
        Assert.Equal(last, Lines()[^1]);
        Assert.Empty(_published);
    }

    [Fact]
    public async Task A_file_that_is_cut_short_imports_nothing()
    {
        Assert.Equal(1, await Import(Header + Good + "29040,Le Conquet,292"));
        Assert.Contains("line 4, column 21: the record has 3 fields, not 7.\nNothing was imported.", _error.ToString().ReplaceLineEndings("\n"));
        Assert.Empty(_published);
    }

    [Fact]
    public async Task A_store_that_fails_says_why_and_nothing_is_in_force()
    {
        File.WriteAllText(_file, Header + Good);
        Assert.Equal(1, await new CommunesImport(() => throw new InvalidOperationException("The disk is full."), _output, _error, isTerminal: false).Run([_file]));
        Assert.EndsWith("The disk is full.\nNothing was imported.", _error.ToString().TrimEnd().ReplaceLineEndings("\n"));
        Assert.DoesNotContain("accepted", _output.ToString());
    }

    [Theory]
    [InlineData("", "Which file")]
    [InlineData("/no/such/file", "There is no file /no/such/file.")]
    [InlineData("a b", "One file at a time: 'b'")]
    [InlineData("a --force", "Unknown option '--force'.")]
    public async Task A_command_that_is_not_understood_gets_a_sentence(string words, string sentence)
    {
        Assert.Equal(1, await Command().Run(words.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        Assert.StartsWith(sentence, _error.ToString());
    }

    [Fact]
    public async Task A_service_measures_the_communes_that_were_imported_and_says_so_where_none_were()
    {
        var data = Directory.CreateTempSubdirectory("realtime-communes-").FullName;
        try
        {
            await using (var bare = await RealtimeHost.Start(demo: false, dataDirectory: data))
            {
                using var answer = await bare.Client.GetAsync("/api/v1/coverage");
                Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
                Assert.Contains("import communes", (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString());
            }
            File.WriteAllText(_file, Header + Good);
            using (var silo = ProductProcess.Silo(data, "import", "communes", _file))
                Assert.Equal("read 2, accepted 2, rejected 0", (await silo.End(TimeSpan.FromMinutes(1))).Output[^1]);
            using (var silo = ProductProcess.Silo(data, "import", "communes", _file))
                Assert.Equal("this very set was in force already: nothing was written", (await silo.End(TimeSpan.FromMinutes(1))).Output[^2]);
            await using var host = await RealtimeHost.Start(demo: true, dataDirectory: data);
            var coverage = await host.Client.GetFromJsonAsync<JsonElement>("/api/v1/coverage?department=29");
            Assert.Equal("import", coverage.GetProperty("source").GetString());
            Assert.Equal(["29019", "29155"], coverage.GetProperty("communes").EnumerateArray().Select(one => one.GetProperty("insee").GetString()));
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    private Task<int> Import(string text, params string[] options)
    {
        File.WriteAllText(_file, text);
        return Command().Run([_file, .. options]);
    }

    private CommunesImport Command() => new(
        () => Task.FromResult(new SetImport(
            (packed, count) =>
            {
                _published.Add(CommunesFile.Unpack(packed.Payload));
                Assert.Equal(count, _published[^1].Length);
                return Task.FromResult(true);
            },
            () => ValueTask.CompletedTask)), _output, _error, isTerminal: false);

    private string[] Lines() => _output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
