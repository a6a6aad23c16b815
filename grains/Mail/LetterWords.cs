namespace Realtime.Mail;

/// <summary>What one kind of letter says, before it is laid out.</summary>
/// <param name="Pharmacy">The pharmacy's name on one line.</param>
/// <param name="French">Subject, and the sentences above the link.</param>
/// <param name="English">The same in English.</param>
/// <param name="Short">What a short message says of it, in French and without the link.</param>
internal sealed record LetterWords(string Pharmacy, (string Subject, string Text) French, (string Subject, string Text) English, string Short)
{
    /// <summary>The words for a kind.</summary>
    public static LetterWords Of(LetterKind kind, LetterFacts facts)
    {
        var pharmacy = Letter.OneLine(facts.PharmacyName).Trim();
        var isNamedSo = pharmacy.StartsWith("pharmacie", StringComparison.OrdinalIgnoreCase);
        var place = new Place(isNamedSo ? $"à la {pharmacy}" : $"à la pharmacie {pharmacy}", isNamedSo ? $"at {pharmacy}" : $"at the pharmacy {pharmacy}");
        var (french, extra) = InFrench(kind, facts, place.French);
        return new LetterWords(pharmacy, french, InEnglish(kind, facts, place.English), extra.Length == 0 ? $"{french.Subject}." : $"{french.Subject}. {extra}");
    }

