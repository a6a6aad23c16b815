using NodaTime;
using Realtime.Products;
using Realtime.Web.Products;

namespace Realtime.Tests.Products;

/// <summary>Bar codes of boxes.</summary>
public sealed class DataMatrixTests
{
    private const char Separator = '\u001d';
    private const string Ibuprofen = "3400938358926";
    private const string Characters = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";

    private static readonly LocalDate Today = new(2026, 11, 28);

    [Theory]
    [InlineData("]d201034009383589261727123110LOT42\u001d21ABC")]
    [InlineData("01034009383589261727123110LOT42\u001d21ABC")]
    [InlineData("\u001d01034009383589261727123110LOT42\u001d21ABC\r\n")]
    [InlineData("]C121ABC\u001d10lot42\u001d172712310103400938358926")]
    [InlineData("10LOT42\u001d21ABC\u001d\u001d172712000103400938358926")]
    public void A_box_says_its_code_its_last_day_its_lot_and_its_number(string text) =>
        Assert.Equal(new ScannedBox(Cip13.Parse(Ibuprofen), "LOT42", new LocalDate(2027, 12, 31), "ABC"), Read(text));

    [Theory]
    [InlineData("112401012005")]
    [InlineData("70032612311200")]
    [InlineData("91anything")]
    [InlineData("2411234567")]
    [InlineData("7113400938358926")]
    [InlineData("3103000250")]
    public void What_else_a_box_says_is_passed_over(string other)
    {
        var expected = new ScannedBox(Cip13.Parse(Ibuprofen), "L1", null, null);
        Assert.Equal(expected, Read($"{other}{Separator}010340093835892610L1"));
        Assert.Equal(expected, Read($"010340093835892610L1{Separator}{other}"));
    }

    [Fact]
    public void A_box_without_lot_expiry_and_number_is_one() => Assert.Equal(new ScannedBox(Cip13.Parse(Ibuprofen), null, null, null), Read("0103400938358926"));

    [Theory]
    [InlineData(2026, "270200", "2027-02-28")]
    [InlineData(2026, "280200", "2028-02-29")]
    [InlineData(2026, "280229", "2028-02-29")]
    [InlineData(2026, "760101", "2076-01-01")]
    [InlineData(2026, "770101", "1977-01-01")]
    [InlineData(2026, "991231", "1999-12-31")]
    [InlineData(2026, "260101", "2026-01-01")]
    [InlineData(2060, "100101", "2110-01-01")]
    [InlineData(2060, "110101", "2011-01-01")]
    public void Two_digits_of_a_year_mean_the_one_from_49_years_back_to_50_ahead(int thisYear, string written, string meant)
    {
        Assert.True(DataMatrix.TryRead($"010340093835892617{written}", new LocalDate(thisYear, 6, 1), out var box, out _));
        Assert.Equal(meant, $"{box.Expiry:uuuu-MM-dd}");
    }

    [Theory]
    [InlineData("", nameof(ScanFault.NoGtin))]
    [InlineData("]d2", nameof(ScanFault.NoGtin))]
    [InlineData("17271231", nameof(ScanFault.NoGtin))]
    [InlineData("0", nameof(ScanFault.UnknownIdentifier))]
    [InlineData("doliprane", nameof(ScanFault.UnknownIdentifier))]
    [InlineData("3400938358926", nameof(ScanFault.NoGtin))]
    [InlineData("9", nameof(ScanFault.UnknownIdentifier))]
    [InlineData("01", nameof(ScanFault.Truncated))]
    [InlineData("010340093835892", nameof(ScanFault.Truncated))]
    [InlineData("01034009383589261727123", nameof(ScanFault.Truncated))]
    [InlineData("010340093835892610", nameof(ScanFault.Truncated))]
    [InlineData("010340093835892610\u001d21ABC", nameof(ScanFault.Truncated))]
    [InlineData("0103400938358926]d2", nameof(ScanFault.UnknownIdentifier))]
    [InlineData("010340093835892652ABC", nameof(ScanFault.UnknownIdentifier))]
    [InlineData("0103400938358927", nameof(ScanFault.InvalidGtin))]
    [InlineData("010340093835892X", nameof(ScanFault.InvalidGtin))]
    [InlineData("0113400938358926", nameof(ScanFault.InvalidGtin))]
    [InlineData("0113400938358923", nameof(ScanFault.NotAMedicine))]
    [InlineData("0103401541600006", nameof(ScanFault.NotAMedicine))]
    [InlineData("010340093835892617271331", nameof(ScanFault.InvalidExpiry))]
    [InlineData("010340093835892617000000", nameof(ScanFault.InvalidExpiry))]
    [InlineData("010340093835892617270231", nameof(ScanFault.InvalidExpiry))]
    [InlineData("010340093835892617270229", nameof(ScanFault.InvalidExpiry))]
    [InlineData("01034009383589261727AB31", nameof(ScanFault.InvalidExpiry))]
    [InlineData("010340093835892610123456789012345678901", nameof(ScanFault.InvalidField))]
    [InlineData("010340093835892621123456789012345678901", nameof(ScanFault.InvalidField))]
    [InlineData("010340093835892610LOT 42", nameof(ScanFault.InvalidField))]
    [InlineData("010340093835892610LOTÉ", nameof(ScanFault.InvalidField))]
    [InlineData("010340093835892610A\u001d10B", nameof(ScanFault.Repeated))]
    [InlineData("01034009383589260103400938358926", nameof(ScanFault.Repeated))]
    [InlineData("01034009383589261727123117271231", nameof(ScanFault.Repeated))]
    public void What_is_no_DataMatrix_of_a_medicine_is_refused_with_the_reason(string text, string reason)
    {
        Assert.False(DataMatrix.TryRead(text, Today, out var box, out var fault));
        Assert.Null(box);
        Assert.Equal(reason, fault.ToString());
        Assert.False(DataMatrix.TryReadCode(text, out _));
    }

