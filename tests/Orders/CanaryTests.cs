using System.Diagnostics;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Realtime.Pharmacies;
using Realtime.Tests.Counter;
using Realtime.Tests.Identity;
using Realtime.Tests.Mail;

namespace Realtime.Tests.Orders;

/// <summary>
/// Buyers with names like no other order, write, wait and are refused, through real processes that log all they can. Then every byte that is kept or told anywhere is looked
/// at: none of what is personal stands in clear.
/// </summary>
public sealed class CanaryTests(PostgresServer postgres, ITestOutputHelper output)
{
    // What is personal carries the first, or a telephone or a day of birth that only these buyers have; what is public, and may stand in clear, the second.
    private const string Canary = "Zorglub9471", Telephone = "+33699471", Birth = "1931-02-17", Open = "Schlumpf3355";
    private const int Pharmacies = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly (string, string)[] Talkative =
    [
        ("Logging__LogLevel__Default", "Debug"), ("Logging__LogLevel__Microsoft", "Debug"), ("Logging__LogLevel__Microsoft.AspNetCore", "Debug"), ("Logging__LogLevel__Orleans", "Debug"), ("Logging__LogLevel__Polly", "Debug"),
        ("Logging__LogLevel__Npgsql", "Debug"), ("Logging__LogLevel__OpenIddict", "Debug"), ("Logging__LogLevel__Realtime.Journal.AuditKeeper", "Debug"),
    ];

    private static int Orders => Campaign.Long ? 1_000 : 200;