    private static ((string Subject, string Text) Words, string Short) InFrench(LetterKind kind, LetterFacts facts, string there)
    {
        var order = $"Votre commande {there}";
        var phone = facts.PharmacyPhone is { } number ? $" au {Letter.OneLine(number)}" : "";
        string Time(string before, string after = "", string otherwise = "") => facts.Until is { } until ? before + WrittenDates.French(until) + after : otherwise;
        return kind switch
        {
            LetterKind.Placed => (($"{order} est bien reçue",
                $"{order} est bien reçue. Elle sera lue {Time("au plus tard ", otherwise: "dès que possible")}.\nVous pouvez la suivre sur cette page :"),
                Time("Elle sera lue au plus tard ", ".")),
            LetterKind.Accepted => (($"{order} est acceptée",
                $"{order} est acceptée. La pharmacie la prépare et vous préviendra dès qu'elle sera prête.\nVous pouvez la suivre sur cette page :"),
                "La pharmacie vous préviendra dès qu'elle sera prête."),
            LetterKind.CallThem => (($"{order} attend encore une réponse",
                $"Personne n'a encore répondu à votre commande {there}. Le plus sûr est d'appeler la pharmacie{phone}.\nVotre commande se trouve sur cette page :"),
                $"Le plus sûr est d'appeler la pharmacie{phone}."),
            LetterKind.Proposed => (($"{order} : une modification vous est proposée",
                $"{order} : la pharmacie vous propose une modification.{Time(" Répondez au plus tard ", ".")}\nVous pouvez l'accepter ou la refuser sur cette page :"),
                Time("Répondez au plus tard ", ".")),
            LetterKind.Ready => (($"{order} est prête",
                $"{order} est prête.{Time(" Elle vous attend jusqu'au ", ".")}\nPour la retirer, présentez le code affiché sur cette page :"),
                Time("Elle vous attend jusqu'au ", ".")),
            LetterKind.Refused => (($"{order} n'a pas pu être acceptée",
                $"{order} n'a pas pu être acceptée : rien n'est réservé pour vous.\nVous pouvez appeler la pharmacie{phone}. Votre commande se trouve sur cette page :"),
                ""),
            LetterKind.Expired => (($"{order} a expiré",
                $"{order} a expiré : son délai est passé et rien n'est plus réservé pour vous.\nVous pouvez appeler la pharmacie{phone}, ou passer une nouvelle commande. L'ancienne se trouve sur cette page :"),
                "Rien n'est plus réservé pour vous."),
            LetterKind.Moved => (($"{order} : les horaires ont changé",
                $"La pharmacie a changé ses horaires.{Time($" {order} vous attend maintenant jusqu'au ", ".")}\nVotre commande se trouve sur cette page :"),
                Time("Elle vous attend maintenant jusqu'au ", ".")),
            LetterKind.Message => (($"{order} : un message vous attend",
                $"{order} : la pharmacie vous a écrit.\nSon message vous attend sur cette page :"),
                ""),
            LetterKind.Cancelled => (($"{order} est annulée",
                $"{order} est annulée : rien n'est plus réservé pour vous.\nElle se trouve sur cette page :"),
                ""),
            LetterKind.HandOver => (("Une commande attend au comptoir",
                $"Une commande {there} attend depuis plusieurs minutes, et personne ne l'a encore prise en compte.\nOuvrez le comptoir :"),
                "Elle attend depuis plusieurs minutes, et personne ne l'a encore prise en compte."),
            LetterKind.BackInStock => (($"De nouveau disponible {there}",
                $"Ce que vous attendiez est de nouveau disponible {there}. Rien n'est réservé pour vous.\nVoyez sur cette page :"),
                "Rien n'est réservé pour vous."),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There are no words for this kind of letter."),
        };
    }

    private static (string Subject, string Text) InEnglish(LetterKind kind, LetterFacts facts, string there)
    {
        var order = $"Your order {there}";
        var phone = facts.PharmacyPhone is { } number ? $" on {Letter.OneLine(number)}" : "";
        string Time(string before, string after = "", string otherwise = "") => facts.Until is { } until ? before + WrittenDates.English(until) + after : otherwise;
        return kind switch
        {
            LetterKind.Placed => ("Your order has been received",
                $"{order} has been received. It will be read {Time("by ", " at the latest", otherwise: "as soon as possible")}.\nYou can follow it on this page:"),
            LetterKind.Accepted => ("Your order has been accepted",
                $"{order} has been accepted. The pharmacy is preparing it and will tell you as soon as it is ready.\nYou can follow it on this page:"),
            LetterKind.CallThem => ("Your order has not been answered yet",
                $"Nobody has answered your order {there} yet. It is safest to phone the pharmacy{phone}.\nYour order is on this page:"),
            LetterKind.Proposed => ("A change to your order is proposed",
                $"{order}: the pharmacy proposes a change.{Time(" Please answer by ", ".")}\nYou can accept or decline it on this page:"),
            LetterKind.Ready => ("Your order is ready",
                $"{order} is ready.{Time(" It is held for you until ", ".")}\nTo collect it, show the code on this page:"),
            LetterKind.Refused => ("Your order could not be accepted",
                $"{order} could not be accepted: nothing is held for you.\nYou can phone the pharmacy{phone}. Your order is on this page:"),
            LetterKind.Expired => ("Your order has expired",
                $"{order} has expired: its time has run out and nothing is held for you any more.\nYou can phone the pharmacy{phone}, or place a new order. The old one is on this page:"),
            LetterKind.Moved => ("The pharmacy has changed its hours",
                $"The pharmacy has changed its hours.{Time($" {order} is now held for you until ", ".")}\nYour order is on this page:"),
            LetterKind.Message => ("A message awaits you",
                $"{order}: the pharmacy has written to you.\nIts message awaits you on this page:"),
            LetterKind.Cancelled => ("Your order is cancelled",
                $"{order} is cancelled: nothing is held for you any more.\nIt is on this page:"),
            LetterKind.HandOver => ("An order is waiting at the counter",
                $"An order {there} has been waiting for several minutes, and nobody has acknowledged it yet.\nOpen the counter:"),
            LetterKind.BackInStock => ("Available again",
                $"What you asked to be told about is available again {there}. Nothing is held for you.\nSee this page:"),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There are no words for this kind of letter."),
        };
    }

    private readonly record struct Place(string French, string English);
}
