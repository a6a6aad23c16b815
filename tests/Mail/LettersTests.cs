using NodaTime;
using Realtime.Mail;
using Realtime.Products;

namespace Realtime.Tests.Mail;

public sealed class LettersTests
{
    private const string Secret = "https://pharmacies.example/orders/990000010-01JDQ4XW0000000000000000AB#3q2-7wAAsecret";
    private const string Gsm = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

    private static readonly LetterFacts Facts =
        new("o-1:ready", "camille.durand@example.org", "Pharmacie du Marché", "01 23 45 67 89", Secret, new LocalDateTime(2026, 11, 30, 19, 30));

    public static TheoryData<LetterKind> Kinds => [.. Enum.GetValues<LetterKind>()];

    [Theory]
    [InlineData(2026, 11, 30, 19, 30, "lundi 30 novembre à 19 h 30", "Monday 30 November at 19:30")]
    [InlineData(2026, 12, 1, 9, 0, "mardi 1er décembre à 9 h", "Tuesday 1 December at 09:00")]
    [InlineData(2027, 2, 28, 0, 5, "dimanche 28 février à 0 h 05", "Sunday 28 February at 00:05")]
    [InlineData(2027, 8, 4, 23, 59, "mercredi 4 août à 23 h 59", "Wednesday 4 August at 23:59")]
    public void Dates_are_written_out(int year, int month, int day, int hour, int minute, string french, string english)
    {
        var at = new LocalDateTime(year, month, day, hour, minute);

        Assert.Equal((french, english), (WrittenDates.French(at), WrittenDates.English(at)));
    }

    [Fact]
    public void A_letter_is_French_and_below_it_English()
    {
        var letter = Letters.Of(LetterKind.Ready, Facts);

        Assert.Equal(("o-1:ready", "camille.durand@example.org"), (letter.Id, letter.To));
        Assert.Equal("Votre commande à la Pharmacie du Marché est prête / Your order is ready", letter.Subject);
        Assert.Equal(
            $"""
            Bonjour,

            Votre commande à la Pharmacie du Marché est prête. Elle vous attend jusqu'au lundi 30 novembre à 19 h 30.
            Pour la retirer, présentez le code affiché sur cette page :

            {Secret}

            Ce message est automatique : merci de ne pas y répondre.
            Pharmacie du Marché – 01 23 45 67 89

            ----------------------------------------

            Hello,

            Your order at Pharmacie du Marché is ready. It is held for you until Monday 30 November at 19:30.
            To collect it, show the code on this page:

            {Secret}

            This message was sent automatically: please do not reply to it.
            Pharmacie du Marché – 01 23 45 67 89

            """, letter.Text);
    }

    [Theory]
    [InlineData("PHARMACIE DE L'EUROPE", "Votre commande à la PHARMACIE DE L'EUROPE est prête")]
    [InlineData("Lafayette", "Votre commande à la pharmacie Lafayette est prête")]
    public void A_pharmacy_is_called_one_once(string name, string subject) =>
        Assert.StartsWith(subject + " /", Letters.Of(LetterKind.Ready, Facts with { PharmacyName = name }).Subject, StringComparison.Ordinal);

    [Theory]
    [InlineData(LetterKind.Placed, "lue au plus tard lundi 30 novembre à 19 h 30", "read by Monday 30 November at 19:30 at the latest")]
    [InlineData(LetterKind.Proposed, "Répondez au plus tard lundi 30 novembre à 19 h 30", "answer by Monday 30 November at 19:30")]
    [InlineData(LetterKind.Ready, "jusqu'au lundi 30 novembre à 19 h 30", "until Monday 30 November at 19:30")]
    [InlineData(LetterKind.Moved, "jusqu'au lundi 30 novembre à 19 h 30", "until Monday 30 November at 19:30")]
    public void The_time_is_told_where_there_is_one(LetterKind kind, string french, string english)
    {
        var told = Letters.Of(kind, Facts);
        var untold = Letters.Of(kind, Facts with { Until = null });

        Assert.Contains(french, told.Text, StringComparison.Ordinal);
        Assert.Contains(english, told.Text, StringComparison.Ordinal);
        Assert.Contains("lundi 30 novembre", Letters.ShortOf(kind, Facts), StringComparison.Ordinal);
        Assert.DoesNotMatch("novembre|November|jusqu'au|au plus tard|at the latest| until | by ", untold.Text);
        Assert.DoesNotMatch("novembre|jusqu'au|au plus tard", Letters.ShortOf(kind, Facts with { Until = null }));
    }

