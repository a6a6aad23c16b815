using NodaTime;
using Realtime.Tests.Counter;
using Realtime.Tests.Orders;

namespace Realtime.Tests.OnCall;

/// <summary>Duty of pharmacies that somebody imported, and the store that it leaves behind.</summary>
public sealed class RotaStoreTests : IDisposable
{
    private const string File = "Finess;Titre;\"Adresse_voie 1\";\"Adresse_voie 2\";Adresse_codepostal;Adresse_ville;Modalites_accueil;Adresse_latitude;Adresse_longitude\n750020927;Une;;;75012;Paris;;48.8;2.3\n750032955;Deux;;;75018;Paris;;48.8;2.3\n";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly string[] Ids = ["750020927", "750032955"];

    private readonly string _data = Directory.CreateTempSubdirectory("realtime-rota-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task A_real_pharmacy_gets_duty_which_a_node_that_starts_again_shows_and_the_audit_finds_whole()
    {
        var file = Path.Combine(_data, "file.csv");
        await System.IO.File.WriteAllTextAsync(file, File, TestContext.Current.CancellationToken);
        Assert.Equal(0, (await Run("import", "santefr", file)).ExitCode);
        var today = Instant.FromDateTimeOffset(TimeProvider.System.GetUtcNow()).InUtc().Date;
        string[] nights;
        await using (var host = await RealtimeHost.Start(demo: true, dataDirectory: _data))
        {
            var desk = new RotaDesk(host.Client);
            await desk.Sector("REAL", Ids);
            await desk.Rota("REAL", RotaDesk.Night(Ids[0], today.PlusDays(1)), RotaDesk.Night(Ids[1], today.PlusDays(2)));
            await desk.Call(HttpMethod.Put, "sectors/REAL/draft", new { periods = new[] { RotaDesk.Night(Ids[0], today.PlusDays(9)) } }).Expect(200);
            var swap = (await desk.Call(HttpMethod.Post, "swaps", new { give = RotaDesk.KeyOf("REAL", Ids[0], today.PlusDays(1)), take = RotaDesk.KeyOf("REAL", Ids[1], today.PlusDays(2)) }).Expect(201)).GetProperty("swap").Text("id");
            await desk.Call(HttpMethod.Post, $"swaps/{swap}/accept").Expect(200);
            await desk.Call(HttpMethod.Post, $"swaps/{swap}/confirm").Expect(200);
            await desk.Call(HttpMethod.Post, "departments/75/measures", new { kind = "strike", start = RotaDesk.At(today.PlusDays(1), 22), end = RotaDesk.At(today.PlusDays(1), 23), reason = "Grève", sector = "REAL" }).Expect(201);
            nights = await desk.OnCall(Ids[0], today, 7);
            Assert.Single(nights);
            Assert.Equal(2, (await desk.OnCall(Ids[1], today, 7)).Length);
        }

        await using (var host = await RealtimeHost.Start(demo: false, dataDirectory: _data))
        {
            var desk = new RotaDesk(host.Client);
            Assert.Equal(nights, await desk.OnCall(Ids[0], today, 7));
            Assert.Equal(2, (await desk.OnCall(Ids[1], today, 7)).Length);
        }

        var audit = await Run("audit", "verify");
        Assert.True(audit.ExitCode == 0, string.Join('\n', audit.Output) + audit.Errors);
        Assert.Contains("public facts: 3 computed anew from their rows", string.Join('\n', audit.Output), StringComparison.Ordinal);
    }

    private async Task<(int ExitCode, string[] Output, string Errors)> Run(params string[] words)
    {
        using var silo = ProductProcess.Silo(_data, words);
        return await silo.End(Patience);
    }
}
