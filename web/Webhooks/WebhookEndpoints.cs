using Realtime.Pharmacies;
using Realtime.Web.Edge;
using Realtime.Web.Identity;
using Realtime.Web.Live;
using Realtime.Web.People;
using Realtime.Webhooks;

namespace Realtime.Web.Webhooks;

/// <summary>Webhooks of a pharmacy: its titulaire's. What is sent, and how it is verified, stands in docs/webhooks.md.</summary>
internal static class WebhookEndpoints
{
    private const int LongestDescription = 100;

    // A call is given up after 15 seconds, and may have to wait for its turn.
    private static readonly TimeSpan TestPatience = TimeSpan.FromSeconds(20), Look = TimeSpan.FromMilliseconds(50);

    public static void MapWebhooks(this IEndpointRouteBuilder app)
    {
        var webhooks = app.MapGroup("/api/v1/counter/{id}/webhooks").WithTags("Webhooks").RequireAuthorization(Policies.Titulaire).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404);
        webhooks.MapGet("", List).WithQuery().Strict().WithSummary("Addresses that events are sent to.").Produces<WebhooksAnswer>().ProducesProblem(400);
        webhooks.MapPost("", Add).WithQuery().Strict()
            .WithSummary("Have events sent to an address; its secret is shown once.").Produces<NewWebhookAnswer>(201)
            .ProducesProblem(400).ProducesProblem(409).ProducesProblem(413).ProducesProblem(415);
        webhooks.MapDelete("/{webhook}", Remove).WithQuery().Strict().WithSummary("Send nothing there any more, whatever waits.").Produces(204).ProducesProblem(400);
        webhooks.MapPost("/{webhook}/rotate", Rotate).WithQuery().Strict().WithSummary("Make another secret; the old one signs as well for 24 hours.").Produces<NewSecretAnswer>().ProducesProblem(400).ProducesProblem(409);
        webhooks.MapPost("/{webhook}/test", Test).WithQuery().Strict().WithSummary("Send a message that means nothing, now, and say how it was answered.").Produces<WebhookTestAnswer>()
            .ProducesProblem(400).ProducesProblem(409).ProducesProblem(503);
        webhooks.MapGet("/{webhook}/dead-letters", Dead).WithQuery().Strict().WithSummary("Messages that were given up, kept for 30 days, the last 1,000.").Produces<DeadLettersAnswer>().ProducesProblem(400);
        webhooks.MapPost("/{webhook}/dead-letters/{message}/redeliver", Redeliver).WithQuery().Strict()
            .WithSummary("Send one of them again, from the first attempt on.").Produces(202).ProducesProblem(400).ProducesProblem(409);
    }

    private static async Task<IResult> List(HttpContext context, string id, Country country, IGrainFactory grains) =>
        PeopleEndpoints.Find(context, country, id, out var problem) is { } pharmacy
            ? TypedResults.Ok(new WebhooksAnswer([.. (await Of(grains, pharmacy).All()).Select(WebhookItem.Of)]))
            : problem!;

    private static async Task<IResult> Add(HttpContext context, string id, WebhookAsked asked, Country country, IGrainFactory grains)
    {
        if (PeopleEndpoints.Find(context, country, id, out var problem) is not { } pharmacy)
            return problem!;
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        if (asked.Events.Count == 0 || asked.Events.Except(WebhookMessages.Types, StringComparer.Ordinal).Any())
            errors["$.events"] = [context.Say(new($"takes some of {string.Join(", ", WebhookMessages.Types)}", $"prend certains de {string.Join(", ", WebhookMessages.Types)}"))];
        if (asked.Description is { } description)
            Bodies.RequireText(context, errors, "$.description", description, LongestDescription);
        if (errors.Count > 0)
            return Problems.InvalidRequest(context, errors);
        var added = await Of(grains, pharmacy).Add(asked.Url, asked.Events, asked.Description, context.Caller().Subject);
        return added is { Webhook: { } webhook, Secret: { } secret }
            ? TypedResults.Created($"/api/v1/counter/{id}/webhooks/{webhook.Id}", new NewWebhookAnswer(webhook.Id, secret, webhook.Url, webhook.Events, webhook.Description))
            : Refused(context, added);
    }

    private static async Task<IResult> Remove(HttpContext context, string id, string webhook, Country country, IGrainFactory grains)
    {
        if (PeopleEndpoints.Find(context, country, id, out var problem) is not { } pharmacy)
            return problem!;
        var removed = await Of(grains, pharmacy).Remove(webhook, context.Caller().Subject);
        return removed.Refusal is null ? TypedResults.NoContent() : Refused(context, removed);
    }

    private static async Task<IResult> Rotate(HttpContext context, string id, string webhook, Country country, IGrainFactory grains)
    {
        if (PeopleEndpoints.Find(context, country, id, out var problem) is not { } pharmacy)
            return problem!;
        var rotated = await Of(grains, pharmacy).Rotate(webhook, context.Caller().Subject);
        return rotated is { Secret: { } secret, OldUntil: { } until } ? TypedResults.Ok(new NewSecretAnswer(secret, Moments.Utc(until))) : Refused(context, rotated);
    }

    private static async Task<IResult> Test(HttpContext context, string id, string webhook, Country country, IGrainFactory grains, Clock clock)
    {
        if (PeopleEndpoints.Find(context, country, id, out var problem) is not { } pharmacy)
            return problem!;
        var grain = Of(grains, pharmacy);
        var sent = await grain.Test(webhook);
        if (sent.Test is not { } test)
            return Refused(context, sent);
        // Asked for again and again: between silos no answer is waited for as long as a receiver may take.
        // Meanwhile this call is no load.
        var turn = Turn.Of(context);
        turn.GiveUp();
        DeliveryOutcome? outcome = null;
        for (var started = clock.Time.GetTimestamp(); outcome is null && clock.Time.GetElapsedTime(started) < TestPatience; outcome = await grain.OutcomeOf(test))
            await Task.Delay(Look, clock.Time, context.RequestAborted);
        if (!turn.TryTake())
            return Problems.OfStatus(context, StatusCodes.Status503ServiceUnavailable);
        return TypedResults.Ok(new WebhookTestAnswer(test.ToString(), outcome?.IsTaken ?? false, outcome?.Status, outcome?.Answer ?? "timeout"));
    }

    private static async Task<IResult> Dead(HttpContext context, string id, string webhook, Country country, IGrainFactory grains)
    {
        if (PeopleEndpoints.Find(context, country, id, out var problem) is not { } pharmacy)
            return problem!;
        return await Of(grains, pharmacy).Dead(webhook) is { } letters
            ? TypedResults.Ok(new DeadLettersAnswer([.. letters.Select(DeadLetterItem.Of)]))
            : Refused(context, new(WebhookRefusal.UnknownWebhook));
    }

    private static async Task<IResult> Redeliver(HttpContext context, string id, string webhook, string message, Country country, IGrainFactory grains)
    {
        if (PeopleEndpoints.Find(context, country, id, out var problem) is not { } pharmacy)
            return problem!;
        if (!MessageId.TryParse(message, out var letter))
            return Refused(context, new(WebhookRefusal.UnknownMessage));
        var answer = await Of(grains, pharmacy).Redeliver(webhook, letter, context.Caller().Subject);
        return answer.Refusal is null ? TypedResults.StatusCode(StatusCodes.Status202Accepted) : Refused(context, answer);
    }

    private static IWebhookGrain Of(IGrainFactory grains, PharmacyId pharmacy) => grains.GetGrain<IWebhookGrain>(pharmacy.Value);

    private static IResult Refused(HttpContext context, WebhookAnswer answer) => answer.Refusal switch
    {
        WebhookRefusal.UnknownWebhook => Problems.Of(context, 404, "unknown-webhook", new("The pharmacy has no webhook of this id.", "La pharmacie n'a pas de webhook de cet identifiant.")),
        WebhookRefusal.UnknownMessage => Problems.Of(context, 404, "unknown-message", new("The webhook has no dead letter of this id.", "Le webhook n'a pas de message abandonné de cet identifiant.")),
        WebhookRefusal.Full => Problems.Of(context, 409, "too-many-webhooks", new($"A pharmacy may have {WebhookRules.Most} of these.", $"Une pharmacie peut en avoir {WebhookRules.Most}.")),
        WebhookRefusal.AlreadyThere => Problems.Of(context, 409, "already-registered", new("The pharmacy has a webhook with this address.", "La pharmacie a déjà un webhook à cette adresse.")),
        WebhookRefusal.Gone => Problems.Of(context, 409, "webhook-gone", new("The address said that it is gone: send it a test first.", "L'adresse a répondu qu'elle n'existe plus : envoyez-lui d'abord un essai.")),
        WebhookRefusal.RotatedBefore => Rotated(context, Moments.Utc(answer.OldUntil!.Value)),
        WebhookRefusal.TestUnderWay => Problems.Of(context, 409, "test-under-way", new("A test is on its way there: wait for its answer.", "Un essai est déjà en route vers cette adresse : attendez sa réponse.")),
        WebhookRefusal.Address => Problems.InvalidRequest(context, "$.url", FaultOf(answer.Fault)),
        _ => throw new InvalidOperationException($"{answer.Refusal} has no sentence."),
    };

    private static IResult Rotated(HttpContext context, string until) => Problems.Of(context, 409, "rotated-before", new(
        $"The secret was replaced less than 24 hours ago, and the one before it signs until {until}. Where it must end at once, register the address anew.",
        $"Le secret a été remplacé il y a moins de 24 heures, et le précédent signe jusqu'à {until}. S'il doit cesser aussitôt, enregistrez l'adresse de nouveau."),
        more: new Dictionary<string, object?>(StringComparer.Ordinal) { ["oldUntil"] = until });

    /// <summary>What an address that is called must be.</summary>
    internal static Sentence FaultOf(AddressFault? fault) => fault switch
    {
        AddressFault.NoUrl => new($"takes an address such as https://example.com/webhooks of at most {WebhookGuard.LongestUrl} characters", $"prend une adresse comme https://example.com/webhooks d'au plus {WebhookGuard.LongestUrl} caractères"),
        AddressFault.NotHttps => new("takes an https address", "prend une adresse https"),
        AddressFault.Parts => new("takes an address without a name, a password or a fragment", "prend une adresse sans nom, mot de passe ni fragment"),
        AddressFault.Port => new("takes an address at port 443, 8443 or above 1024", "prend une adresse au port 443, 8443 ou au-delà de 1024"),
        _ => new("takes an address on the public Internet", "prend une adresse de l'Internet public"),
    };
}
