using NodaTime;
using Realtime.Pharmacies;
using Realtime.Tests.Counter;
using Realtime.Tests.Orders;

namespace Realtime.Tests.OnCall;

/// <summary>
/// A world with hidden duty beside a twin without it: whatever the public asks, orders or watches must be the same to the byte. Both have the same sectors, the same public duty, closures
/// and orders; the first has a hidden rota too, drafts, exchanges and measures about it.
/// </summary>
public sealed class HiddenDutyTests(ITestOutputHelper output) : IAsyncLifetime
{
    // Monday 23 November 2026, ten in the morning in Paris.
    private static readonly Instant Monday = Instant.FromUtc(2026, 11, 23, 9, 0);
    private static readonly LocalDate Today = new(2026, 11, 23);
    private const string Product = OrderDesk.Ibuprofen;

    // Four that one sector of hidden nights has, two of a sector of hidden nights and public Sundays, one of a public sector, and one of none.
    private static readonly string[] Ids = RotaDesk.Pharmacies(400, 8);

    private TwinWorld _hidden = null!, _plain = null!;
    private int _answers, _heard, _differing;
    private string? _firstDifference;

    public async ValueTask InitializeAsync()
    {
        var worlds = await Task.WhenAll(TwinWorld.Start(Monday), TwinWorld.Start(Monday));
        (_hidden, _plain) = (worlds[0], worlds[1]);
    }

    public async ValueTask DisposeAsync()
    {
        await _hidden.DisposeAsync();
        await _plain.DisposeAsync();
    }

    [Fact]
    public async Task Whatever_the_public_asks_orders_or_watches_hidden_duty_changes_no_byte_of_it()
    {
        await Both(Begin);
        await Watch();
        await Compare(Monday);
        await PlanHidden();
        await Compare(Monday);

        foreach (var at in new[] { At(0, 18), At(0, 18) + Duration.FromMinutes(30), At(0, 19), At(0, 23) })
            await Go(at);
        await ChangeHidden();
        await Compare(At(0, 23));
        await Go(At(1, 8));
        // A closure over a night of hidden duty, and one that a neighbour stands in for.
        await Both(async world => await world.Orders.Change(HttpMethod.Post, Ids[1], "closures", new { start = RotaDesk.At(Today.PlusDays(1), 18), end = RotaDesk.At(Today.PlusDays(2), 10), reason = "travaux", reliefPharmacy = Ids[0] }, 2).Expect(201));
        await Exchange();
        await Compare(At(1, 8));
        foreach (var at in new[] { At(1, 20), At(2, 3), At(2, 12), At(6, 8) - Duration.FromSeconds(1), At(6, 8), At(6, 10), At(7, 20) })
            await Go(at);

        output.WriteLine($"{_answers} answers and {_plain.Heard.Count} messages compared, {_differing} differing bytes");
        Assert.True(_differing == 0, _firstDifference);
        Assert.InRange(_plain.Heard.Count, 20, int.MaxValue);

        // The same duty where it is public is seen everywhere: what was compared would have shown it.
        await Both(world => world.Desk.Sector("HN", Ids[..4], kind: "night"));
        await Settle(At(7, 20));
        await AskAll(At(7, 20));
        await Hear();
        output.WriteLine($"control: public, it makes {_differing} bytes differ");
        Assert.InRange(_differing, 1_000, int.MaxValue);
        Assert.NotEqual(_hidden.Heard, _plain.Heard);
        Assert.NotEqual(await _hidden.Order(Ids[3]), await _plain.Order(Ids[3]));
    }

    // ---- What happens in both ----

    private static async Task Begin(TwinWorld world)
    {
        foreach (var id in Ids)
        {
            await world.Orders.Change(HttpMethod.Put, id, "hours", new { hours = "Mo-Sa 09:00-19:00; PH off" }, 0).Expect(200);
            await world.Orders.Change(HttpMethod.Put, id, "page", new { phone = "01 99 00 00 00", services = Array.Empty<string>(), news = Array.Empty<string>(), modules = new { clickAndCollect = true } }, 1).Expect(200);
            await world.Orders.Stock(id, Product, 20);
        }
        await world.Desk.Sector("HN", Ids[..4], "hidden", call: new[] { new { label = "Commissariat central", tel = "17" } });
        await world.Desk.Call(HttpMethod.Put, "sectors/MX", new { name = "Mixte", department = "75", pharmacies = Ids[4..6], kinds = new[] { new { kind = "night", disclosure = "hidden", horizonDays = 3 }, new { kind = "sundayOrHoliday", disclosure = "public", horizonDays = 7 } } }).Expect(200);
        await world.Desk.Sector("PN", Ids[6..7]);
        await world.Desk.Rota("PN", RotaDesk.Night(Ids[6], Today), RotaDesk.Night(Ids[6], Today.PlusDays(2)), RotaDesk.Night(Ids[6], Today.PlusDays(9)));
        await world.Desk.Rota("MX", Sunday(Ids[4], 6), Sunday(Ids[5], 13));
    }

