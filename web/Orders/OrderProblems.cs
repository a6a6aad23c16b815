using Realtime.Orders;
using Realtime.Products;
using Realtime.Web.Edge;
using Realtime.Web.Products;
using Realtime.Web.Webhooks;

namespace Realtime.Web.Orders;

/// <summary>Boxes that cannot be promised, for whoever asked for them.</summary>
public sealed record MissingItem(string Cip13, int Requested, int Available);

/// <summary>The refusals of stock and orders as problems of the contract: one switch.</summary>
internal static class OrderProblems
{
    private const int Bad = StatusCodes.Status400BadRequest, Forbidden = StatusCodes.Status403Forbidden, Conflict = StatusCodes.Status409Conflict, Unprocessable = StatusCodes.Status422UnprocessableEntity;

    /// <summary>A key is needed where a lost answer would make people order twice.</summary>
    public static IResult MissingKey(HttpContext context) => Problems.Of(context, Bad, "missing-idempotency-key",
        new("Send an Idempotency-Key of your own with each order: by it the same order, sent again, is taken once.", "Joignez à chaque commande une Idempotency-Key de votre choix : grâce à elle, la même commande renvoyée n'est prise qu'une fois."));

    /// <summary>The same request is being carried out.</summary>
    public static IResult InFlight(HttpContext context) => Problems.Of(context, Conflict, "request-in-flight",
        new("The same request is being carried out: ask again in a second.", "La même requête est en cours : redemandez dans une seconde."));

    /// <summary>No such order, or not for whoever asks.</summary>
    public static IResult UnknownOrder(HttpContext context) => Problems.Of(context, StatusCodes.Status404NotFound, "unknown-order",
        new("No such order is known here.", "Aucune commande de ce numéro n'est connue ici."));

