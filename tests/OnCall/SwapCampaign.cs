using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using NodaTime;
using Realtime.OnCall;
using Realtime.Tests.Orders;

namespace Realtime.Tests.OnCall;

/// <summary>
/// Titulaires and planners who exchange nights of one sector while the product is killed. Each caller has nights of its own, so that it knows at any moment whose each must be;
/// a request is sent with its key until it is answered.
/// </summary>
internal sealed class SwapCampaign(KillableService service) : IAsyncDisposable
{
    private const string Planner = "planner:75";
    private const int Callers = 4, Nights = 6;
    private static readonly string[] Ids = RotaDesk.Pharmacies(500, 6);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly ConcurrentDictionary<string, string> _tokens = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<string> _confirmed = [];
    private readonly ConcurrentQueue<string> _sentences = new();
    private readonly CancellationTokenSource _over = new();
    // Whose each night is, by the answers.
    private readonly string[,] _owners = new string[Callers, Nights];
    private readonly LocalDate _first = Instant.FromDateTimeOffset(TimeProvider.System.GetUtcNow()).InUtc().Date.PlusDays(2);
    private int _key, _looks, _repeated;

    /// <summary>How many exchanges were confirmed.</summary>
    public int Confirmed => _confirmed.Count;

    /// <summary>How many looks at all nights at once were taken.</summary>
    public int Looks => _looks;

    /// <summary>How many requests had to be sent again.</summary>
    public int Repeated => _repeated;

    /// <summary>What went wrong.</summary>
    public IReadOnlyCollection<string> Sentences => _sentences;

    /// <summary>Makes the sector and its rota.</summary>
    public async Task Begin()
    {
        foreach (var scope in Ids.Select(id => $"titulaire:{id}").Append(Planner))
            _tokens[scope] = await Identity.DemoTokens.Token(service.Buyers, scope);
        await Send(HttpMethod.Put, "sectors/KS", new { name = "Secteur", department = "75", pharmacies = Ids, kinds = new[] { new { kind = "night", disclosure = "public", horizonDays = 90 } } }, Planner);
        for (var caller = 0; caller < Callers; caller++)
            for (var night = 0; night < Nights; night++)
                _owners[caller, night] = Ids[(caller + night) % Ids.Length];
        var periods = Enumerable.Range(0, Callers * Nights).Select(i => RotaDesk.Night(_owners[i / Nights, i % Nights], Date(i / Nights, i % Nights)));
        await Send(HttpMethod.Put, "sectors/KS/rota", new { periods }, Planner);
    }

    /// <summary>Exchanges while the product is killed so many times.</summary>
    public async Task Run(int kills, int between)
    {
        var callers = Enumerable.Range(0, Callers).Select(caller => Task.Run(() => Exchange(caller))).ToArray();
        var watcher = Task.Run(Look);
        for (var kill = 0; kill < kills; kill++)
        {
            for (var (enough, waited) = (Confirmed + between, Stopwatch.StartNew()); Confirmed < enough; await Task.Delay(10))
                Assert.True(waited.Elapsed < Patience, $"Nothing was confirmed for {Patience}.\n{string.Join('\n', _sentences)}\n{service.Said}");
            // Not always at the same point of an exchange.
            await Task.Delay((kill * 37) % 150);
            await service.Kill(kill);
        }
        for (var enough = Confirmed + between; Confirmed < enough && !callers.All(caller => caller.IsCompleted);)
            await Task.Delay(10);
        await _over.CancelAsync();
        await Task.WhenAll([.. callers, watcher]);
        await service.Whole();
    }

    /// <summary>Compares what was acknowledged with what is there.</summary>
    public async Task Check()
    {
        var duties = await Duties() ?? throw new InvalidOperationException("The product does not answer.");
        for (var caller = 0; caller < Callers; caller++)
            for (var night = 0; night < Nights; night++)
                if (!duties.TryGetValue(Date(caller, night), out var of) || of is not [var owner] || owner != _owners[caller, night])
                    _sentences.Enqueue($"{Date(caller, night)} is {string.Join(" and ", of ?? [])}'s and should be {_owners[caller, night]}'s.");
        var rows = await service.Opened(journal => journal.Read(RotaStreams.Of("75"), 0, CancellationToken.None));
        var made = rows.Where(row => row.Event.Kind == "swap.confirmed").Select(row => JsonDocument.Parse(row.Event.Payload).RootElement.Text("id")!).ToArray();
        foreach (var id in made.GroupBy(id => id).Where(group => group.Count() > 1))
            _sentences.Enqueue($"{id.Key} was made {id.Count()} times.");
        if (!made.Order(StringComparer.Ordinal).SequenceEqual(_confirmed.Order(StringComparer.Ordinal)))
            _sentences.Enqueue($"{_confirmed.Count} were acknowledged and {made.Length} are in the journal.");
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        _over.Dispose();
    }