    [Fact]
    public void A_text_longer_than_any_box_is_not_looked_at()
    {
        var longest = $"010340093835892691{new string('7', 90)}{Separator}92{new string('7', 89)}";
        Assert.Equal(DataMatrix.LongestText, longest.Length);
        Assert.Equal(Ibuprofen, $"{Read(longest).Cip13}");
        Assert.False(DataMatrix.TryRead(longest + '7', Today, out _, out var fault));
        Assert.Equal(ScanFault.TooLong, fault);
    }

    [Fact]
    public void What_is_written_is_read_again_in_any_order()
    {
        var random = new Random(Campaign.Seed);
        for (var run = 0; run < 20_000; run++)
        {
            var box = new ScannedBox(
                Cip13.OfPlace(340_090_000_000 + random.NextInt64(10_000_000)),
                random.Next(4) == 0 ? null : Field(random).ToUpperInvariant(),
                random.Next(4) == 0 ? null : new LocalDate(1977, 1, 1).PlusDays(random.Next(36_500)),
                random.Next(2) == 0 ? null : Field(random));
            var text = Written(box, random);
            Assert.True(DataMatrix.TryRead(text, Today, out var read, out var fault), $"seed {Campaign.Seed}, run {run}: {fault} in {text}");
            Assert.Equal(box, read);
            Assert.True(DataMatrix.TryReadCode(text, out var code));
            Assert.Equal(box.Cip13, code);
        }
    }

    [Fact]
    public void Whatever_the_text_nothing_is_thrown_and_what_is_read_is_a_box()
    {
        var random = new Random(Campaign.Seed);
        var (read, refused) = (0, new HashSet<ScanFault>());
        for (var run = 0; run < 100_000; run++)
        {
            var text = Damaged("]d201034009383589261727123110LOT42\u001d21ABC\u001d11240101", random);
            if (DataMatrix.TryRead(text, Today, out var box, out var fault))
            {
                read++;
                Assert.Equal(ScanFault.None, fault);
                Assert.True(Cip13.TryParse($"{box.Cip13}", out _) && box.Lot is not { Length: 0 or > 20 } && box.Serial is not { Length: 0 or > 20 }, text);
            }
            else
            {
                Assert.Null(box);
                refused.Add(fault);
            }
        }
        Assert.True(read > 1000, $"only {read} were read");
        Assert.True(refused.Count >= 7 && !refused.Contains(ScanFault.None), string.Join(' ', refused));
    }

    [Fact]
    public void Every_reason_is_said_in_both_languages() =>
        Assert.All(Enum.GetValues<ScanFault>().Where(fault => fault != ScanFault.None), fault =>
            Assert.True(ScanSentences.Of(fault) is { English.Length: > 10, French.Length: > 10 } sentence && sentence.English != sentence.French));

    private static ScannedBox Read(string text)
    {
        Assert.True(DataMatrix.TryRead(text, Today, out var box, out var fault), $"{fault} in {text}");
        return box;
    }

    private static string Field(Random random) => new([.. Enumerable.Range(0, random.Next(1, 21)).Select(_ => Characters[random.Next(Characters.Length)])]);

    // Fields that end by themselves need no separator; the others have one unless they are the last.
    private static string Written(ScannedBox box, Random random)
    {
        List<(string Text, bool Open)> fields = [($"010{box.Cip13}", false)];
        if (box.Lot is { } lot)
            fields.Add(($"10{(random.Next(2) == 0 ? lot : lot.ToLowerInvariant())}", true));
        if (box.Expiry is { } expiry)
            fields.Add(($"17{expiry:yyMMdd}", false));
        if (box.Serial is { } serial)
            fields.Add(($"21{serial}", true));
        if (random.Next(3) == 0)
            fields.Add(($"11{random.Next(100_000, 999_999)}", false));
        if (random.Next(3) == 0)
            fields.Add(($"240{Field(random)}", true));
        var shuffled = fields.ToArray();
        random.Shuffle(shuffled);
        var text = string.Concat(shuffled.Select((field, i) => field.Open && i < shuffled.Length - 1 ? field.Text + Separator : field.Text));
        return random.Next(2) == 0 ? text : "]d2" + text;
    }

    private static string Damaged(string text, Random random)
    {
        for (var hits = random.Next(4); hits > 0 && text.Length > 0; hits--)
        {
            var at = random.Next(text.Length);
            text = random.Next(5) switch
            {
                0 => text[..at],
                1 => text.Remove(at, 1),
                2 => text.Insert(at, ((char)random.Next(0x20, 0x100)).ToString()),
                3 => text[..at] + text[random.Next(text.Length)..],
                _ => text[..at] + Separator + text[(at + 1)..],
            };
        }
        return text;
    }
}