    /// <summary>The problem that a refusal is.</summary>
    public static IResult Of(HttpContext context, string pharmacy, OrderRefusal refusal, Catalogue? catalogue) => refusal.Kind switch
    {
        OrderRefusalKind.UnknownPharmacy => Problems.UnknownPharmacy(context, pharmacy),
        OrderRefusalKind.UnknownProduct => ProductEndpoints.UnknownProduct(context, refusal.Cip13!.Value.ToString()),
        OrderRefusalKind.UnknownOrder => UnknownOrder(context),
        OrderRefusalKind.NotReady => ProductEndpoints.NotYet(context),
        OrderRefusalKind.KeyReused => Problems.Of(context, Unprocessable, "key-reused",
            new("This Idempotency-Key came before with another request: take a new key.", "Cette Idempotency-Key a déjà servi à une autre requête : prenez-en une nouvelle.")),
        OrderRefusalKind.Stale => IfMatch.Stale(context, refusal.Number),
        OrderRefusalKind.OutOfStock => Problems.Of(context, Conflict, "out-of-stock", new("There are not enough boxes: see lines.", "Il n'y a pas assez de boîtes : voir lines."), more: Lines(refusal)),
        OrderRefusalKind.ClickAndCollectOff => Problems.Of(context, Conflict, "click-and-collect-off", new("This pharmacy takes no orders here now.", "Cette pharmacie ne prend pas de commande ici en ce moment.")),
        OrderRefusalKind.Paused => Problems.Of(context, Conflict, "paused", new("This pharmacy takes no orders for a while.", "Cette pharmacie ne prend pas de commande pour l'instant."),
            more: refusal.Until is { } until ? new Dictionary<string, object?> { ["until"] = Moments.Utc(until) } : null),
        OrderRefusalKind.TooManyOpenOrders => Problems.Of(context, Conflict, "too-many-open-orders",
            new($"You have {refusal.Number} open orders at this pharmacy: collect or cancel one first.", $"Vous avez {refusal.Number} commandes en cours dans cette pharmacie : retirez ou annulez-en une d'abord.")),
        OrderRefusalKind.DoseLaw => Doses(context, refusal, catalogue ?? Catalogue.Empty),
        OrderRefusalKind.Age => Problems.Of(context, Unprocessable, "age", new($"A buyer is {OrderQueue.LeastAge} or older.", $"L'acheteur doit avoir au moins {OrderQueue.LeastAge} ans.")),
        OrderRefusalKind.Consent => Problems.Of(context, Unprocessable, "consent", new("Without your consent nothing can be kept, hence nothing ordered.", "Sans votre accord rien ne peut être conservé, donc rien commandé.")),
        OrderRefusalKind.AnswersMissing => Problems.Of(context, Unprocessable, "answers-missing",
            new("This pharmacy asks who is treated: fill in answers.treated with relation and birthYear.", "Cette pharmacie demande qui est traité : remplissez answers.treated avec relation et birthYear.")),
        OrderRefusalKind.WrongState => Problems.Of(context, Conflict, "wrong-state", new($"The order is {OrderJson.WordOf(refusal.State!.Value)}: this cannot be done now.", $"La commande est à l'état « {OrderJson.WordOf(refusal.State!.Value)} » : ce n'est pas possible maintenant."),
            more: new Dictionary<string, object?> { ["state"] = OrderJson.WordOf(refusal.State!.Value) }),
        OrderRefusalKind.NotValidated => Problems.Of(context, Conflict, "not-validated", new("A pharmacist must validate the order first.", "Un pharmacien doit d'abord valider la commande.")),
        OrderRefusalKind.InvalidOffer => Problems.Of(context, Unprocessable, "invalid-offer", new("Offer fewer boxes of what was ordered, and at least one.", "Proposez moins de boîtes de ce qui a été commandé, et au moins une.")),
        OrderRefusalKind.WrongCode => Problems.Of(context, Unprocessable, "wrong-code", new($"This is not the order's code; {refusal.Number} more attempts.", $"Ce n'est pas le code de cette commande ; encore {refusal.Number} essais."),
            more: new Dictionary<string, object?> { ["attemptsLeft"] = refusal.Number }),
        OrderRefusalKind.CodeLocked => Problems.Of(context, Conflict, "code-locked", new("Too many wrong codes: a pharmacist must check who collects.", "Trop de codes erronés : un pharmacien doit vérifier qui retire la commande.")),
        OrderRefusalKind.NothingToUndo => Problems.Of(context, Conflict, "nothing-to-undo", new("There is nothing that could be undone any more.", "Il n'y a plus rien à annuler.")),
        OrderRefusalKind.PharmacistOnly => Problems.Of(context, Forbidden, "pharmacist-only", new("This is a pharmacist's to do, with a reason.", "C'est à un pharmacien de le faire, avec un motif.")),
        OrderRefusalKind.NotShort => Problems.Of(context, Conflict, "not-short", new("There are enough boxes of this product.", "Il y a assez de boîtes de ce produit.")),
        OrderRefusalKind.StillShort => Problems.Of(context, Conflict, "still-short", new("There are not enough boxes for those who are to be served: see lines.", "Il n'y a pas assez de boîtes pour ceux que vous servez : voir lines."), more: Lines(refusal)),
        OrderRefusalKind.TooMany => Problems.Of(context, Conflict, "too-many", new("No more can be added here.", "On ne peut plus rien ajouter ici.")),
        OrderRefusalKind.AlreadyWaiting => Problems.Of(context, Conflict, "already-waiting", new("This address will be written to already.", "Cette adresse sera déjà prévenue.")),
        OrderRefusalKind.SequenceGap => Problems.Of(context, Conflict, "sequence-gap",
            new($"The last number known here is {refusal.Number}: go on from there.", $"Le dernier numéro connu ici est {refusal.Number} : reprenez à partir de là."),
            more: new Dictionary<string, object?> { ["last"] = refusal.Number }),
        OrderRefusalKind.SequenceReused => Problems.Of(context, Conflict, "sequence-reused",
            new("Another feed of this number was taken: take the next number.", "Un autre flux portant ce numéro a été pris en compte : prenez le numéro suivant.")),
        OrderRefusalKind.LotRecalled => Problems.Of(context, Conflict, "lot-recalled", new(
            $"A lot of product {refusal.Cip13} is recalled: scan its boxes, and give none of that lot; or look at each and say recallChecked.",
            $"Un lot du produit {refusal.Cip13} est rappelé : scannez ses boîtes et ne remettez aucune boîte de ce lot ; ou regardez-les toutes et indiquez recallChecked."), more: Product(refusal)),
        OrderRefusalKind.LotExpired => Problems.Of(context, Conflict, "lot-expired",
            new($"A box of product {refusal.Cip13} has expired: give another one.", $"Une boîte du produit {refusal.Cip13} est périmée : remettez-en une autre."), more: Product(refusal)),
        OrderRefusalKind.ScanMismatch => Problems.Of(context, Unprocessable, "scan-mismatch",
            new($"The order has no such box, or not so many: product {refusal.Cip13}.", $"La commande ne compte pas cette boîte, ou pas autant : produit {refusal.Cip13}."), more: Product(refusal)),
        OrderRefusalKind.PushAddress => Problems.InvalidRequest(context, "$.endpoint", WebhookEndpoints.FaultOf(refusal.Address)),
        _ => throw new InvalidOperationException($"{refusal.Kind} has no answer."),
    };

    // The first reason gives the problem its type; all of them are listed.
    private static IResult Doses(HttpContext context, OrderRefusal refusal, Catalogue catalogue)
    {
        var problems = refusal.Doses.Select(problem => DoseProblems.Of(context, problem, catalogue)).ToArray();
        var more = new Dictionary<string, object?> { ["problems"] = problems };
        if (problems.SelectMany(problem => problem.Substances ?? []).ToArray() is { Length: > 0 } substances)
            more["substances"] = substances;
        var first = problems[0];
        return Problems.Of(context, Unprocessable, first.Type[Problems.TypePrefix.Length..], new(first.Detail, first.Detail), more: more);
    }

    private static Dictionary<string, object?> Product(OrderRefusal refusal) => new() { ["cip13"] = refusal.Cip13!.Value.ToString() };

    private static Dictionary<string, object?> Lines(OrderRefusal refusal) =>
        new() { ["lines"] = refusal.Missing.Select(line => new MissingItem(line.Cip13.ToString(), line.Requested, line.Available)).ToArray() };
}
