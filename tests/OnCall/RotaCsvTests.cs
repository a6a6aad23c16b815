using System.Text;
using NodaTime;
using Realtime.Hours;
using Realtime.OnCall;
using Realtime.Pharmacies;

namespace Realtime.Tests.OnCall;

public sealed class RotaCsvTests
{
    private static readonly DateTimeZone Paris = DateTimeZoneProviders.Tzdb["Europe/Paris"];
    private static readonly PharmacyId Id = PharmacyId.FromBody("99000001");
    private static readonly Instant Eve = Instant.FromUtc(2026, 12, 24, 19, 0);

    [Theory]
    [InlineData("secteur;pharmacie;debut;fin;type;acces;telephone;consignes", "A;{0};2026-12-24 20:00;2026-12-25 08:00;nuit;sonnette;0123456789;Sonnez.")]
    [InlineData("Sector,Pharmacy,Start,End,Kind,Access,Phone,Instructions", "A,{0},2026-12-24T20:00:00+01:00,2026-12-25T07:00:00Z,night,bell,0123456789,Sonnez.")]
    [InlineData("Téléphone;Type;Consignes;Début;Fin;Secteur;Pharmacie;Nom;Accès", "0123456789;Nuit;Sonnez.;24/12/2026 20:00;25/12/2026 8:00:00;A;{0};Pharmacie du Pont;Sonnette")]
    public void A_rota_is_read_by_the_names_of_its_columns_in_either_language(string header, string line)
    {
        var reading = Read($"{header}\r\n{string.Format(null, line, Id)}\r\n");
        Assert.Empty(reading.Errors);
        Assert.Equal((2, new Duty("A", Id, new OnCallPeriod(Eve, Eve + Duration.FromHours(12), OnCallKind.Night, Access.Bell, "0123456789", "Sonnez."))), Assert.Single(reading.Duties));
    }

    [Fact]
    public void Files_of_the_old_encoding_and_with_a_mark_are_read()
    {
        var text = $"secteur;pharmacie;début;fin;type;consignes\nÉtampes;{Id};2026-12-24 20:00;2026-12-25 08:00;nuit;Sonnez à l'arrière\n";
        foreach (var bytes in new[] { CodePagesEncodingProvider.Instance.GetEncoding(1252)!.GetBytes(text), Encoding.UTF8.GetBytes(text), [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(text)] })
        {
            var (_, duty) = Assert.Single(RotaCsv.Read(bytes, Paris).Duties);
            Assert.Equal(("Étampes", "Sonnez à l'arrière"), (duty.Sector, duty.Period.Instructions));
        }
    }

    [Fact]
    public void Each_wrong_cell_is_named_with_its_line_and_the_other_lines_are_read()
    {
        var reading = Read($"""
            secteur;pharmacie;debut;fin;type;acces
            A;{Id};2026-12-24 20:00;2026-12-25 08:00;nuit;
            ;990000011;24 décembre;2026-12-25 08:00;soir;porte

            "A
            B";{Id};2026-12-25 20:00;2026-12-25 08:00;nuit;sonnette
            A;{Id};2026-12-24 20:00
            A;{Id};2026-12-25 20:00;2026-12-26 08:00;nuit;ouvert
            """);
        Assert.Equal([2, 8], reading.Duties.Select(duty => duty.Line));
        Assert.Equal(
            [(3, "secteur"), (3, "pharmacie"), (3, "debut"), (3, "type"), (3, "acces"), (5, "fin"), (7, "")],
            reading.Errors.Select(error => (error.Line, error.Column)));
        Assert.Equal("« soir » n'est pas nuit, dimanche ou jour.", reading.Errors[3].French);
        Assert.Equal("'soir' is not night, sundayOrHoliday or day.", reading.Errors[3].English);
        Assert.Equal("the line has 3 cells, not 6.", reading.Errors[6].English);
    }

    [Theory]
    [InlineData("", 1, "")]
    [InlineData("secteur;pharmacie;debut;fin\n", 1, "type")]
    [InlineData("secteur;pharmacie;debut;fin;type;kind\n", 1, "kind")]
    [InlineData("secteur;pharmacie;debut;fin;type;telefone\n", 1, "telefone")]
    [InlineData("secteur;pharmacie;debut;fin;type\nA;x\n\"A;x\n", 3, "")]
    [InlineData("secteur;pharmacie;debut;fin;type\n\"A\"x;y\n", 2, "")]
    public void Where_the_header_or_the_structure_is_wrong_nothing_is_read(string text, int line, string column)
    {
        var reading = Read(text);
        Assert.Empty(reading.Duties);
        Assert.Equal((line, column), (Assert.Single(reading.Errors).Line, reading.Errors[0].Column));
    }

