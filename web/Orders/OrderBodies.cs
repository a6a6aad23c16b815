using System.Text.Json;
using NodaTime;
using NodaTime.Text;
using Realtime.Orders;
using Realtime.Products;
using Realtime.Web.Edge;
using Realtime.Web.Products;

namespace Realtime.Web.Orders;

/// <summary>One line of an order that is asked for.</summary>
/// <param name="Cip13">Which presentation.</param>
/// <param name="Quantity">Boxes, 1 to 99.</param>
public sealed record OrderLineAsked(string Cip13, int Quantity);

/// <summary>Who buys.</summary>
/// <param name="Name">As it is called out at the counter.</param>
/// <param name="BirthDate">ISO day; a buyer is 16 or older.</param>
/// <param name="Phone">Telephone.</param>
/// <param name="Email">Where to write to; what is written names no product.</param>
public sealed record BuyerAsked(string Name, string BirthDate, string? Phone = null, string? Email = null);

/// <summary>An order that is asked for.</summary>
/// <param name="Lines">1 to 50.</param>
/// <param name="Buyer">Who buys; may order for another.</param>
/// <param name="Consent">Whether the buyer consents to what is kept, and for how long.</param>
/// <param name="Answers">Who is treated (<c>treated: { relation, birthYear?, weightKg?, pregnant?, breastfeeding? }</c>), and answers to the pharmacy's own questions.</param>
/// <param name="Note">A word to the pharmacist.</param>
public sealed record OrderBody(IReadOnlyList<OrderLineAsked?> Lines, BuyerAsked Buyer, bool Consent = false, IReadOnlyDictionary<string, JsonElement>? Answers = null, string? Note = null)
{
    private const int LongestName = 100, LongestNote = 500, LongestAnswer = 500, LongestRelation = 40, MostAnswers = 20, LongestAnswers = 4_000;
    private const string Treated = "treated";
    private const int Adult = 18, FirstYear = 1900;
    private const double LeastKilograms = 0.3, MostKilograms = 500;

    /// <summary>The order, as far as it is right; the reader knows what is not.</summary>
    internal OrderAsked Read(BodyReader body, Instant now, bool byCounter, bool byPharmacist)
    {
        var today = now.InUtc().Date;
        var treated = ReadAnswers(body, today.Year);
        var answers = Answers is { Count: > 0 } ? Canonical(Answers) : null;
        if (answers?.Length > LongestAnswers)
            body.Refuse("$.answers", new($"takes at most {LongestAnswers} characters in all", $"attend {LongestAnswers} caractères au plus en tout"));
        return new()
        {
            Lines = ReadLines(body),
            Buyer = ReadBuyer(body, today),
            Answers = answers,
            Answered = treated?.Year is not null,
            ForMinor = treated?.Year > today.Year - Adult,
            Consent = Consent,
            Note = body.Prose("$.note", Note, LongestNote),
            ByCounter = byCounter,
            ByPharmacist = byPharmacist,
        };
    }

    private List<AskedBoxes> ReadLines(BodyReader body)
    {
        if (Lines.Count is 0 or > DoseEndpoints.MostLines)
            body.Refuse("$.lines", new($"takes 1 to {DoseEndpoints.MostLines} lines", $"attend de 1 à {DoseEndpoints.MostLines} lignes"));
        var boxes = new List<AskedBoxes>();
        for (var i = 0; i < Lines.Count && i < DoseEndpoints.MostLines; i++)
            if (Lines[i] is not { } line)
                body.Refuse($"$.lines[{i}]", new("must not be null", "ne doit pas être null"));
            else if (line.Quantity is < 1 or > DoseEndpoints.MostBoxes)
                body.Refuse($"$.lines[{i}].quantity", new($"takes a whole number from 1 to {DoseEndpoints.MostBoxes}", $"attend un nombre entier de 1 à {DoseEndpoints.MostBoxes}"));
            else if (!Cip13.TryParse(line.Cip13, out var cip13))
                body.Refuse($"$.lines[{i}].cip13", ProductEndpoints.NotACode(line.Cip13));
            else
                boxes.Add(new(cip13, line.Quantity));
        return boxes;
    }