    // ---- What happens in the first alone ----

    private async Task PlanHidden()
    {
        var desk = _hidden.Desk;
        // From six in the evening, while the pharmacy is still open.
        await desk.Rota("HN", [.. Enumerable.Range(0, 12).Select(day => Night(Ids[day % 4], day, 18))]);
        await desk.Rota("MX", Sunday(Ids[4], 6), Sunday(Ids[5], 13), Night(Ids[4], 0, 20), Night(Ids[5], 1, 20), Night(Ids[5], 7, 20));
        await desk.Call(HttpMethod.Put, "sectors/HN/draft", new { periods = new[] { Night(Ids[0], 20, 20) } }).Expect(200);
    }

    private async Task ChangeHidden()
    {
        var desk = _hidden.Desk;
        await desk.Call(HttpMethod.Post, "departments/75/publish", new { sectors = new[] { "HN" } }).Expect(200);
        await desk.Call(HttpMethod.Put, "sectors/HN/draft", new { periods = new[] { Night(Ids[1], 21, 20) } }).Expect(200);
        await desk.Call(HttpMethod.Delete, "sectors/HN/draft").Expect(200);
        await desk.Call(HttpMethod.Post, "departments/75/measures", new { kind = "exemption", start = RotaDesk.At(Today.PlusDays(3), 0), end = RotaDesk.At(Today.PlusDays(5), 0), reason = "maladie", pharmacies = new[] { Ids[3] }, sector = "HN" }).Expect(201);
        await desk.Call(HttpMethod.Post, "departments/75/measures", new { kind = "requisition", start = RotaDesk.At(Today.PlusDays(3), 20), end = RotaDesk.At(Today.PlusDays(4), 8), reason = "grève", pharmacies = new[] { Ids[2] }, sector = "HN", reference = "2026-117", duty = "night", access = "bell" }).Expect(201);
        var strike = await desk.Call(HttpMethod.Post, "departments/75/measures", new { kind = "strike", start = RotaDesk.At(Today, 20), end = RotaDesk.At(Today.PlusDays(9), 0), reason = "grève", sector = "HN" }).Expect(201);
        await desk.Call(HttpMethod.Delete, $"departments/75/measures/{strike.Text("id")}").Expect(200);
    }

    private async Task Exchange()
    {
        var (desk, give, take) = (_hidden.Desk, new { sector = "HN", kind = "night", start = RotaDesk.At(Today.PlusDays(1), 18), pharmacy = Ids[1] }, new { sector = "HN", kind = "night", start = RotaDesk.At(Today.PlusDays(2), 18), pharmacy = Ids[2] });
        var id = (await desk.Call(HttpMethod.Post, "swaps", new { give, take }).Expect(201)).GetProperty("swap").Text("id");
        await desk.Call(HttpMethod.Post, $"swaps/{id}/accept").Expect(200);
        await desk.Call(HttpMethod.Post, $"swaps/{id}/confirm").Expect(200);
    }

    // ---- Comparing ----

    private async Task Watch()
    {
        foreach (var id in Ids)
            await Same(world => world.Watch("WatchPharmacy", id));
        foreach (var (lat, lon) in Places.Value)
            await Same(world => world.Watch("WatchNearest", lat, lon, 5));
        await Same(world => world.Watch("WatchArea", 2.30, 48.84, 2.36, 48.88));
    }

    private async Task Go(Instant at)
    {
        await Both(world => world.Move(at));
        await Compare(at);
    }

    private async Task Compare(Instant now)
    {
        await Settle(now);
        await AskAll(now);
        await Hear();
    }

    private Task Settle(Instant now) => Both(world => world.Settle(now));

