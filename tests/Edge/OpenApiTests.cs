using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Realtime.Tests.Counter;
using Realtime.Tests.Identity;
using Realtime.Tests.Lgo;
using Realtime.Tests.OnCall;
using Realtime.Tests.Orders;
using Realtime.Tests.Webhooks;
using Realtime.Web.Lgo;

namespace Realtime.Tests.Edge;

/// <summary>The OpenAPI document against what the service really answers.</summary>
[Collection(nameof(DemoHost))]
public sealed class OpenApiTests(DemoHost demo)
{
    private const string Nearest = "/api/v1/pharmacies/nearest";
    private const string Page = "/api/v1/pharmacies/{id}";
    private const string Schedule = "/api/v1/pharmacies/{id}/schedule";
    private const string Map = "/api/v1/pharmacies";
    private const string Services = "/api/v1/services";
    private const string Towns = "/api/v1/towns";
    private const string Coverage = "/api/v1/coverage";
    private const string WhatIf = "/api/v1/coverage/what-if";
    private const string Products = "/api/v1/products";
    private const string Product = "/api/v1/products/{cip13}";
    private const string Doses = "/api/v1/doses/check";
    private const string Preview = "/api/v1/hours/preview";
    private const string Counter = "/api/v1/counter/{id}";

    private static readonly string NextChristmas = $"{TimeProvider.System.GetUtcNow().AddDays(8).Year}-12-25";

    // On a pharmacy that no other test looks at, in this order: each change expects the version that the one before it left.
    private static readonly (string Method, string Path, string Address, string? Body, int? Seq, int Status)[] Changes =
    [
        ("put", "/hours", "/hours", """{ "hours": "24/7; PH open" }""", 0, 200),
        ("put", "/hours", "/hours", """{ "hours": "24/8" }""", 1, 400),
        ("put", "/hours", "/hours", """{ "hours": "off" }""", 0, 412),
        ("put", "/hours", "/hours", """{ "hours": "off" }""", null, 428),
        ("post", "/closures", "/closures", """{ "start": "2089-12-30T00:00:00Z", "end": "2089-12-31T00:00:00Z", "reason": "travaux", "reliefPharmacy": "990000010" }""", 1, 201),
        ("post", "/closures", "/closures", """{ "start": "2089-12-30T00:00:00Z", "end": "2089-12-31T00:00:00Z", "reason": "travaux", "reliefPharmacy": "990" }""", 2, 400),
        ("delete", "/closures/{closureId}", "/closures/c2", null, 2, 200),
        ("delete", "/closures/{closureId}", "/closures/c2", null, 3, 404),
        ("post", "/exceptions", "/exceptions", """{ "kind": "opening", "start": "2089-12-30T00:00:00Z", "end": "2089-12-31T00:00:00Z", "reason": "renfort" }""", 3, 201),
        ("post", "/exceptions", "/exceptions", $$"""{ "kind": "holiday", "date": "{{NextChristmas}}", "hours": "09:00-12:30" }""", 4, 201),
        ("post", "/exceptions", "/exceptions", $$"""{ "kind": "vacation", "from": "{{NextChristmas}}", "to": "{{NextChristmas}}", "reason": "fêtes", "reliefPharmacy": "990000010" }""", 5, 201),
        ("post", "/exceptions", "/exceptions", """{ "kind": "holiday", "date": "2089-12-25", "hours": "off" }""", 6, 400),
        ("delete", "/exceptions/{exceptionId}", "/exceptions/e4", null, 6, 200),
        ("delete", "/exceptions/{exceptionId}", "/exceptions/e4", null, 7, 404),
        ("get", "/holidays", "/holidays", null, null, 200),
        ("put", "/page", "/page", """{ "phone": null, "services": ["parking"], "news": [{ "text": "Vaccins", "until": "2089-12-31T00:00:00Z" }], "modules": { "clickAndCollect": true }, "mentions": { "legalName": "SELARL" } }""", 7, 200),
        ("put", "/page", "/page", """{ "phone": null }""", 8, 400),
        ("post", "/pause", "/pause", """{ "reason": "travaux", "until": "2026-01-01T00:00:00Z" }""", 8, 400),
        ("post", "/pause", "/pause", """{ "reason": "travaux" }""", 8, 200),
        ("get", "/history", $"/history?at={Uri.EscapeDataString(TimeProvider.System.GetUtcNow().AddSeconds(-1).ToString("O"))}", null, null, 200),
        ("get", "/history", "/history", null, null, 400),
        ("post", "/resume", "/resume", null, 9, 200),
        ("post", "/resume", "/resume", null, 10, 409),
        ("put", "/products/{cip13}/mass", "/products/3400922410678/mass", """{ "substance": "nicotine", "grams": 0.21 }""", null, 200),
        ("put", "/products/{cip13}/mass", "/products/3400922410678/mass", """{ "substance": "nicotine", "grams": -1 }""", null, 400),
        ("put", "/products/{cip13}/mass", "/products/3400922410678/mass", """{ "substance": "caféine", "grams": 1 }""", null, 400),
        ("put", "/products/{cip13}/mass", "/products/3400938358926/mass", """{ "substance": "ibuprofène", "grams": 4 }""", null, 409),
        ("put", "/products/{cip13}/mass", "/products/3400930000007/mass", """{ "substance": "ibuprofène", "grams": 4 }""", null, 404),
        ("get", "/masses", "/masses", null, null, 200),
    ];

