using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Realtime.Tests.Pharmacies;

/// <summary>The real file, imported by the real command into a real store, then served by the real service.</summary>
public sealed class ImportedCountryTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly string _data = Directory.CreateTempSubdirectory("realtime-import-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task The_published_file_is_imported_once_and_nobody_is_shown_open_on_the_first_of_May()
    {
        var file = Campaign.SharedData("santefr/lieux-vaccination-grippe-pharmacie.csv");

        var first = await Import(file);
        Assert.Equal("read 3757, accepted 3756, rejected 1", first.Output[^1]);
        Assert.Contains(first.Output, line => line.Contains("160011565", StringComparison.Ordinal) && line.Contains("Pharmacie De Vars", StringComparison.Ordinal));
        var written = Rows();
        Assert.Equal(3_756, written);

        var second = await Import(file);
        Assert.Equal("created 0, updated 0, unchanged 3756", second.Output[^2]);
        Assert.Equal("read 3757, accepted 3756, rejected 1", second.Output[^1]);
        Assert.Equal(written, Rows());

        using var web = ProductProcess.Web(_data, demo: false, out var client);
        using (client)
        {
            await client.WaitUntilReady(TimeSpan.FromSeconds(30));
            await AssertServed(client);
            await AssertRefusedWhileInUse(file);
        }
    }

    [Fact]
    public async Task What_the_register_and_the_map_state_is_served_and_imported_once()
    {
        var (register, map) = (Campaign.SharedData("finess/finess-cs1100507-2016-extrait.csv"), Campaign.SharedData("osm/niort-pharmacies-osm-2019.geojson"));
        // The register with one pharmacy of the map in it, at the townhall of Ambérieu, where it is not.
        var both = Path.Combine(_data, "register.csv");
        await File.WriteAllTextAsync(both, (await File.ReadAllTextAsync(register)).Replace("010002335", "790010250", StringComparison.Ordinal));

        Assert.Equal(["created 31, updated 0, unchanged 0", "read 33, accepted 31, rejected 2"], (await Import(map, "osm")).Output[^2..]);
        Assert.Equal(["created 2, updated 1, unchanged 0", "read 3, accepted 3, rejected 0"], (await Import(both, "finess")).Output[^2..]);
        Assert.Equal(["created 0, updated 0, unchanged 31", "read 33, accepted 31, rejected 2"], (await Import(map, "osm")).Output[^2..]);
        Assert.Equal(34, Rows());

        using var web = ProductProcess.Web(_data, demo: false, out var client);
        using (client)
        {
            await client.WaitUntilReady(TimeSpan.FromSeconds(30));
            var page = await client.GetFromJsonAsync<JsonElement>("/api/v1/pharmacies/790010250");
            Assert.Equal(("PHARMACIE DE FLAUGERGUES", "Mo-Sa 08:30-20:00", "import"), (page.GetProperty("name").GetString(), page.GetProperty("hours").GetString(), page.GetProperty("hoursSource").GetString()));
            Assert.Equal(["finess", "osm"], page.GetProperty("sources").EnumerateArray().Select(source => source.GetProperty("source").GetString()));
            Assert.InRange(page.GetProperty("lat").GetDouble(), 45.9, 46.0);
        }
    }

    private static async Task AssertServed(HttpClient client)
    {
        // The whole country in boxes that stay below the map's bound: nobody is open on the holiday, thousands the day before.
        var (holiday, eve) = (await Everybody(client, "2027-05-01T11:00:00%2B02:00"), await Everybody(client, "2027-04-30T11:00:00%2B02:00"));
        Assert.Equal(3_756, holiday.Count);
        Assert.DoesNotContain("open", holiday);
        Assert.InRange(eve.Count(s => s == "open"), 2_000, 3_756);
        var nearest = await client.GetFromJsonAsync<JsonElement>("/api/v1/pharmacies/nearest?lat=48.8566&lon=2.3522&at=2027-05-01T11:00:00%2B02:00");
        Assert.Empty(nearest.GetProperty("items").EnumerateArray());
        var page = await client.GetFromJsonAsync<JsonElement>("/api/v1/pharmacies/750020927");
        Assert.Equal("Mo-Sa 08:30-20:30", page.GetProperty("hours").GetString());
        Assert.Equal("import", page.GetProperty("hoursSource").GetString());
        Assert.Equal(1, page.GetProperty("seq").GetInt64());
    }

    private async Task AssertRefusedWhileInUse(string file)
    {
        var refused = await Import(file);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("in use", refused.Errors, StringComparison.Ordinal);
    }

    private static async Task<List<string>> Everybody(HttpClient client, string at)
    {
        var map = await client.GetFromJsonAsync<JsonElement>($"/api/v1/pharmacies?bbox=-180,-90,180,90&at={at}");
        return [.. map.GetProperty("features").EnumerateArray().Select(f => f.GetProperty("properties").GetProperty("status").GetProperty("state").GetString()!)];
    }

    private async Task<(int ExitCode, string[] Output, string Errors)> Import(string file, string kind = "santefr")
    {
        using var silo = ProductProcess.Silo(_data, "import", kind, file);
        return await silo.End(Patience);
    }

    private long Rows()
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_data, "realtime.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM journal WHERE stream LIKE 'pharmacy/%'";
        return (long)command.ExecuteScalar()!;
    }
}