    // One exchange after the other: its first and its second night of two pharmacies, proposed by the one titulaire, accepted by the other, confirmed by the planner.
    private async Task Exchange(int caller)
    {
        var random = new Random(Campaign.Seed + caller);
        while (!_over.IsCancellationRequested)
        {
            var (one, other) = (random.Next(Nights), random.Next(Nights));
            var (owner, neighbour) = (_owners[caller, one], _owners[caller, other]);
            if (owner == neighbour)
                continue;
            try
            {
                var proposed = await Send(HttpMethod.Post, "swaps", new { give = RotaDesk.KeyOf("KS", owner, Date(caller, one)), take = RotaDesk.KeyOf("KS", neighbour, Date(caller, other)) }, $"titulaire:{owner}");
                var id = proposed.GetProperty("swap").Text("id")!;
                await Send(HttpMethod.Post, $"swaps/{id}/accept", null, $"titulaire:{neighbour}");
                var done = await Send(HttpMethod.Post, $"swaps/{id}/confirm", null, Planner);
                (_owners[caller, one], _owners[caller, other]) = (neighbour, owner);
                _confirmed.Add(id);
                if (done.GetProperty("swap").Text("state") != "confirmed")
                    _sentences.Enqueue($"{id} was confirmed and is {done.GetProperty("swap").Text("state")}.");
            }
            catch (InvalidOperationException refused)
            {
                _sentences.Enqueue(refused.Message);
                return;
            }
        }
    }

    // All nights in one answer: whatever is half done would be seen as a pharmacy that has a night too many among the nights of one caller.
    private async Task Look()
    {
        while (!_over.IsCancellationRequested)
        {
            if (await Duties() is { } duties)
            {
                Interlocked.Increment(ref _looks);
                for (var caller = 0; caller < Callers; caller++)
                {
                    var nights = Enumerable.Range(0, Nights).Select(night => duties.GetValueOrDefault(Date(caller, night), [])).ToArray();
                    var expected = Enumerable.Range(0, Nights).Select(night => Ids[(caller + night) % Ids.Length]);
                    if (nights.Any(of => of.Length != 1) || !nights.SelectMany(of => of).Order(StringComparer.Ordinal).SequenceEqual(expected.Order(StringComparer.Ordinal)))
                        _sentences.Enqueue($"The nights of caller {caller} are {string.Join(", ", nights.Select(of => string.Join('+', of)))}.");
                }
            }
            await Task.Delay(5);
        }
    }

    // Null while nobody answers.
    private async Task<Dictionary<LocalDate, string[]>?> Duties()
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/oncall/departments/75/duties?sector=KS&from={RotaDesk.At(_first, 0)}&to={RotaDesk.At(_first.PlusDays((Callers * Nights) + 1), 0)}");
            request.Headers.Authorization = new("Bearer", _tokens[Planner]);
            using var answer = await service.Buyers.SendAsync(request);
            if (!answer.IsSuccessStatusCode)
                return null;
            return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("items").EnumerateArray()
                .GroupBy(duty => LocalDate.FromDateTime(DateTimeOffset.Parse(duty.Text("start")!, System.Globalization.CultureInfo.InvariantCulture).Date), duty => duty.Text("pharmacy")!)
                .ToDictionary(group => group.Key, group => group.ToArray());
        }
        catch (Exception gone) when (gone is HttpRequestException or TaskCanceledException or JsonException or IOException)
        {
            return null;
        }
    }

    // Until it is answered; a refusal is thrown.
    private async Task<JsonElement> Send(HttpMethod method, string path, object? body, string scope)
    {
        var key = $"swap-{Interlocked.Increment(ref _key)}";
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < Patience; Interlocked.Increment(ref _repeated))
        {
            try
            {
                using var request = new HttpRequestMessage(method, $"/api/v1/oncall/{path}") { Content = body is null ? null : JsonContent.Create(body) };
                request.Headers.Authorization = new("Bearer", _tokens[scope]);
                request.Headers.Add("Idempotency-Key", key);
                using var answer = await service.Buyers.SendAsync(request);
                var text = await answer.Content.ReadAsStringAsync();
                if (answer.IsSuccessStatusCode)
                    return JsonDocument.Parse(text).RootElement;
                if (answer.StatusCode is not (HttpStatusCode.ServiceUnavailable or HttpStatusCode.InternalServerError))
                    throw new InvalidOperationException($"{method} {path}: {(int)answer.StatusCode} {text}");
                if (answer.StatusCode == HttpStatusCode.InternalServerError)
                    _sentences.Enqueue($"{method} {path}: {text}");
            }
            catch (Exception gone) when (gone is HttpRequestException or TaskCanceledException or JsonException or IOException)
            {
                // Killed meanwhile: nobody knows whether it was carried out, so the same request is sent again.
            }
            await Task.Delay(50);
        }
        throw new InvalidOperationException($"{method} {path} was not answered for {Patience}.");
    }

    private LocalDate Date(int caller, int night) => _first.PlusDays((caller * Nights) + night);
}