    [Fact]
    public void Whoever_shall_phone_is_told_the_number()
    {
        Assert.Contains("d'appeler la pharmacie au 01 23 45 67 89.", Letters.Of(LetterKind.CallThem, Facts).Text, StringComparison.Ordinal);
        Assert.Contains("01 23 45 67 89", Letters.ShortOf(LetterKind.CallThem, Facts), StringComparison.Ordinal);
        Assert.Contains("d'appeler la pharmacie.", Letters.Of(LetterKind.CallThem, Facts with { PharmacyPhone = null }).Text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_letter_reads_well_with_and_without_what_may_be_missing(LetterKind kind)
    {
        foreach (var facts in new[] { Facts, Facts with { Until = null }, Facts with { PharmacyPhone = null }, Facts with { Until = null, PharmacyPhone = null } })
            foreach (var text in new[] { Letters.Of(kind, facts).Subject, Letters.Of(kind, facts).Text, Letters.ShortOf(kind, facts) + "\n" })
            {
                Assert.DoesNotMatch(@"  |\.\.|,,| [.,\n]|\n\n\n|\{|\}", text);
                Assert.DoesNotContain('\r', text);
            }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void No_letter_says_what_was_ordered(LetterKind kind)
    {
        var substances = File.ReadLines(Path.Combine(Campaign.Root, "data", "substances.csv")).Skip(1).SelectMany(PlainText.Words);
        var products = File.ReadLines(Path.Combine(Campaign.Root, "data", "demo-products.csv")).Skip(1).SelectMany(PlainText.Words);
        string[] telling = ["medicament", "medicaments", "boite", "boites", "produit", "produits", "ordonnance", "traitement", "medicine", "box", "boxes", "product", "mg", "euro", "prix", "price"];
        // Letters are told apart from codes of the tables by their length; short words such as "de" are in names of products too.
        var forbidden = substances.Concat(products).Where(word => word.Length > 6 && word.All(char.IsLetter)).Concat(telling).ToHashSet(StringComparer.Ordinal);
        var letter = Letters.Of(kind, Facts);

        var words = PlainText.Words($"{letter.Subject} {letter.Text.Replace(Secret, "", StringComparison.Ordinal)} {Letters.ShortOf(kind, Facts)}");

        Assert.True(forbidden.Count > 50);
        Assert.DoesNotContain(words, forbidden.Contains);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_secret_is_in_the_mail_alone(LetterKind kind)
    {
        var letter = Letters.Of(kind, Facts);

        Assert.Equal(2, letter.Text.Split('\n').Count(line => line == Secret));
        Assert.DoesNotContain("secret", letter.Subject, StringComparison.Ordinal);
        Assert.DoesNotContain("http", Letters.ShortOf(kind, Facts), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_short_message_fits_in_one_whatever_the_name(LetterKind kind)
    {
        string[] names = ["Pharmacie du Marché", "Grande Pharmacie de l'Œuvre « Cœur de Ville »  – Saint-Étienne-du-Rouvray", new('œ', 300), "薬局", "€[]{}^~|\\", "\0\t"];
        foreach (var name in names)
        {
            var text = Letters.ShortOf(kind, Facts with { PharmacyName = name, Until = new(2026, 9, 30, 23, 59), PharmacyPhone = "+33 1 23 45 67 89" });

            Assert.InRange(text.Length, 20, 160);
            Assert.All(text, letter => Assert.Contains(letter, Gsm));
        }
    }

    [Fact]
    public void A_short_message_cuts_the_name_and_not_what_it_has_to_say()
    {
        var text = Letters.ShortOf(LetterKind.Ready, Facts with { PharmacyName = "Pharmacie de la Grande Place et du Vieux Pont de Saint-Étienne-du-Rouvray, bâtiment B, centre commercial du Bois-Joli" });

        Assert.Equal(160, text.Length);
        Assert.StartsWith("Votre commande à la Pharmacie de la Grande Place", text, StringComparison.Ordinal);
        Assert.EndsWith("... est prete. Elle vous attend jusqu'au lundi 30 novembre à 19 h 30.", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_of_several_lines_stays_on_its_own()
    {
        var letter = Letters.Of(LetterKind.Ready, Facts with { PharmacyName = "Pharmacie\r\nBcc: b@example.org" });

        Assert.DoesNotContain('\n', letter.Subject);
        Assert.DoesNotContain(letter.Text.Split('\n'), line => line.StartsWith("Bcc", StringComparison.Ordinal));
    }

    [Fact]
    public void A_kind_that_nobody_has_words_for_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Letters.Of((LetterKind)200, Facts));
}
