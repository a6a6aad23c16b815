using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Realtime.Pharmacies;
using Realtime.Tests.Cluster;
using Realtime.Tests.Identity;

namespace Realtime.Tests.Counter;

/// <summary>Real processes killed between a change and its retry, on both stores; timed, hence alone on the machine.</summary>
[Collection(nameof(ClusterTests))]
public sealed class CounterKillTests(PostgresServer postgres, ITestOutputHelper output)
{
    private const int Pharmacies = 40;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly (string, string) Development = ("ASPNETCORE_ENVIRONMENT", "Development");

    [Fact]
    public async Task What_is_sent_again_after_a_kill_of_the_whole_service_was_or_is_made_once()
    {
        var data = Directory.CreateTempSubdirectory("realtime-counter-kill-").FullName;
        using (var web = ProductProcess.Web(data, demo: true, out var client))
        using (client)
        {
            await client.WaitUntilReady(Patience);
            await Interrupt(client, await Tokens(client), web.Kill);
        }
        using (var web = ProductProcess.Web(data, demo: true, out var client))
        using (client)
        {
            await client.WaitUntilReady(Patience);
            await Settle([client], await Tokens(client));
        }
        Directory.Delete(data, recursive: true);
    }

    [Fact]
    public async Task What_is_sent_again_after_a_kill_of_the_silo_was_or_is_made_once_and_shows_on_every_web_node_within_a_second()
    {
        var store = await postgres.NewDatabase();
        using var first = ProductProcess.SiloNode(store, RealtimeHost.FreePort(), RealtimeHost.FreePort());
        // One that stays votes the dead one out.
        using var second = ProductProcess.SiloNode(store, RealtimeHost.FreePort(), RealtimeHost.FreePort());
        using var webs = ProductProcess.WebNode(store, out var one, settings: Development);
        using var others = ProductProcess.WebNode(store, out var two, settings: Development);
        using (one)
        using (two)
        {
            await one.WaitUntilReady(Patience);
            await two.WaitUntilReady(Patience);
            // Each says so in a line once it serves; of two that are still coming up the one that stays could not vote.
            await Until(() => Task.FromResult(first.Said.Contains("gateway", StringComparison.Ordinal) && second.Said.Contains("gateway", StringComparison.Ordinal)));
            var tokens = await Tokens(one);
            // A web node may not have found them yet.
            await Eventually(() => one.Change(tokens[0], HttpMethod.Put, Id(Pharmacies), "hours", new { hours = "24/7" }, 0, "warm"));
            await AssertSeenWithinASecond(one, two, tokens[0]);
            await Interrupt(one, tokens, first.Kill);
            await Settle([two, one], tokens);
        }
    }

    private static string Id(int index) => DemoCountry.IdOf(index).Value;

    // One token for all of them, and for the pharmacy of the first change.
    private static async Task<string[]> Tokens(HttpClient client) =>
        [await client.Token(string.Join(' ', Enumerable.Range(0, Pharmacies + 1).Select(i => $"staff:{Id(i)}")))];

    private static Task<HttpResponseMessage> Pause(HttpClient client, string[] tokens, int i) =>
        client.Change(tokens[0], HttpMethod.Post, Id(i), "pause", new { reason = "travaux" }, 0, $"key-{i}");

    private async Task Interrupt(HttpClient client, string[] tokens, Func<Task> kill)
    {
        var answered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var (done, over) = (0, false);
        // A few at a time, so that the kill falls among them.
        var posts = Parallel.ForEachAsync(Enumerable.Range(0, Pharmacies), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (i, _) =>
        {
            if (Volatile.Read(ref over))
                return;
            try
            {
                using var answer = await Pause(client, tokens, i);
                if (answer.IsSuccessStatusCode && Interlocked.Increment(ref done) == Pharmacies / 4)
                    answered.TrySetResult();
            }
            catch (HttpRequestException)
            {
                // Nobody knows whether it was made: that is what the retry is for.
            }
        });
        await answered.Task.WaitAsync(Patience);
        await kill();
        Volatile.Write(ref over, true);
        await posts;
        output.WriteLine($"{done} of {Pharmacies} answered before the kill");
    }

    private async Task Settle(HttpClient[] webs, string[] tokens)
    {
        var replayed = 0;
        for (var i = 0; i < Pharmacies; i++)
        {
            using var again = await Eventually(() => Pause(webs[0], tokens, i));
            replayed += again.Headers.Contains("Idempotency-Replayed") ? 1 : 0;
            Assert.Equal("\"1\"", again.Headers.ETag?.Tag);
            foreach (var web in webs)
                await Until(async () => (await web.GetFromJsonAsync<JsonElement>($"/api/v1/pharmacies/{Id(i)}")).TryGetProperty("paused", out _));
            var history = await webs[0].Send(HttpMethod.Get, $"/api/v1/counter/{Id(i)}/history?at={Uri.EscapeDataString(TimeProvider.System.GetUtcNow().ToString("O"))}", tokens[0]).Expect(200);
            Assert.Equal("pharmacy.paused", Assert.Single(history.GetProperty("events").EnumerateArray()).GetProperty("kind").GetString());
        }
        output.WriteLine($"{replayed} of {Pharmacies} replayed after it");
        Assert.InRange(replayed, Pharmacies / 4, Pharmacies);
    }

    private async Task AssertSeenWithinASecond(HttpClient one, HttpClient two, string token)
    {
        var slowest = TimeSpan.Zero;
        for (var seq = 1; seq <= 10; seq++)
        {
            await one.Change(token, HttpMethod.Put, Id(Pharmacies), "hours", new { hours = "24/7" }, seq).Expect(200);
            var answered = Stopwatch.GetTimestamp();
            var page = await one.GetFromJsonAsync<JsonElement>($"/api/v1/pharmacies/{Id(Pharmacies)}");
            Assert.Equal(seq + 1, page.GetProperty("seq").GetInt64());
            await Until(async () => (await two.GetFromJsonAsync<JsonElement>($"/api/v1/pharmacies/{Id(Pharmacies)}")).GetProperty("seq").GetInt64() == seq + 1);
            var took = Stopwatch.GetElapsedTime(answered);
            slowest = took > slowest ? took : slowest;
        }
        output.WriteLine($"seen on the other node at most {slowest.TotalMilliseconds:F0} ms after the answer");
        Assert.InRange(slowest.TotalSeconds, 0, 1);
    }

    // While the silo is away the answer is "try again", and nothing else.
    private static async Task<HttpResponseMessage> Eventually(Func<Task<HttpResponseMessage>> ask)
    {
        for (var started = Stopwatch.GetTimestamp(); ; await Task.Delay(100))
        {
            var answer = await ask();
            if (answer.IsSuccessStatusCode)
                return answer;
            Assert.True(answer.StatusCode == HttpStatusCode.ServiceUnavailable && answer.Headers.RetryAfter is not null, $"{answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
            answer.Dispose();
            Assert.True(Stopwatch.GetElapsedTime(started) < Patience, "It was not answered in time.");
        }
    }

    private static async Task Until(Func<Task<bool>> happened)
    {
        for (var started = Stopwatch.GetTimestamp(); !await happened(); await Task.Delay(5))
            Assert.True(Stopwatch.GetElapsedTime(started) < Patience, "It did not happen in time.");
    }
}