    private async Task AskAll(Instant now)
    {
        var (at, to) = (RotaDesk.Format(now + Duration.FromHours(14)), RotaDesk.Format(now + Duration.FromDays(61)));
        var asked = new List<string> { "/api/v1/pharmacies?bbox=2.30,48.84,2.36,48.88", $"/api/v1/pharmacies?bbox=2.30,48.84,2.36,48.88&at={at}", "/api/v1/oncall/departments/75", "/api/v1/oncall/sectors/HN", "/api/v1/oncall/departments/75/duties", "/api/v1/oncall/gaps?department=75", "/api/v1/coverage?department=75" };
        foreach (var (lat, lon) in Places.Value)
        {
            var place = FormattableString.Invariant($"/api/v1/pharmacies/nearest?lat={lat}&lon={lon}");
            asked.AddRange(new[] { "serving", "open", "onCall", "any" }.SelectMany(status => new[] { $"{place}&status={status}", $"{place}&status={status}&at={at}" }));
            asked.Add($"{place}&product={Product}");
        }
        foreach (var id in Ids)
            asked.AddRange([$"/api/v1/pharmacies/{id}", $"/api/v1/pharmacies/{id}/schedule?from={RotaDesk.Format(now - Duration.FromDays(1))}&to={to}", $"/api/v1/pharmacies/{id}/poster"]);
        foreach (var some in asked.Chunk(8))
            foreach (var pair in await Task.WhenAll(some.Select(path => Task.WhenAll(_hidden.Ask(HttpMethod.Get, path), _plain.Ask(HttpMethod.Get, path)))))
                Note(pair);
        foreach (var id in new[] { Ids[0], Ids[1], Ids[2], Ids[4], Ids[6] })
            await Same(world => world.Order(id));
        await Same(world => world.Ask(HttpMethod.Post, "/api/v1/oncall/swaps", new { }));
    }

    // What the two were told, in order; each waits for the other's.
    private async Task Hear()
    {
        for (var i = 0; i < 40 && _hidden.Heard.Count != _plain.Heard.Count; i++)
            await Task.Delay(25);
        var (one, other) = (_hidden.Heard, _plain.Heard);
        _differing += Differing(string.Join('\n', one.Skip(_heard)), string.Join('\n', other.Skip(_heard)), "a message");
        _heard = other.Count;
    }

    private async Task Same(Func<TwinWorld, Task<string>> ask) => Note(await Task.WhenAll(ask(_hidden), ask(_plain)));

    private void Note(string[] answers)
    {
        _answers++;
        _differing += Differing(answers[0], answers[1], "an answer");
    }

    private int Differing(string one, string other, string what)
    {
        if (one == other)
            return 0;
        var from = one.Zip(other).TakeWhile(pair => pair.First == pair.Second).Count();
        _firstDifference ??= $"{what} at {_plain.Host.Time.Now} differs from character {from} on:\n{Around(one, from)}\n{Around(other, from)}";
        return Math.Abs(one.Length - other.Length) + one.Zip(other).Count(pair => pair.First != pair.Second);
    }

    private static string Around(string text, int at) => $"{text[Math.Max(0, at - 300)..Math.Min(text.Length, at + 300)]} … {text[^Math.Min(text.Length, 400)..]}";

    // Beside two of the pharmacies, and in the country where no sector hides anything.
    private static readonly Lazy<(double Lat, double Lon)[]> Places = new(() =>
    {
        var country = DemoCountry.Create();
        return [Of(Ids[0]), Of(Ids[4]), (45.76, 4.84)];

        (double, double) Of(string id) => country.TryFind(PharmacyId.Parse(id), out var pharmacy) ? (pharmacy.Record.Latitude, pharmacy.Record.Longitude) : throw new KeyNotFoundException(id);
    });

    private Task Both(Func<TwinWorld, Task> act) => Task.WhenAll(act(_hidden), act(_plain));

    private static Instant At(int day, int hour) => Instant.FromUtc(2026, 11, 23, 0, 0) + Duration.FromDays(day) + Duration.FromHours(hour - 1);

    private static object Night(string pharmacy, int day, int hour) =>
        new { start = RotaDesk.At(Today.PlusDays(day), hour), end = RotaDesk.At(Today.PlusDays(day + 1), 8), kind = "night", pharmacy, access = "bell", phone = "01 99 00 00 77", instructions = "Secret." };

    private static object Sunday(string pharmacy, int day) =>
        new { start = RotaDesk.At(Today.PlusDays(day), 8), end = RotaDesk.At(Today.PlusDays(day), 20), kind = "sundayOrHoliday", pharmacy, access = "walkIn" };
}
