namespace Realtime.Mail;

/// <summary>
/// Writes what buyers and pharmacies are told, in French and below it in English. Whoever looks over a shoulder, or runs the mail server, learns that there is an order at a
/// pharmacy, and nothing of what was ordered: only the page behind the link shows that.
/// </summary>
public static class Letters
{
    private const string Line = "----------------------------------------";

    /// <summary>The letter to send by mail.</summary>
    public static Letter Of(LetterKind kind, LetterFacts facts)
    {
        var words = LetterWords.Of(kind, facts);
        var signature = facts.PharmacyPhone is { } phone ? $"{words.Pharmacy} – {phone}" : words.Pharmacy;
        return new Letter(facts.Id, facts.To, $"{words.French.Subject} / {words.English.Subject}", $"""
            Bonjour,

            {words.French.Text}

            {facts.Link}

            Ce message est automatique : merci de ne pas y répondre.
            {signature}

            {Line}

            Hello,

            {words.English.Text}

            {facts.Link}

            This message was sent automatically: please do not reply to it.
            {signature}

            """);
    }

    /// <summary>The same in one short message (SMS): French, at most 160 letters of the GSM alphabet, without the link, whose secret has no place there.</summary>
    public static string ShortOf(LetterKind kind, LetterFacts facts)
    {
        var text = Short(facts.PharmacyName);
        if (text.Length <= ShortText.Longest)
            return text;
        // Of all that stands in it the name alone may be long, so the name is cut; the last cut is for a telephone that is none.
        var kept = facts.PharmacyName.Length - (text.Length - ShortText.Longest) - ShortText.Cut.Length;
        text = Short(facts.PharmacyName[..Math.Max(0, kept)].TrimEnd() + ShortText.Cut);
        return text.Length <= ShortText.Longest ? text : text[..ShortText.Longest];

        string Short(string name) => ShortText.Of(LetterWords.Of(kind, facts with { PharmacyName = name }).Short);
    }
}