    [Fact]
    public void The_scan_finds_a_word_in_every_form_and_wherever_it_stands()
    {
        var folder = Directory.CreateTempSubdirectory("realtime-canary-").FullName;
        try
        {
            var clear = Encoding.UTF8.GetBytes($"xxx {Canary} yyy");
            var forms = new (string Name, byte[] Bytes)[]
            {
                ("utf8", clear), ("utf16", Encoding.Unicode.GetBytes(Canary)), ("capitals", Encoding.UTF8.GetBytes(Canary.ToUpperInvariant())), ("hex", Encoding.ASCII.GetBytes(Convert.ToHexString(clear))),
                ("base64-0", Encoding.ASCII.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes($"abc{Canary}d")))), ("base64-1", Encoding.ASCII.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes($"a{Canary}dd")))),
                ("base64-2", Encoding.ASCII.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes($"ab{Canary}")))), ("deep/down", [.. new byte[100_000], .. clear]),
            };
            Directory.CreateDirectory(Path.Combine(folder, "deep"));
            foreach (var (name, bytes) in forms)
                File.WriteAllBytes(Path.Combine(folder, name), bytes);
            File.WriteAllText(Path.Combine(folder, "clean"), "Zorglub 9471");

            Assert.Equal(forms.Select(form => form.Name).Order(StringComparer.Ordinal), new CanaryScan(Canary).In(folder).Select(hit => hit.Split(':')[0]).Distinct().Order(StringComparer.Ordinal));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task On_SQLite_nothing_personal_stands_in_clear_anywhere()
    {
        var (data, logs) = (Directory.CreateTempSubdirectory("realtime-canary-").FullName, Directory.CreateTempSubdirectory("realtime-canary-logs-").FullName);
        await using var mail = await SmtpServer.Start(new() { Answers = ["never", "later", "hangup", "take"] });
        var ops = RealtimeHost.FreePort();
        try
        {
            using var web = ProductProcess.Web(data, demo: true, out var client, [.. Talkative, .. Mail(mail), ("Realtime__OpsUrl", $"http://127.0.0.1:{ops}")]);
            using (client)
            {
                await client.WaitUntilReady(Patience);
                await Trade(client);
                await Metrics(ops, logs);
                // The write-ahead logs are there only while it runs.
                Assert.Contains(Directory.EnumerateFiles(data), file => file.EndsWith("realtime.db-wal", StringComparison.Ordinal));
                Expect(data, "realtime.db");
                await web.Terminate();
                await Logs(web, logs, "web");
            }
            Expect(data, "realtime.db");
            Expect(logs, "web");
        }
        finally
        {
            Directory.Delete(data, recursive: true);
            Directory.Delete(logs, recursive: true);
        }
    }

    [Fact]
    public async Task On_PostgreSQL_nothing_personal_stands_in_clear_anywhere()
    {
        var (store, logs) = (await postgres.NewDatabase(), Directory.CreateTempSubdirectory("realtime-canary-logs-").FullName);
        await using var mail = await SmtpServer.Start(new() { Answers = ["never", "later", "hangup", "take"] });
        var ops = RealtimeHost.FreePort();
        try
        {
            using var silo = ProductProcess.SiloNode(store, RealtimeHost.FreePort(), RealtimeHost.FreePort(), [.. Talkative, .. Mail(mail)]);
            using var web = ProductProcess.WebNode(store, out var client, demo: true, [.. Talkative, ("ASPNETCORE_ENVIRONMENT", "Development"), ("Realtime__RateLimits", "false"), ("Realtime__OpsUrl", $"http://127.0.0.1:{ops}")]);
            using (client)
            {
                await client.WaitUntilReady(Patience);
                await Trade(client);
                await Metrics(ops, logs);
                foreach (var (process, name) in ((ProductProcess, string)[])[(web, "web"), (silo, "silo")])
                {
                    await process.Terminate();
                    await Logs(process, logs, name);
                }
            }
            // Heap, indexes and pg_wal as they are, and each table as text: what PostgreSQL packs is unpacked there.
            Expect(await postgres.Files(), "");
            await File.WriteAllTextAsync(Path.Combine(logs, "tables"), await Tables(store));
            Expect(logs, "web");
            Assert.Contains(new CanaryScan(Open).In(logs), hit => hit.StartsWith("tables", StringComparison.Ordinal));
        }
        finally
        {
            Directory.Delete(logs, recursive: true);
        }
    }

    // None of what is personal, and, by the very same scan, what is public.
    private void Expect(string folder, string control)
    {
        var scan = new CanaryScan(Canary, Telephone, Birth);
        Assert.Equal([], scan.In(folder));
        var seen = new CanaryScan(Open).In(folder);
        Assert.Contains(seen, hit => hit.StartsWith(control, StringComparison.Ordinal));
        output.WriteLine($"{Orders} orders: {scan.Megabytes} MB of {Path.GetFileName(folder)} hold nothing personal; what is public stands in {seen.Select(hit => hit.Split(':')[0]).Distinct().Count()} of its files");
    }

    private static (string, string)[] Mail(SmtpServer server) =>
        [("Realtime__SmtpHost", "127.0.0.1"), ("Realtime__SmtpPort", $"{server.Port}"), ("Realtime__SmtpSecurity", "none"), ("Realtime__MailFrom", "no-reply@pharmacies.example")];

    private static async Task Metrics(int port, string folder)
    {
        using var ops = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        var metrics = await ops.GetStringAsync("/metrics");
        Assert.Contains("http_route=\"/api/v1/pharmacies/{id}/orders\"", metrics, StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(folder, "metrics"), metrics);
    }

    private static async Task Logs(ProductProcess process, string folder, string name)
    {
        var (exitCode, lines, errors) = await process.End(Patience);
        Assert.Equal(0, exitCode);
        Assert.Contains(lines, line => line.StartsWith("dbug:", StringComparison.Ordinal));
        await File.WriteAllLinesAsync(Path.Combine(folder, name), [.. lines, errors]);
    }

    private static async Task<string> Tables(string store)
    {
        await using var source = NpgsqlDataSource.Create(store);
        var text = new StringBuilder();
        var tables = new List<string>();
        await using (var names = source.CreateCommand("SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"))
        await using (var reader = await names.ExecuteReaderAsync())
            while (await reader.ReadAsync())
                tables.Add(reader.GetString(0));
        Assert.InRange(tables.Count, 5, 100);
        foreach (var table in tables)
        {
            await using var rows = source.CreateCommand($"SELECT t::text FROM {table} t");
            await using var reader = await rows.ExecuteReaderAsync();
            while (await reader.ReadAsync())
                text.AppendLine(reader.GetString(0));
        }
        return text.ToString();
    }

    // ---- What happens ----

    private static async Task Trade(HttpClient client)
    {
        var counters = await Task.WhenAll(Enumerable.Range(0, Pharmacies).Select(i => Counter.Open(client, DemoCountry.IdOf(200 + i).Value)));
        try
        {
            await Parallel.ForEachAsync(Enumerable.Range(0, Orders), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) => await counters[i % Pharmacies].Serve(i));
            foreach (var counter in counters)
                await counter.Look();
            // What is public, and what anybody may see in a log.
            await client.GetAsync($"/api/v1/pharmacies/{Open}");
        }
        finally
        {
            foreach (var counter in counters)
                await counter.DisposeAsync();
        }
    }

    /// <summary>One pharmacy, and what its buyers and its staff do.</summary>
    private sealed class Counter(HttpClient client, string id, string token, HubConnection till, HubConnection phone) : IAsyncDisposable
    {
        // Any point of P-256 will do: the browser's of RFC 8291, appendix A.
        private const string Product = OrderDesk.Suppository, BrowserKey = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";

        public static async Task<Counter> Open(HttpClient client, string id)
        {
            var token = await client.Token($"staff:{id}");
            var till = new HubConnectionBuilder().WithUrl(new Uri(client.BaseAddress!, "/hubs/counter"), options => options.AccessTokenProvider = () => Task.FromResult<string?>(token)).Build();
            var phone = new HubConnectionBuilder().WithUrl(new Uri(client.BaseAddress!, "/hubs/live")).AddMessagePackProtocol().Build();
            var counter = new Counter(client, id, token, till, phone);
            await till.StartAsync();
            await phone.StartAsync();
            await Join(till, id);
            await client.Change(token, HttpMethod.Put, id, "hours", new { hours = "24/7; PH open" }, 0).Expect(200);
            await client.Change(token, HttpMethod.Post, id, "closures", new { start = "2089-12-30T00:00:00Z", end = "2089-12-31T00:00:00Z", reason = CanaryTests.Open }, 1).Expect(201);
            await client.Change(token, HttpMethod.Put, id, $"stock/{Product}", new { quantity = 50_000 }, null).Expect(200);
            return counter;
        }

        // A web node is ready before it has found its first silo.
        private static async Task Join(HubConnection till, string id)
        {
            for (var begun = Stopwatch.StartNew(); ; await Task.Delay(200))
                try
                {
                    await till.InvokeAsync<JsonElement>("JoinCounter", id);
                    return;
                }
                catch (HubException early) when (begun.Elapsed < Patience && early.Message.Contains("overloaded", StringComparison.Ordinal))
                {
                    // As any counter does, it asks again.
                }
        }

        public async Task Serve(int i)
        {
            var order = Taken.Of(await Send(HttpMethod.Post, $"/api/v1/pharmacies/{id}/orders", null, Asks(i), $"{Canary}-{i}").Expect(201));
            // The same again, another under the same key, and one whose shape is wrong: what is refused is not written down either.
            await Send(HttpMethod.Post, $"/api/v1/pharmacies/{id}/orders", null, Asks(i), $"{Canary}-{i}").Expect(201);
            await Send(HttpMethod.Post, $"/api/v1/pharmacies/{id}/orders", null, Asks(i + 100_000), $"{Canary}-{i}").Expect(422);
            await Send(HttpMethod.Post, $"/api/v1/pharmacies/{id}/orders", null, new { lines = 7, buyer = new { name = Canary } }, $"{Canary}-wrong-{i}").Expect(400);
            if (i / Pharmacies % 2 == 0)
                await phone.InvokeAsync<object>("WatchOrder", order.Id, order.Token);
            await Send(HttpMethod.Post, $"/api/v1/orders/{order.Id}/messages", order.Token, new { text = $"Je suis {Canary} {i}" }).Expect(200);
            await Act(order, "message", new { text = $"Bonjour {Canary} {i}" }, 2);
            // Nobody is there: it is told again and again, and stays owed.
            await Send(HttpMethod.Post, $"/api/v1/orders/{order.Id}/push", order.Token, new { endpoint = $"https://push.example.org/{Canary}-{i}", keys = new { p256dh = BrowserKey, auth = "BTBZMqHH6r4Tts7J_aSIgg" } }).Expect(200);
            switch (i % 5)
            {
                case 0:
                    await Act(order, "refuse", new { reason = $"pas pour {Canary}" }, 3);
                    break;
                case 1:
                    await Act(order, "accept", null, 3);
                    await Act(order, "ready", null, 4);
                    await Act(order, "collect", new { identityChecked = true, reason = $"passeport de {Canary}" }, 5);
                    break;
                case 2:
                    await Send(HttpMethod.Post, $"/api/v1/orders/{order.Id}/cancel", order.Token).Expect(200);
                    break;
                case 3:
                    await Act(order, "accept", null, 3);
                    await Act(order, "undo", new { reason = $"erreur sur {Canary}" }, 4);
                    await till.InvokeAsync("Acknowledge", order.Id);
                    break;
                default:
                    await Send(HttpMethod.Post, $"/api/v1/pharmacies/{id}/products/{OrderDesk.Ibuprofen}/waiting", null, new { email = $"{Canary}.{i}@example.org", quantity = 99, consent = true }).Expect(201);
                    await client.Change(token, HttpMethod.Post, id, "orders", Asks(i + 200_000), null, $"{Canary}-down-{i}").Expect(201);
                    break;
            }
            await Send(HttpMethod.Get, $"/api/v1/orders/{order.Id}", order.Token).Expect(200);
        }

        // Who may, reads it: it is there, and sealed.
        public async Task Look()
        {
            var list = await client.Change(token, HttpMethod.Get, id, "orders?limit=1000", null, null).Expect(200);
            Assert.All(list.GetProperty("items").EnumerateArray(), order => Assert.StartsWith(Canary, order.GetProperty("buyer").Text("name"), StringComparison.Ordinal));
            var joined = await till.InvokeAsync<JsonElement>("JoinCounter", id);
            Assert.Contains(Canary, joined.GetRawText(), StringComparison.Ordinal);
        }

        public async ValueTask DisposeAsync()
        {
            await till.DisposeAsync();
            await phone.DisposeAsync();
        }

        private static object Asks(int i) => new
        {
            lines = new[] { new { cip13 = Product, quantity = 1 } },
            buyer = new { name = $"{Canary} {i}", phone = $"{Telephone}{i:D6}", email = $"{Canary}.{i}@example.org", birthDate = Birth },
            answers = new Dictionary<string, object> { ["treated"] = new { relation = $"cousin {Canary}", birthYear = 1990 }, [$"q {Canary}"] = $"r {Canary}" },
            consent = true,
            note = $"pour {Canary} {i}",
        };

        private async Task Act(Taken order, string act, object? body, long seq) => await client.Change(token, HttpMethod.Post, id, $"orders/{order.Id}/{act}", body, seq, $"{Canary}-{act}-{order.Id[^6..]}").Expect(200);

        private async Task<HttpResponseMessage> Send(HttpMethod method, string path, string? bearer, object? body = null, string? key = null)
        {
            using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
            if (bearer is not null)
                request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {bearer}");
            if (key is not null)
                request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
            return await client.SendAsync(request);
        }
    }
}