    public static TheoryData<string, string, int> Answers => new()
    {
        { Nearest, "?lat=48.85&lon=2.35&k=50", 200 },
        { Nearest, "?lat=48.85&lon=2.35&k=50&status=any&service=vaccination&service=parking", 200 },
        { Nearest, "?lat=47.2&lon=-1.55&k=50&status=onCall&at=2027-01-03T03:00:00%2B01:00", 200 },
        { Nearest, "?lat=48.85&lon=2.35&product=3400938358926&product=3400936251892&equivalents=true", 200 },
        { Nearest, "?lat=48.85&lon=2.35&product=3400930000007", 404 },
        { Nearest, "?lat=91&lon=2.35", 400 },
        { Page, "/api/v1/pharmacies/990000010", 200 },
        { Page, "/api/v1/pharmacies/990000010?x=1", 400 },
        { Page, "/api/v1/pharmacies/750020928", 404 },
        { Schedule, "/api/v1/pharmacies/990000010/schedule?from=2026-12-20T00:00:00Z&to=2027-01-20T00:00:00Z", 200 },
        { Schedule, "/api/v1/pharmacies/990000010/schedule?from=2026-12-20T00:00:00Z", 400 },
        { Schedule, "/api/v1/pharmacies/750020928/schedule?from=2026-12-20T00:00:00Z&to=2027-01-20T00:00:00Z", 404 },
        { Map, "?bbox=2.2,48.8,2.3,48.9", 200 },
        { Map, "?bbox=-1.7,47.1,-1.4,47.3&at=2027-01-03T03:00:00%2B01:00", 200 },
        { Map, "?bbox=-180,-90,180,90", 200 },
        { Map, "", 400 },
        { Services, "", 200 },
        { Services, "?x=1", 400 },
        { Towns, "?q=saint", 200 },
        { Towns, "?q=", 400 },
        { Coverage, "", 200 },
        { Coverage, "?department=29", 200 },
        { Coverage, "?department=29&format=geojson", 200 },
        { Coverage, "?format=geojson&at=2027-01-03T03:00:00%2B01:00", 200 },
        { Coverage, "?department=00", 400 },
        { WhatIf, "?pharmacy=990000010", 200 },
        { WhatIf, "?pharmacy=990000010&department=2A&at=2027-01-03T03:00:00%2B01:00", 200 },
        { WhatIf, "", 400 },
        { WhatIf, "?pharmacy=750020927", 404 },
        { Products, "?q=paracetamol", 200 },
        { Products, "", 400 },
        { Product, "/api/v1/products/3400938358926", 200 },
        { Product, "/api/v1/products/3400938358926?x=1", 400 },
        { Product, "/api/v1/products/3400938358927", 404 },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task What_is_answered_is_what_the_document_says(string path, string query, int status) =>
        await Compare("get", path, await demo.Client.GetAsync(query.StartsWith('/') ? query : path + query), status);

    [Theory]
    [InlineData("""{ "hours": "Mo-Fr 09:00-19:00", "zone": "Europe/Paris", "from": "2026-11-23T00:00:00Z", "to": "2026-11-30T00:00:00Z" }""", "application/json", 200)]
    [InlineData("""{ "hours": "Mo-Fr 25:00", "zone": "Europe/Paris", "from": "2026-11-23T00:00:00Z", "to": "2026-11-24T00:00:00Z" }""", "application/json", 400)]
    [InlineData("""{ "hours": 7 }""", "application/json", 400)]
    [InlineData("hours=24/7", "application/x-www-form-urlencoded", 415)]
    public async Task What_a_preview_answers_is_what_the_document_says(string body, string type, int status) =>
        await Compare("post", Preview, await demo.Client.PostAsync(Preview, new StringContent(body, Encoding.UTF8, type)), status);

    /// <summary>The operations about people, posts, connectors and roles, in the order in which they can be called.</summary>
    private static readonly string[] PeopleOperations =
    [
        "get /api/v1/me", "put /api/v1/counter/{id}/pin", "get /api/v1/counter/{id}/people", "post /api/v1/counter/{id}/people", "post /api/v1/join", "delete /api/v1/counter/{id}/people/{person}",
        "post /api/v1/counter/{id}/posts", "get /api/v1/counter/{id}/posts", "get /api/v1/post", "post /api/v1/post/unlock", "delete /api/v1/counter/{id}/posts/{post}",
        "post /api/v1/counter/{id}/connectors", "get /api/v1/counter/{id}/connectors", "delete /api/v1/counter/{id}/connectors/{client}",
        "post /api/v1/operator/grants", "get /api/v1/operator/grants", "delete /api/v1/operator/grants/{person}/{role}", "put /api/v1/operator/pharmacies/{id}/titulaire",
    ];

    [Fact]
    public async Task What_the_calls_about_people_answer_is_what_the_document_says()
    {
        const string own = "/api/v1/counter/990000010", number = "10000000017";
        var operators = await demo.Client.Token("operator");
        using var titulaire = new BrowserSession(demo.Address);
        await titulaire.SignIn("99900000011");
        var me = (await titulaire.Refresh()).GetProperty("person").GetString()!;
        var compared = new List<string>();

        async Task<JsonElement> By(Func<Task<HttpResponseMessage>> call, string operation, int status)
        {
            var answer = await call();
            var body = status == 204 ? default : JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
            await Compare(operation.Split(' ')[0], operation.Split(' ')[1], answer, status);
            if (status < 300)
                compared.Add(operation);
            return body;
        }

        Task<JsonElement> Own(string verb, string path, string address, object? body, int status) =>
            By(() => titulaire.Send(new HttpMethod(verb.ToUpperInvariant()), address, body), $"{verb} {path}", status);
        Task<JsonElement> Operator(string verb, string path, string address, object? body, int status) =>
            By(() => demo.Client.Send(new HttpMethod(verb.ToUpperInvariant()), address, operators, body), $"{verb} {path}", status);

        await Own("get", "/api/v1/me", "/api/v1/me", null, 200);
        await Own("put", Counter + "/pin", $"{own}/pin", new { pin = "4711" }, 204);
        await Own("put", Counter + "/pin", $"{own}/pin", new { pin = "1" }, 400);
        await Own("get", Counter + "/people", $"{own}/people", null, 200);
        var student = await Own("post", Counter + "/people", $"{own}/people", new { name = "Léa", role = "student" }, 201);
        await Own("post", Counter + "/people", $"{own}/people", new { name = "Léa", role = "king" }, 400);
        var invitation = student.GetProperty("link").GetString()!.Split("#join=")[1];
        await Own("post", "/api/v1/join", "/api/v1/join", new { invitation, pin = "1470" }, 204);
        await Own("post", "/api/v1/join", "/api/v1/join", new { invitation, pin = "1470" }, 410);
        await Own("delete", Counter + "/people/{person}", $"{own}/people/{student.GetProperty("person").GetString()}", null, 204);
        await Own("delete", Counter + "/people/{person}", $"{own}/people/{me}", null, 409);
        var post = (await Own("post", Counter + "/posts", $"{own}/posts", new { label = "Comptoir" }, 201)).GetProperty("post").GetString();
        await Own("get", Counter + "/posts", $"{own}/posts", null, 200);
        await Own("get", "/api/v1/post", "/api/v1/post", null, 200);
        await Own("post", "/api/v1/post/unlock", "/api/v1/post/unlock", new { person = me, pin = "4712" }, 403);
        await Own("post", "/api/v1/post/unlock", "/api/v1/post/unlock", new { person = me, pin = "4711" }, 204);
        await Own("delete", Counter + "/posts/{post}", $"{own}/posts/{post}", null, 403);
        await titulaire.SignIn("99900000011");
        await Own("delete", Counter + "/posts/{post}", $"{own}/posts/{post}", null, 204);
        await Own("get", "/api/v1/post", "/api/v1/post", null, 204);
        var client = (await Own("post", Counter + "/connectors", $"{own}/connectors", new { label = "LGO" }, 201)).GetProperty("clientId").GetString();
        await Own("get", Counter + "/connectors", $"{own}/connectors", null, 200);
        await Own("delete", Counter + "/connectors/{client}", $"{own}/connectors/{client}", null, 204);
        await Own("delete", Counter + "/connectors/{client}", $"{own}/connectors/{client}", null, 404);
        var grant = await Operator("post", "/api/v1/operator/grants", "/api/v1/operator/grants", new { rpps = number, name = "Zoé", role = "planner:2A" }, 201);
        await Operator("post", "/api/v1/operator/grants", "/api/v1/operator/grants", new { rpps = number, name = "Zoé", role = "planner:2A" }, 409);
        await Operator("get", "/api/v1/operator/grants", "/api/v1/operator/grants", null, 200);
        await Operator("delete", "/api/v1/operator/grants/{person}/{role}", $"/api/v1/operator/grants/{grant.GetProperty("person").GetString()}/planner:2A", null, 204);
        await Operator("put", "/api/v1/operator/pharmacies/{id}/titulaire", "/api/v1/operator/pharmacies/990000036/titulaire", new { rpps = number, name = "Zoé" }, 204);
        await Operator("put", "/api/v1/operator/pharmacies/{id}/titulaire", "/api/v1/operator/pharmacies/990000037/titulaire", new { rpps = number, name = "Zoé" }, 404);

        Assert.Equal(PeopleOperations.Order(StringComparer.Ordinal), compared.Distinct().Order(StringComparer.Ordinal));
    }

    private const string Orders = "/api/v1/pharmacies/{id}/orders", Order = "/api/v1/orders/{orderId}", Waiting = "/api/v1/pharmacies/{id}/products/{cip13}/waiting", Waiter = "/api/v1/pharmacies/{id}/waiting/{waiter}";

    /// <summary>The operations about orders and stock.</summary>
    private static readonly string[] OrderOperations =
    [
        $"post {Orders}", $"get {Order}", $"post {Order}/cancel", $"post {Order}/accept-proposal", $"post {Order}/decline-proposal", $"post {Order}/messages", $"post {Order}/push", $"delete {Order}/push", "get /api/v1/push/key", $"post {Waiting}", $"delete {Waiter}",
        $"get {Counter}/orders", $"post {Counter}/orders", $"get {Counter}/stock/{{cip13}}", $"put {Counter}/stock/{{cip13}}", $"get {Counter}/stock", $"get {Counter}/stock/figures", $"get {Counter}/shortages", $"post {Counter}/shortages/{{cip13}}/settle",
        .. new[] { "accept", "validate", "propose", "ready", "refuse", "collect", "undo", "message", "reshelve" }.Select(act => $"post {Counter}/orders/{{orderId}}/{act}"),
    ];

    [Fact]
    public async Task What_the_calls_about_orders_answer_is_what_the_document_says()
    {
        const string product = OrderDesk.Suppository;
        var desk = new OrderDesk(demo.Host, first: 19_000);
        var id = await desk.ByDay(boxes: 50);
        var compared = new List<string>();

        async Task<JsonElement> By(Task<HttpResponseMessage> call, string operation, int status)
        {
            using var answer = await call;
            var body = status == 204 ? default : JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
            await Compare(operation.Split(' ')[0], operation.Split(' ')[1], answer, status);
            if (status < 300)
                compared.Add(operation);
            return body;
        }

        async Task<Taken> Place() => Taken.Of(await By(desk.Order(id, desk.Asks(2, product, answers: new { treated = new { relation = "self", birthYear = 1985 } }, note: "n")), $"post {Orders}", 201));
        Task<JsonElement> Buyer(Taken order, string act, int status, object? body = null) => By(desk.Buyer(order, act.Length == 0 ? HttpMethod.Get : HttpMethod.Post, act, body), act.Length == 0 ? $"get {Order}" : $"post {Order}/{act}", status);
        Task<JsonElement> Act(Taken order, string act, object? body, long? seq, int status, string role = "staff") => By(desk.Act(order, act, body, seq, role: role), $"post {Counter}/orders/{{orderId}}/{act}", status);
        Task<JsonElement> At(HttpMethod method, string act, string path, object? body, int status) => By(desk.Change(method, id, act, body, null), $"{method.Method.ToLowerInvariant()} {Counter}/{path}", status);
        var offer = new { lines = new[] { new { cip13 = product, quantity = 1 } } };

        var (order, other) = (await Place(), await Place());
        await By(desk.Order(id, "{}"), $"post {Orders}", 400);
        await By(desk.Order(id, desk.Asks(6, product)), $"post {Orders}", 422);
        await By(desk.Order(id, desk.Asks(product: "3400930000007")), $"post {Orders}", 404);
        await Buyer(order, "", 200);
        await Buyer(order with { Token = "x" }, "", 404);
        await Buyer(order, "messages", 200, new { text = "m" });
        await Buyer(order, "messages", 400, new { });
        using var browser = new Push.Browser();
        await Buyer(order, "push", 200, browser.Asks("https://push.example.org/1"));
        await Buyer(order, "push", 400, new { endpoint = "x", keys = new { p256dh = "", auth = "" } });
        await By(desk.Buyer(order, HttpMethod.Delete, "push"), $"delete {Order}/push", 204);
        await By(desk.Send(HttpMethod.Get, "/api/v1/push/key", null), "get /api/v1/push/key", 200);
        await Buyer(order, "accept-proposal", 409);
        await Act(order, "accept", null, 2, 200, "preparer");
        await Act(order, "accept", null, 1, 412);
        await Act(order, "accept", null, null, 428);
        await Act(order, "ready", null, 3, 409);
        await Act(order, "validate", null, 3, 200);
        await Act(order, "validate", null, 4, 403, "preparer");
        await Act(order, "propose", offer, 4, 200);
        await Act(order, "propose", new { }, 5, 400);
        await Buyer(order, "", 200);
        await Buyer(order, "accept-proposal", 200);
        await Act(order, "message", new { text = "m" }, 6, 200);
        await Act(order, "ready", null, 7, 200);
        await Buyer(order, "", 200);
        await Act(order, "collect", new { pickupCode = "x" }, 8, 422);
        await Act(order, "collect", new { identityChecked = true, reason = "r" }, 8, 200);
        await Act(order, "undo", null, 9, 200);
        await Act(order, "undo", null, 10, 409);
        await Act(order, "refuse", new { reason = "r" }, 10, 200);
        await At(HttpMethod.Get, "orders?limit=1", "orders", null, 200);
        await At(HttpMethod.Get, "orders?limit=0", "orders", null, 400);
        await Act(order, "reshelve", null, 11, 200);
        await desk.Through(other, 1, "accept");
        await Act(other, "propose", offer, 2, 200);
        await Buyer(other, "decline-proposal", 200);
        var third = await Place();
        await Buyer(third, "cancel", 200);
        await Buyer(third, "cancel", 409);
        await By(desk.Change(HttpMethod.Post, id, "orders", desk.Asks(1, product), null, desk.NextKey()), $"post {Counter}/orders", 201);
        await By(desk.Change(HttpMethod.Post, id, "orders", desk.Asks(1, product), null), $"post {Counter}/orders", 400);
        var held = await Place();
        await At(HttpMethod.Put, $"stock/{product}", "stock/{cip13}", new { quantity = 2, reserve = 0 }, 200);
        await At(HttpMethod.Put, $"stock/{product}", "stock/{cip13}", new { quantity = -1 }, 400);
        await By(desk.Order(id, desk.Asks(1, product)), $"post {Orders}", 409);
        await At(HttpMethod.Get, $"stock/{product}", "stock/{cip13}", null, 200);
        await At(HttpMethod.Get, "stock/x", "stock/{cip13}", null, 404);
        await At(HttpMethod.Get, "stock", "stock", null, 200);
        await At(HttpMethod.Get, "stock/figures", "stock/figures", null, 200);
        await At(HttpMethod.Get, "shortages", "shortages", null, 200);
        await At(HttpMethod.Post, $"shortages/{product}/settle", "shortages/{cip13}/settle", new { orders = new[] { held.Id } }, 200);
        await At(HttpMethod.Post, $"shortages/{product}/settle", "shortages/{cip13}/settle", new { orders = new[] { held.Id } }, 409);
        var waiter = await By(desk.Send(HttpMethod.Post, $"/api/v1/pharmacies/{id}/products/{product}/waiting", null, new { email = "a@example.org", quantity = 2, consent = true }), $"post {Waiting}", 201);
        await By(desk.Send(HttpMethod.Post, $"/api/v1/pharmacies/{id}/products/{product}/waiting", null, new { email = "a@example.org", quantity = 2, consent = true }), $"post {Waiting}", 409);
        await By(desk.Send(HttpMethod.Delete, $"/api/v1/pharmacies/{id}/waiting/{waiter.Text("id")}", null), $"delete {Waiter}", 204);
        await By(desk.Send(HttpMethod.Delete, $"/api/v1/pharmacies/{id}/waiting/{waiter.Text("id")}", null), $"delete {Waiter}", 404);

        Assert.Equal(OrderOperations.Order(StringComparer.Ordinal), compared.Distinct().Order(StringComparer.Ordinal));
    }

    private const string Lgo = "/api/v1/lgo/{id}";

    /// <summary>The operations of a pharmacy's software.</summary>
    private static readonly string[] LgoOperations = [$"post {Lgo}/stock", $"get {Lgo}/stock", $"get {Lgo}/orders", $"post {Lgo}/orders/{{orderId}}/ready", $"post {Lgo}/orders/{{orderId}}/collect"];

    [Fact]
    public async Task What_the_calls_of_a_pharmacys_software_answer_is_what_the_document_says()
    {
        var desk = new OrderDesk(demo.Host, first: 18_900);
        var id = await desk.ByDay();
        var compared = new List<string>();

        async Task By(Task<HttpResponseMessage> call, string operation, int status)
        {
            await Compare(operation.Split(' ')[0], operation.Split(' ')[1], await call, status);
            if (status < 300)
                compared.Add(operation);
        }

        Task Feed(int status, byte[] body, string? coding = null, string? type = FeedBody.ContentType, string? scope = null) => By(desk.Send(id, body, coding, type, scope), $"post {Lgo}/stock", status);
        Task Act(Taken order, string act, object? body, long? seq, int status) => By(desk.Book(order, act, body, seq), $"post {Lgo}/orders/{{orderId}}/{act}", status);

        await By(desk.Ask(id, "stock"), $"get {Lgo}/stock", 200);
        var feed = FeedText.Of(FeedText.Header(desk.Now), FeedText.Line(OrderDesk.Suppository, 9), "x");
        await Feed(200, feed);
        await Feed(200, FeedText.Zipped(feed), "gzip");
        await Feed(400, FeedText.Zipped(feed)[..20], "gzip");
        await Feed(400, []);
        await Feed(401, feed, scope: "");
        await Feed(403, feed, scope: $"staff:{id}");
        await Feed(409, FeedText.Of(FeedText.Header(desk.Now, 7)));
        await Feed(413, FeedText.Of([FeedText.Header(desk.Now, 2), .. Enumerable.Repeat("", FeedReader.MostLines + 1)]));
        await Feed(415, feed, type: "application/json");
        await By(desk.Ask(id, "stock"), $"get {Lgo}/stock", 200);
        await By(desk.Ask("750020927", "stock"), $"get {Lgo}/stock", 404);
        var order = await desk.Place(id, desk.Asks(1, OrderDesk.Suppository));
        await desk.Through(order, 1, "accept");
        await Act(order, "ready", new { scans = new[] { "x" } }, 2, 400);
        await Act(order, "ready", null, null, 428);
        await Act(order, "ready", new { scans = new[] { $"010{OrderDesk.Suppository}" }, recallChecked = true }, 2, 200);
        await By(desk.Ask(id, "orders?wait=5"), $"get {Lgo}/orders", 200);
        await By(desk.Ask(id, "orders?after=1000000"), $"get {Lgo}/orders", 409);
        await By(desk.Ask(id, "orders?wait=-1"), $"get {Lgo}/orders", 400);
        await Act(order, "collect", new { identityChecked = true, reason = "r" }, 3, 403);
        await Act(order, "collect", new { pickupCode = desk.CodeOf(order) }, 3, 200);

        Assert.Equal(LgoOperations.Order(StringComparer.Ordinal), compared.Distinct().Order(StringComparer.Ordinal));
    }

    private const string OnCall = "/api/v1/oncall", Department = OnCall + "/departments/{department}", Sector = OnCall + "/sectors/{code}", Swaps = OnCall + "/swaps";

    /// <summary>The operations about on-call duty.</summary>
    private static readonly string[] OnCallOperations =
    [
        $"get {Page}/poster", $"get {Counter}/duties", $"get {Counter}/fees", $"get {OnCall}/gaps", $"get {Sector}", $"put {Sector}", $"put {Sector}/rota", $"put {Sector}/draft", $"delete {Sector}/draft",
        $"get {Department}", $"get {Department}/duties", $"get {Department}/history", $"get {Department}/on-duty", $"get {Department}/export",
        .. new[] { "publish", "measures", "proposal", "import", "sendings" }.Select(act => $"post {Department}/{act}"), $"delete {Department}/measures/{{measure}}",
        $"post {Swaps}", .. new[] { "accept", "decline", "withdraw", "confirm", "refuse" }.Select(act => $"post {Swaps}/{{swap}}/{act}"),
    ];

    [Fact]
    public async Task What_the_calls_about_on_call_duty_answer_is_what_the_document_says()
    {
        var desk = new RotaDesk(demo.Client);
        var ids = RotaDesk.Pharmacies(1_300, 3);
        var today = NodaTime.Instant.FromDateTimeOffset(TimeProvider.System.GetUtcNow()).InUtc().Date;
        var range = $"from={RotaDesk.At(today, 0)}&to={RotaDesk.At(today.PlusDays(30), 0)}";
        var compared = new List<string>();

        async Task<JsonElement> By(Task<HttpResponseMessage> call, string operation, int status)
        {
            using var answer = await call;
            var json = answer.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true;
            var body = json ? JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement : default;
            await Compare(operation.Split(' ')[0], operation.Split(' ')[1], answer, status);
            if (status < 300)
                compared.Add(operation);
            return body;
        }

        Task<JsonElement> At(string operation, string path, object? body, int status, string scope = "planner:75") =>
            By(desk.Call(new HttpMethod(operation.Split(' ')[0].ToUpperInvariant()), path, body, scope), operation, status);
        Task<JsonElement> Act(string? swap, string act, int status, object? body = null, string scope = "planner:75") => At($"post {Swaps}/{{swap}}/{act}", $"swaps/{swap}/{act}", body, status, scope);
        async Task<string> Offer(int day) => (await At($"post {Swaps}", "swaps", Asked(day), 201)).GetProperty("swap").Text("id")!;
        object Asked(int day) => new { give = RotaDesk.KeyOf("OA", ids[0], today.PlusDays(day)), take = RotaDesk.KeyOf("OA", ids[1], today.PlusDays(day + 1)) };
        var sector = new { name = "Secteur", department = "75", pharmacies = ids, kinds = new[] { new { kind = "night", disclosure = "hidden", horizonDays = 7 } }, call = new[] { new { label = "Commissariat", tel = "17" } } };
        object Rota(int first) => new { periods = new[] { RotaDesk.Night(ids[0], today.PlusDays(first)), RotaDesk.Night(ids[1], today.PlusDays(first + 1)), RotaDesk.Night(ids[0], today.PlusDays(first + 2)), RotaDesk.Night(ids[1], today.PlusDays(first + 3), "Sonnez.") } };

        await At($"put {Sector}", "sectors/OA", sector, 200);
        await At($"put {Sector}", "sectors/OA", new { name = "x" }, 400);
        await At($"put {Sector}", "sectors/OA", sector, 403, "planner:69");
        await At($"put {Sector}", "sectors/OA", sector with { department = "69" }, 409, "planner:69");
        await At($"get {Sector}", "sectors/OA", null, 200);
        await At($"get {Sector}", "sectors/none", null, 404);
        await At($"put {Sector}/rota", "sectors/OA/rota", Rota(1), 200);
        await At($"put {Sector}/rota", "sectors/none/rota", Rota(1), 404);
        await At($"put {Sector}/draft", "sectors/OA/draft", Rota(10), 200);
        await At($"delete {Sector}/draft", "sectors/OA/draft", null, 200);
        await At($"delete {Sector}/draft", "sectors/OA/draft", null, 409);
        await At($"post {Department}/publish", "departments/75/publish", new { sectors = new[] { "OA" } }, 409);
        await At($"put {Sector}/draft", "sectors/OA/draft", Rota(10), 200);
        await At($"post {Department}/publish", "departments/75/publish", new { sectors = new[] { "OA" } }, 200);
        await Act(await Offer(1), "decline", 200);
        await Act(await Offer(1), "withdraw", 200);
        await Act(await Offer(1), "refuse", 200, new { reason = "non" });
        var swap = await Offer(1);
        await At($"post {Swaps}", "swaps", Asked(1), 409);
        await At($"post {Swaps}", "swaps", Asked(1), 403, $"staff:{ids[2]}");
        await Act(swap, "confirm", 409);
        await Act(swap, "accept", 200);
        await Act(swap, "confirm", 403, scope: "planner:69");
        await Act(swap, "confirm", 200);
        await Act("75-1000000", "accept", 404);
        var measure = new { kind = "requisition", start = RotaDesk.At(today.PlusDays(20), 20), end = RotaDesk.At(today.PlusDays(21), 8), reason = "Grève", pharmacies = ids[2..], sector = "OA", reference = "2026-117", duty = "night", access = "bell" };
        var taken = await At($"post {Department}/measures", "departments/75/measures", measure, 201);
        await At($"post {Department}/measures", "departments/75/measures", measure with { reference = "" }, 400);
        await At($"post {Department}/measures", "departments/75/measures", measure with { sector = "none" }, 404);
        await At($"get {Department}", "departments/75", null, 200);
        await At($"get {Department}", "departments/75", null, 403, "planner:69");
        await At($"get {Department}/duties", $"departments/75/duties?{range}", null, 200);
        await At($"get {Department}/duties", $"departments/75/duties?{range}&sector=OA&drafts=true", null, 200);
        await At($"get {Department}/duties", $"departments/75/duties?{range}&sector=none", null, 404);
        await At($"get {Department}/history", "departments/75/history", null, 200);
        await At($"get {Department}/on-duty", $"departments/75/on-duty?at={RotaDesk.At(today.PlusDays(1), 23)}", null, 200, "dispatcher:75");
        await At($"get {Department}/on-duty", "departments/75/on-duty", null, 403);
        await At($"get {OnCall}/gaps", $"gaps?department=75&{range}", null, 200);
        await At($"get {OnCall}/gaps", $"gaps?department=69&{range}", null, 403);
        await At($"get {Department}/export", $"departments/75/export?{range}", null, 200);
        await At($"get {Department}/export", "departments/75/export", null, 400);
        await At($"post {Department}/sendings", "departments/75/sendings", new { recipient = "ars", from = RotaDesk.At(today, 0), to = RotaDesk.At(today.PlusDays(9), 0), proof = "accusé 12" }, 201);
        await At($"post {Department}/sendings", "departments/75/sendings", new { recipient = "x", from = RotaDesk.At(today, 0), to = RotaDesk.At(today.PlusDays(9), 0), proof = "accusé 12" }, 400);
        await At($"post {Department}/proposal", "departments/75/proposal", new { from = "2027-01-01", to = "2027-02-01", sectors = new[] { "OA" } }, 200);
        await At($"post {Department}/proposal", "departments/75/proposal", new { from = "2027-01-01", to = "2027-02-01", sectors = new[] { "none" } }, 404);
        await By(Import("true", "sector;kind;start;end;pharmacy;access\n"), $"post {Department}/import", 200);
        await By(Import("maybe", "x"), $"post {Department}/import", 400);
        await At($"delete {Department}/measures/{{measure}}", $"departments/75/measures/{taken.Text("id")}", null, 200);
        await At($"delete {Department}/measures/{{measure}}", $"departments/75/measures/{taken.Text("id")}", null, 404);
        await By(demo.Client.Send(HttpMethod.Get, $"/api/v1/counter/{ids[0]}/duties?{range}", await desk.Token($"staff:{ids[0]}")), $"get {Counter}/duties", 200);
        await By(demo.Client.Send(HttpMethod.Get, $"/api/v1/counter/{ids[0]}/fees?month=2026-11", await desk.Token($"staff:{ids[0]}")), $"get {Counter}/fees", 200);
        await By(demo.Client.GetAsync($"{Page.Replace("{id}", ids[0], StringComparison.Ordinal)}/poster"), $"get {Page}/poster", 200);
        await By(demo.Client.GetAsync($"{Page.Replace("{id}", ids[0], StringComparison.Ordinal)}/poster?week=x"), $"get {Page}/poster", 400);

        Assert.Equal(OnCallOperations.Order(StringComparer.Ordinal), compared.Distinct().Order(StringComparer.Ordinal));

        async Task<HttpResponseMessage> Import(string dryRun, string file)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"{OnCall}/departments/75/import?dryRun={dryRun}") { Content = new StringContent(file, Encoding.UTF8, "text/csv") };
            request.Headers.Authorization = new("Bearer", await desk.Token("planner:75"));
            request.Headers.Add("Idempotency-Key", RotaDesk.NextKey());
            return await demo.Client.SendAsync(request);
        }
    }

    [Theory]
    [InlineData("""{ "lines": [{ "cip13": "3400938358926", "quantity": 1 }] }""", 200)]
    [InlineData("""{ "lines": [{ "cip13": "3400938358926", "quantity": 2 }] }""", 200)]
    [InlineData("""{ "lines": [{ "cip13": "3400938358926", "quantity": 0 }] }""", 400)]
    [InlineData("""{ "lines": [{ "cip13": "3400930000007", "quantity": 1 }] }""", 404)]
    public async Task What_a_basket_is_told_is_what_the_document_says(string body, int status) =>
        await Compare("post", Doses, await demo.Client.PostAsync(Doses, new StringContent(body, Encoding.UTF8, "application/json")), status);

    [Fact]
    public async Task A_body_that_is_too_large_is_refused_as_the_document_says()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Preview) { Content = new StringContent(new string(' ', 1_000_000), Encoding.UTF8, "application/json") };
        request.Headers.ExpectContinue = true;

        await Compare("post", Preview, await demo.Client.SendAsync(request), 413);
    }

    private const string Webhooks = Counter + "/webhooks", Webhook = Webhooks + "/{webhook}";

    /// <summary>The operations about webhooks.</summary>
    private static readonly string[] WebhookOperations =
        [$"get {Webhooks}", $"post {Webhooks}", $"delete {Webhook}", $"post {Webhook}/rotate", $"post {Webhook}/test", $"get {Webhook}/dead-letters", $"post {Webhook}/dead-letters/{{message}}/redeliver"];

    [Fact]
    public async Task What_the_calls_about_webhooks_answer_is_what_the_document_says()
    {
        await using var receiver = await WebhookReceiver.Start(always: 410);
        var id = Realtime.Pharmacies.DemoCountry.IdOf(19_990).Value;
        using var appointed = await demo.Client.Send(HttpMethod.Put, $"/api/v1/operator/pharmacies/{id}/titulaire", await demo.Client.Token("operator"), new { rpps = "99900000011", name = "Claire" });
        Assert.True(appointed.IsSuccessStatusCode);
        using var titulaire = new BrowserSession(demo.Address);
        await titulaire.SignIn("99900000011");
        var compared = new List<string>();

        async Task<JsonElement> Own(string operation, string path, object? body, int status)
        {
            var answer = await titulaire.Send(new HttpMethod(operation.Split(' ')[0].ToUpperInvariant()), $"/api/v1/counter/{id}/webhooks{path}", body);
            var text = await answer.Content.ReadAsStringAsync();
            await Compare(operation.Split(' ')[0], operation.Split(' ')[1], answer, status);
            if (status < 300)
                compared.Add(operation);
            return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
        }

        var webhook = (await Own($"post {Webhooks}", "", new { url = receiver.Url, events = new[] { "pharmacy.paused" } }, 201)).Text("webhook");
        await Own($"post {Webhooks}", "", new { url = receiver.Url, events = new[] { "pharmacy.paused" } }, 409);
        await Own($"post {Webhooks}", "", new { url = "", events = new[] { "pharmacy.paused" } }, 400);
        await Own($"post {Webhook}/test", $"/{webhook}/test", null, 200);
        await Own($"post {Webhook}/test", "/none/test", null, 404);
        await Own($"post {Webhook}/rotate", $"/{webhook}/rotate", null, 200);
        await Own($"post {Webhook}/rotate", "/none/rotate", null, 404);
        using var paused = await demo.Client.Change(await demo.Client.Token($"staff:{id}"), HttpMethod.Post, id, "pause", new { reason = "travaux" }, 0);
        Assert.True(paused.IsSuccessStatusCode, await paused.Content.ReadAsStringAsync());
        JsonElement letters = default;
        await receiver.Until(async () => (letters = (await Own($"get {Webhook}/dead-letters", $"/{webhook}/dead-letters", null, 200)).GetProperty("items")).GetArrayLength() == 1, "A dead letter");
        var redeliver = $"post {Webhook}/dead-letters/{{message}}/redeliver";
        await Own(redeliver, $"/{webhook}/dead-letters/{letters[0].Text("message")}/redeliver", null, 409);
        receiver.Answer = (_, _) => Task.FromResult(200);
        await Own($"post {Webhook}/test", $"/{webhook}/test", null, 200);
        await Own(redeliver, $"/{webhook}/dead-letters/{letters[0].Text("message")}/redeliver", null, 202);
        await Own(redeliver, $"/{webhook}/dead-letters/none/redeliver", null, 404);
        await Own($"get {Webhook}/dead-letters", "/none/dead-letters", null, 404);
        await Own($"get {Webhooks}", "", null, 200);
        await Own($"delete {Webhook}", $"/{webhook}", null, 204);
        await Own($"delete {Webhook}", $"/{webhook}", null, 404);

        Assert.Equal(WebhookOperations.Order(StringComparer.Ordinal), compared.Distinct().Order(StringComparer.Ordinal));
    }

    private const string Recalls = "/api/v1/recalls", Recall = Recalls + "/{recallId}", HeldRecalls = Counter + "/recalls";

    /// <summary>The operations about recalls.</summary>
    private static readonly string[] RecallOperations =
        [$"get {Recalls}", $"post {Recalls}", $"get {Recall}", $"post {Recall}/withdraw", $"get {HeldRecalls}", $"post {HeldRecalls}/{{recallId}}/acknowledge"];

    [Fact]
    public async Task What_the_calls_about_recalls_answer_is_what_the_document_says()
    {
        var desk = new OrderDesk(demo.Host, first: 18_950);
        var (id, compared) = (await desk.ByDay(), new List<string>());
        var (lot, staff) = ($"DOC{id}", await desk.Token($"staff:{id}"));
        await desk.Feed(id, 1, $$"""{"cip13":"3400938358926","quantity":9,"lot":"{{lot}}"}""").Expect(200);

        async Task<JsonElement> By(string operation, string path, object? body, int status, string? token = null)
        {
            var answer = await desk.Send(new HttpMethod(operation.Split(' ')[0].ToUpperInvariant()), path, token ?? await desk.Token("operator"), body);
            var text = await answer.Content.ReadAsStringAsync();
            await Compare(operation.Split(' ')[0], operation.Split(' ')[1], answer, status);
            if (status < 300)
                compared.Add(operation);
            return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
        }

        var recall = (await By($"post {Recalls}", Recalls, new { reference = "MED 26/A011", cip13 = "3400938358926", lots = new[] { lot }, source = "ANSM" }, 201)).Text("id");
        await By($"post {Recalls}", Recalls, new { reference = "", cip13 = "3400938358926", lots = Array.Empty<string>(), source = "ANSM" }, 400);
        await By($"post {Recalls}", Recalls, new { reference = "MED", cip13 = "3400930000007", lots = new[] { lot }, source = "ANSM" }, 404);
        await By($"get {Recalls}", Recalls, null, 200);
        var held = $"/api/v1/counter/{id}/recalls";
        for (var i = 0; i < 100 && (await By($"get {HeldRecalls}", held, null, 200, staff)).GetProperty("items").GetArrayLength() == 0; i++)
            await Task.Delay(100);
        await By($"post {HeldRecalls}/{{recallId}}/acknowledge", $"{held}/{recall}/acknowledge", null, 200, staff);
        await By($"post {HeldRecalls}/{{recallId}}/acknowledge", $"{held}/none/acknowledge", null, 404, staff);
        await By($"get {Recall}", $"{Recalls}/{recall}", null, 200);
        await By($"get {Recall}", $"{Recalls}/none", null, 404);
        await By($"post {Recall}/withdraw", $"{Recalls}/{recall}/withdraw", new { reason = "" }, 400);
        await By($"post {Recall}/withdraw", $"{Recalls}/{recall}/withdraw", new { reason = "levé par le fabricant" }, 200);
        await By($"post {Recall}/withdraw", $"{Recalls}/{recall}/withdraw", new { reason = "encore" }, 409);

        Assert.Equal(RecallOperations.Order(StringComparer.Ordinal), compared.Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_the_counter_answers_is_what_the_document_says()
    {
        const string page = "/api/v1/pharmacies/{id}";
        var id = Realtime.Pharmacies.DemoCountry.IdOf(20_000).Value;
        var token = await demo.Client.Token($"staff:{id}");
        foreach (var (method, path, address, body, seq, status) in Changes)
        {
            await Compare(method, Counter + path, await demo.Client.Change(token, new HttpMethod(method.ToUpperInvariant()), id, address[1..], body, seq), status);
            // Whatever the counter says, the page that shows it keeps to the document too.
            await Compare("get", page, await demo.Client.GetAsync($"/api/v1/pharmacies/{id}"), 200);
        }
        await Compare("put", $"{Counter}/hours", await demo.Client.Change(null, HttpMethod.Put, id, "hours", """{ "hours": null }""", 10), 401);
        await Compare("put", $"{Counter}/hours", await demo.Client.Change(await demo.Client.Token("operator"), HttpMethod.Put, id, "hours", """{ "hours": null }""", 10), 403);
    }

    [Fact]
    public async Task Every_operation_is_compared_and_may_be_answered_to_try_again_later()
    {
        var document = await Document();
        var operations = document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(o => (Key: $"{o.Name} {path.Name}", o.Value))).ToArray();

        var compared = Answers.Where(row => row.Data.Item3 == 200).Select(row => $"get {row.Data.Item1}").Concat([$"post {Preview}", $"post {Doses}"]).Concat(Changes.Where(change => change.Status < 300).Select(change => $"{change.Method} {Counter}{change.Path}"))
            .Concat(PeopleOperations).Concat(OrderOperations).Concat(OnCallOperations).Concat(LgoOperations).Concat(WebhookOperations).Concat(RecallOperations);
        Assert.Equal(compared.Distinct().Order(StringComparer.Ordinal), operations.Select(o => o.Key).Order(StringComparer.Ordinal));
        foreach (var later in new[] { "429", "503" })
            Assert.All(operations, o => Assert.True(o.Value.GetProperty("responses").TryGetProperty(later, out _), o.Key));
    }

    [Theory]
    [InlineData(Nearest, "lat", """{ "type": "number", "minimum": -90, "maximum": 90 }""")]
    [InlineData(Nearest, "k", """{ "type": "integer", "format": "int32", "minimum": 1, "maximum": 50, "default": 10 }""")]
    [InlineData(Nearest, "at", """{ "type": "string", "format": "date-time" }""")]
    [InlineData(Nearest, "status", """{ "type": "string", "enum": ["serving", "open", "onCall", "any"], "default": "serving" }""")]
    [InlineData(Nearest, "service", """{ "type": "array", "items": { "type": "string", "enum": ["homeDelivery", "medicationReview", "orthopedics", "parking", "rapidTests", "vaccination", "veterinary", "wheelchairAccess"] } }""")]
    [InlineData(Nearest, "product", """{ "type": "array", "items": { "type": "string", "pattern": "^34009[0-9]{8}$" } }""")]
    [InlineData(Nearest, "equivalents", """{ "type": "boolean", "default": false }""")]
    [InlineData(Towns, "q", """{ "type": "string", "minLength": 1, "maxLength": 80 }""")]
    [InlineData(Map, "bbox", """{ "type": "array", "items": { "type": "number" }, "minItems": 4, "maxItems": 4 }""")]
    public async Task A_query_parameter_tells_its_bounds_and_its_default(string path, string name, string schema)
    {
        var operation = (await Document()).GetProperty("paths").GetProperty(path).GetProperty("get");
        var parameter = operation.GetProperty("parameters").EnumerateArray().Single(p => p.GetProperty("name").GetString() == name);

        Assert.True(JsonElement.DeepEquals(JsonDocument.Parse(schema).RootElement, parameter.GetProperty("schema")), parameter.GetProperty("schema").ToString());
    }

    [Fact]
    public async Task Numbers_are_typed_as_numbers_alone()
    {
        var members = (await Document()).GetProperty("components").GetProperty("schemas").EnumerateObject()
            .SelectMany(s => s.Value.GetProperty("properties").EnumerateObject().Select(m => (Name: $"{s.Name}.{m.Name}", Type: m.Value.TryGetProperty("type", out var type) ? type.ToString() : "")));

        Assert.DoesNotContain(members, m => (m.Type.Contains("number", StringComparison.Ordinal) || m.Type.Contains("integer", StringComparison.Ordinal)) && m.Type.Contains("string", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{ "type": "object", "required": ["a"] }""", """{ }""")]
    [InlineData("""{ "type": "object", "properties": { "a": { "type": "integer" } } }""", """{ "a": "1" }""")]
    [InlineData("""{ "type": "object", "properties": { }, "additionalProperties": false }""", """{ "a": 1 }""")]
    [InlineData("""{ "type": ["null", "string"], "format": "date-time" }""", "\"tomorrow\"")]
    [InlineData("""{ "type": "array", "items": { "enum": ["a"] } }""", """["a", "b"]""")]
    [InlineData("""{ "type": "number", "minimum": 1 }""", "0.5")]
    [InlineData("""{ "unheardOf": 1 }""", "1")]
    public void The_comparison_sees_a_difference_where_there_is_one(string schema, string value) =>
        Assert.NotEmpty(new SchemaCheck(default).Complaints(JsonDocument.Parse(value).RootElement, JsonDocument.Parse(schema).RootElement));

    private Task<JsonElement> Document() => demo.Client.GetFromJsonAsync<JsonElement>("/openapi/v1.json");

    private async Task Compare(string method, string path, HttpResponseMessage answer, int status)
    {
        using (answer)
        {
            Assert.Equal((HttpStatusCode)status, answer.StatusCode);
            var document = await Document();
            var responses = document.GetProperty("paths").GetProperty(path).GetProperty(method).GetProperty("responses");
            Assert.True(responses.TryGetProperty($"{status}", out var response), $"{status} is not declared.");
            if (!response.TryGetProperty("content", out var content))
            {
                Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
                return;
            }
            Assert.True(content.TryGetProperty(answer.Content.Headers.ContentType!.MediaType!, out var declared), $"{answer.Content.Headers.ContentType} is none of {content}");
            if (!answer.Content.Headers.ContentType.MediaType!.EndsWith("json", StringComparison.Ordinal))
                return;
            Assert.Equal([], new SchemaCheck(document).Complaints(await answer.Content.ReadFromJsonAsync<JsonElement>(), declared.GetProperty("schema")));
        }
    }
}