    [Fact]
    public void Local_times_on_nights_when_the_clock_changes_follow_the_policy_of_the_zone()
    {
        var reading = Read($"secteur;pharmacie;debut;fin;type\nA;{Id};2026-03-29 02:30;2026-10-25 02:30;nuit\n");
        Assert.Equal(Instant.FromUtc(2026, 3, 29, 1, 30), reading.Duties[0].Duty.Period.Start);
        Assert.Equal(Instant.FromUtc(2026, 10, 25, 0, 30), reading.Duties[0].Duty.Period.End);
    }

    [Fact]
    public void What_was_written_is_read_again_whatever_the_words_hold()
    {
        var random = new Random(Campaign.Seed);
        for (var round = 0; round < 200; round++)
        {
            var duties = Enumerable.Range(0, 10).Select(_ => RandomDuty(random)).ToList();
            var french = random.Next(2) == 0;
            var bytes = RotaCsv.Write(duties, Paris, _ => RandomText(random), french);
            var reading = RotaCsv.Read(bytes, Paris);
            Assert.Empty(reading.Errors);
            Assert.Equal(duties, reading.Duties.Select(duty => duty.Duty));
        }
    }

    [Theory]
    [InlineData("=1+1")]
    [InlineData("+33123456789")]
    [InlineData("-1")]
    [InlineData("@SUM(A1)")]
    [InlineData("\t=1")]
    [InlineData("\r=1")]
    [InlineData(" =1")]
    [InlineData("'=1")]
    public void A_cell_that_a_spreadsheet_would_run_is_made_harmless_and_read_as_it_was(string cell)
    {
        var duty = new Duty(cell, Id, new OnCallPeriod(Eve, Eve + Duration.FromHours(12), OnCallKind.Night, Access.Bell, cell, cell, cell));
        var bytes = RotaCsv.Write([duty], Paris, _ => cell, french: true);
        var row = Encoding.UTF8.GetString(bytes).Split("\r\n", 2)[1];
        Assert.DoesNotContain(row.Split(';').Select(c => c.Trim('"')), c => c.TrimStart(' ') is ['=' or '+' or '-' or '@' or '\t' or '\r', ..]);
        Assert.Equal(5, row.Split("'" + cell).Length - 1);
        Assert.Equal(duty, RotaCsv.Read(bytes, Paris).Duties[0].Duty);
    }

    [Fact]
    public void The_export_names_the_pharmacy_and_says_times_with_their_offset()
    {
        var duty = new Duty("A", Id, new OnCallPeriod(Eve, Eve + Duration.FromHours(12), OnCallKind.SundayOrHoliday, Access.PhoneFirst));
        Assert.Equal(
            $"\uFEFFsecteur;pharmacie;nom;debut;fin;type;acces;telephone;consignes;consignesEn\r\nA;{Id};Pharmacie du Pont;2026-12-24T20:00:00+01:00;2026-12-25T08:00:00+01:00;dimanche;telephone;;;\r\n",
            Encoding.UTF8.GetString(RotaCsv.Write([duty], Paris, _ => "Pharmacie du Pont", french: true)));
        Assert.Contains("sundayOrHoliday;phoneFirst", Encoding.UTF8.GetString(RotaCsv.Write([duty], Paris, _ => null, french: false)), StringComparison.Ordinal);
    }

    [Fact]
    public void Any_bytes_are_read_or_refused_and_never_break()
    {
        var random = new Random(Campaign.Seed);
        var good = RotaCsv.Write([.. Enumerable.Range(0, 5).Select(_ => RandomDuty(random))], Paris, _ => null, french: true);
        for (var round = 0; round < (Campaign.Long ? 100_000 : 2000); round++)
        {
            var bytes = good.ToArray();
            for (var change = random.Next(1, 6); change > 0; change--)
                bytes[random.Next(bytes.Length)] = random.Next(2) == 0 ? (byte)random.Next(256) : (byte)";,\"\n\r'="[random.Next(7)];
            var reading = RotaCsv.Read(bytes.AsSpan(0, random.Next(bytes.Length)), Paris);
            Assert.All(reading.Errors, error => Assert.True(error.Line >= 1 && error.English.EndsWith('.') && error.French.EndsWith('.')));
        }
    }

    private static RotaReading Read(string text) => RotaCsv.Read(Encoding.UTF8.GetBytes(text), Paris);

    private static Duty RandomDuty(Random random)
    {
        var start = Instant.FromUtc(2026, 1, 1, 0, 0) + Duration.FromMinutes(random.Next(600_000));
        return new Duty("S" + RandomText(random), Id, new OnCallPeriod(start, start + Duration.FromMilliseconds(random.Next(1, 90_000_000)), (OnCallKind)random.Next(3), (Access)random.Next(3), RandomText(random), RandomText(random), RandomText(random)));
    }

    private static string? RandomText(Random random)
    {
        var length = random.Next(0, 6);
        return length == 0 ? null : string.Concat(Enumerable.Range(0, length).Select(_ => ";,\"\n\r'=+-@\t é€x "[random.Next(16)]));
    }
}
