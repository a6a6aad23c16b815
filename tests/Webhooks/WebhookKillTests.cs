using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Realtime.Orders;
using Realtime.Pharmacies;
using Realtime.Tests.Cluster;
using Realtime.Tests.Identity;
using Realtime.Tests.Orders;
using Realtime.Webhooks;

namespace Realtime.Tests.Webhooks;

/// <summary>The product as a real process that is killed while it tells of orders, to a receiver that fails now and then and to one that never takes anything.</summary>
[Collection(nameof(ClusterTests))]
public sealed class WebhookKillTests(ITestOutputHelper output)
{
    private const string Pharmacy = "990000010", Titulaire = "99900000011", Path = $"/api/v1/counter/{Pharmacy}/webhooks";

    private static int _buyers;

    // Long enough for what failed twice to be due again.
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task Every_event_arrives_though_the_process_is_killed_and_what_is_never_taken_is_not_lost_from_sight()
    {
        var kills = Campaign.Long ? 20 : 1;
        await using var receiver = await WebhookReceiver.Start();
        await using var refusing = await WebhookReceiver.Start(always: 500);
        var failed = new ConcurrentDictionary<string, bool>();
        // Two of five messages fail at first.
        receiver.Answer = (_, one) => Task.FromResult(one.Id.Sum(c => c) % 5 < 2 && failed.TryAdd(one.Id, true) ? 500 : 204);
        await using var service = await EmbeddedService.Start(SettingsOf(0));
        await Register(service, receiver.Url, refusing.Url);

        for (var kill = 0; kill < kills; kill++)
        {
            var before = receiver.All.Count;
            using var stop = new CancellationTokenSource();
            var orders = PlaceUntil(service, stop.Token);
            await receiver.Until(() => orders.IsFaulted || receiver.All.Count >= before + (Campaign.Long ? 12 : 5), "Messages before the kill", seconds: 60);
            service.Settings = SettingsOf(kill + 1);
            await service.Kill(kill);
            await stop.CancelAsync();
            await orders;
            await service.Whole();
        }

        var expected = await Expected(service);
        await receiver.Until(() => !Missing(expected, receiver.Taken).Any(), "Every message", seconds: 60);
        var lost = await UntilSeen(service, expected.Count);
        output.WriteLine($"| {kills} kills | {expected.Count} messages | arrived {receiver.Taken.Count()} | calls {receiver.All.Count} | failed at first {failed.Count} | never taken, in sight {expected.Count - lost} |");
        Assert.Equal(0, lost);
        Assert.NotEmpty(failed);
        // Under one id there is one body, however often it came; and the comparison sees what is missing.
        Assert.Equal(receiver.All.Select(one => one.Id).Distinct().Count(), receiver.All.Select(one => (one.Id, one.Body)).Distinct().Count());
        Assert.Single(Missing(expected, receiver.Taken.Skip(1)));
    }

    private static (string, string)[] SettingsOf(int kills) =>
    [
        ("DOTNET_STARTUP_HOOKS", System.IO.Path.Combine(AppContext.BaseDirectory, "Realtime.Tests.Writer.dll")),
        ("REALTIME_TESTS_AHEAD", (Ahead * kills).TotalSeconds.ToString(CultureInfo.InvariantCulture)),
        ("Realtime__WebhooksToPrivateAddresses", "true"),
    ];

    private static async Task Register(KillableService service, params string[] urls)
    {
        using var browser = await SignedIn(service);
        foreach (var url in urls)
        {
            using var added = await browser.Send(HttpMethod.Post, Path, new { url, events = WebhookMessages.Types });
            Assert.True(added.IsSuccessStatusCode, await added.Content.ReadAsStringAsync());
        }
        using var stocked = await service.Buyers.Send(HttpMethod.Put, $"/api/v1/counter/{Pharmacy}/stock/{OrderDesk.Ibuprofen}", await service.Buyers.Token($"staff:{Pharmacy}"), new { quantity = 5_000 });
        Assert.True(stocked.IsSuccessStatusCode, await stocked.Content.ReadAsStringAsync());
    }

    private static async Task<BrowserSession> SignedIn(KillableService service)
    {
        var browser = new BrowserSession(service.Buyers.BaseAddress!);
        await browser.SignIn(Titulaire);
        return browser;
    }

    // Whoever is cut off by the kill does not know; the journal does.
    private static async Task PlaceUntil(KillableService service, CancellationToken stop)
    {
        var buyers = service.Buyers;
        for (var number = 0; !stop.IsCancellationRequested; number++)
            try
            {
                var phone = Interlocked.Increment(ref _buyers);
                using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/pharmacies/{Pharmacy}/orders")
                {
                    Content = JsonContent.Create(new
                    {
                        lines = new[] { new { cip13 = OrderDesk.Ibuprofen, quantity = 1 } },
                        buyer = new { name = "Zoé Été", phone = $"06 {phone:D8}", birthDate = "1985-04-23" },
                        answers = new { },
                        consent = true,
                    }),
                };
                request.Headers.Add("Idempotency-Key", $"order-{number}-{phone}");
                using var answer = await buyers.SendAsync(request, stop);
                Assert.True(answer.IsSuccessStatusCode || (int)answer.StatusCode >= 500, await answer.Content.ReadAsStringAsync(stop));
            }
            catch (Exception cut) when (cut is HttpRequestException or OperationCanceledException or IOException)
            {
                await Task.Delay(20, CancellationToken.None);
            }
    }

    private static Task<HashSet<string>> Expected(KillableService service) => service.Opened(async journal =>
    {
        var (id, from) = (PharmacyId.Parse(Pharmacy), await EndpointFrom(journal));
        var rows = await journal.Read(OrderJson.StreamOf(id), from.Orders);
        return rows.SelectMany(row => WebhookMessages.Of(id, row.Seq, row.At, OrderJson.Read(row.Event.Kind, row.Event.Version, row.Event.Payload.Span)))
            .Select(message => message.Id.ToString()).ToHashSet(StringComparer.Ordinal);
    });

    private static async Task<WebhookCursor> EndpointFrom(Realtime.Journal.IJournal journal)
    {
        var row = (await journal.ReadRow(WebhookStreams.Of(PharmacyId.Parse(Pharmacy)), 1))!;
        return ((EndpointAdded)WebhookJson.Read(row.Event.Kind, row.Event.Version, row.Event.Payload.Span)).From;
    }

    private static IEnumerable<string> Missing(HashSet<string> expected, IEnumerable<string> taken) => expected.Except(taken, StringComparer.Ordinal);

    // What the one that never takes anything is owed, as its titulaire sees it: how many messages are in sight neither as waiting nor as dead.
    private static async Task<int> UntilSeen(KillableService service, int expected)
    {
        using var browser = await SignedIn(service);
        for (var started = TimeProvider.System.GetTimestamp(); ; await Task.Delay(100))
        {
            using var answer = await browser.Send(HttpMethod.Get, Path);
            var refusing = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("items").EnumerateArray().Last();
            var seen = refusing.Number("waiting") + refusing.Number("deadLetters");
            if (seen >= expected || TimeProvider.System.GetElapsedTime(started).TotalSeconds > 20)
                return expected - seen;
        }
    }
}