    private Buyer ReadBuyer(BodyReader body, LocalDate today)
    {
        var born = LocalDatePattern.Iso.Parse(Buyer.BirthDate);
        if (!born.Success || born.Value > today || born.Value.Year < FirstYear)
            body.Refuse("$.buyer.birthDate", new("takes an ISO day such as 1985-04-23, not in the future", "attend un jour ISO comme 1985-04-23, qui n'est pas à venir"));
        return new(
            body.Text("$.buyer.name", Buyer.Name, LongestName)!, body.Phone("$.buyer.phone", Buyer.Phone), body.Email("$.buyer.email", Buyer.Email),
            born.Success ? LocalDatePattern.Iso.Format(born.Value) : "");
    }

    // Who is treated has a shape; the pharmacy's own questions are answered by a text, a number, or yes or no.
    private Treatment? ReadAnswers(BodyReader body, int thisYear)
    {
        if (Answers is null)
            return null;
        if (Answers.Count > MostAnswers)
            body.Refuse("$.answers", new($"takes at most {MostAnswers} answers", $"attend {MostAnswers} réponses au plus"));
        foreach (var (name, answer) in Answers.Where(pair => pair.Key != Treated).Take(MostAnswers))
            if (!Bodies.IsLine(name, LongestRelation) || answer.ValueKind is not (JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False))
                body.Refuse("$.answers", new("takes answers that are a text, a number, true or false", "attend des réponses qui sont un texte, un nombre, true ou false"));
            else if (answer.ValueKind == JsonValueKind.String)
                body.Prose($"$.answers.{name}", answer.GetString(), LongestAnswer);
        return Answers.TryGetValue(Treated, out var treated) ? ReadTreated(body, treated, thisYear) : null;
    }

    private static Treatment? ReadTreated(BodyReader body, JsonElement treated, int thisYear)
    {
        const string path = "$.answers.treated";
        if (treated.ValueKind != JsonValueKind.Object)
        {
            body.Refuse(path, new("takes an object", "attend un objet"));
            return null;
        }
        if (!treated.TryGetProperty("relation", out _))
            body.Refuse($"{path}.relation", new("is required", "est obligatoire"));
        int? year = null;
        foreach (var member in treated.EnumerateObject())
            switch (member.Name)
            {
                case "relation" when member.Value.ValueKind == JsonValueKind.String:
                    body.Text($"{path}.relation", member.Value.GetString(), LongestRelation);
                    break;
                case "birthYear" when member.Value.ValueKind == JsonValueKind.Number && member.Value.TryGetInt32(out var born) && born >= FirstYear && born <= thisYear:
                    year = born;
                    break;
                case "weightKg" when member.Value.ValueKind == JsonValueKind.Number && member.Value.TryGetDouble(out var kilograms) && kilograms is >= LeastKilograms and <= MostKilograms:
                case "pregnant" or "breastfeeding" when member.Value.ValueKind is JsonValueKind.True or JsonValueKind.False:
                case "birthYear" or "weightKg" or "pregnant" or "breastfeeding" when member.Value.ValueKind == JsonValueKind.Null:
                    break;
                case "relation" or "birthYear" or "weightKg" or "pregnant" or "breastfeeding":
                    body.Refuse($"{path}.{member.Name}", new("is not what is expected here", "n'est pas ce qui est attendu ici"));
                    break;
                default:
                    body.Refuse(path, new("takes relation, birthYear, weightKg, pregnant and breastfeeding", "attend relation, birthYear, weightKg, pregnant et breastfeeding"));
                    break;
            }
        return new(year);
    }

    // The same answers in another order, or with other blanks, are the same answers.
    private static string Canonical(IReadOnlyDictionary<string, JsonElement> answers)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            Write(writer, answers);
        return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void Write(Utf8JsonWriter writer, IEnumerable<KeyValuePair<string, JsonElement>> members)
    {
        writer.WriteStartObject();
        foreach (var (name, value) in members.OrderBy(member => member.Key, StringComparer.Ordinal))
        {
            writer.WritePropertyName(name);
            if (value.ValueKind == JsonValueKind.Object)
                Write(writer, value.EnumerateObject().Select(member => KeyValuePair.Create(member.Name, member.Value)));
            else
                value.WriteTo(writer);
        }
        writer.WriteEndObject();
    }
}

/// <summary>Who is treated, as far as rules ask.</summary>
/// <param name="Year">Year of birth; null where it was not told.</param>
internal readonly record struct Treatment(int? Year);

/// <summary>A message that is to be sent.</summary>
/// <param name="Text">1 to 500 characters.</param>
public sealed record MessageAsked(string Text)
{
    /// <summary>The longest message.</summary>
    internal const int Longest = 500;
}

/// <summary>Fewer boxes that are to be offered.</summary>
/// <param name="Lines">What is offered; a product that is left out is offered no more.</param>
public sealed record ProposalAsked(IReadOnlyList<OrderLineAsked?> Lines)
{
    /// <summary>The offer by product, as far as it is right.</summary>
    internal Dictionary<Cip13, int> Read(BodyReader body)
    {
        var offer = new Dictionary<Cip13, int>();
        if (Lines.Count is 0 or > DoseEndpoints.MostLines)
            body.Refuse("$.lines", new($"takes 1 to {DoseEndpoints.MostLines} lines", $"attend de 1 à {DoseEndpoints.MostLines} lignes"));
        for (var i = 0; i < Lines.Count && i < DoseEndpoints.MostLines; i++)
            if (Lines[i] is not { Quantity: >= 0 and <= DoseEndpoints.MostBoxes } line)
                body.Refuse($"$.lines[{i}].quantity", new($"takes a whole number from 0 to {DoseEndpoints.MostBoxes}", $"attend un nombre entier de 0 à {DoseEndpoints.MostBoxes}"));
            else if (!Cip13.TryParse(line.Cip13, out var cip13) || !offer.TryAdd(cip13, line.Quantity))
                body.Refuse($"$.lines[{i}].cip13", new("takes a product of the order, once", "attend un produit de la commande, une seule fois"));
        return offer;
    }
}

/// <summary>A refusal, with its reason for the buyer.</summary>
public sealed record RefusalAsked(string Reason);

/// <summary>An order that is bagged; all of it may be left out.</summary>
/// <param name="Scans">What the DataMatrix codes of its boxes say, as a scanner sends them.</param>
/// <param name="RecallChecked">Whether somebody looked at the boxes of a recalled product that were not scanned.</param>
public sealed record ReadyAsked(IReadOnlyList<string?>? Scans = null, bool RecallChecked = false);

/// <summary>A collection: by the code that the buyer says, or by a pharmacist who checked who collects.</summary>
/// <param name="PickupCode">The code.</param>
/// <param name="IdentityChecked">Whether a pharmacist checked instead.</param>
/// <param name="Reason">How, where one did.</param>
/// <param name="Scans">What the DataMatrix codes of its boxes say, as a scanner sends them.</param>
/// <param name="RecallChecked">Whether somebody looked at the boxes of a recalled product that were not scanned.</param>
public sealed record CollectionAsked(string? PickupCode = null, bool IdentityChecked = false, string? Reason = null, IReadOnlyList<string?>? Scans = null, bool RecallChecked = false);

/// <summary>A step back; after two minutes it takes a pharmacist's reason.</summary>
public sealed record UndoAsked(string? Reason = null);

/// <summary>Boxes that were counted.</summary>
/// <param name="Quantity">On hand, held ones included, 0 to 100,000.</param>
/// <param name="Reserve">Never promised, 0 to 1,000; absent: as before.</param>
public sealed record StockAsked(int Quantity, int? Reserve = null);

/// <summary>Who is served of a product of which there is too little.</summary>
/// <param name="Orders">Ids of orders; the others that hold the product are refused.</param>
public sealed record SettlementAsked(IReadOnlyList<string> Orders);

/// <summary>A wish to be told when boxes come free.</summary>
/// <param name="Email">Where to write to.</param>
/// <param name="Quantity">How many boxes, 1 to 99.</param>
/// <param name="Consent">Whether the address may be kept until then.</param>
public sealed record WaitAsked(string Email, int Quantity = 1, bool Consent = false);
