using System.Text;
using NodaTime;
using Realtime.Hours;
using Realtime.Pharmacies;

namespace Realtime.Tests.Pharmacies;

public sealed class SanteFrFileTests
{
    private const string Header = "Finess;Titre;\"Adresse_voie 1\";\"Adresse_voie 2\";Adresse_codepostal;Adresse_ville;Modalites_accueil;Adresse_latitude;Adresse_longitude\n";
    private const string Week = "<div class=\"\"horaires\"\"><li>Lundi : 08h30-12h00 et 14h00-19h00</li><li>Mardi : 08h30-19h00</li><li>Mercredi : 08h30-19h00</li>"
        + "<li>Jeudi : 08h30-12h00 et 14h00-19h00</li><li>Vendredi : 08h30-19h00</li></div>";

    [Fact]
    public void A_record_is_read_whole()
    {
        var record = Assert.Single(Read(Record("750020927", html: $"<p>l&#039;accès</p>{Week}<p><strong>Téléphone pour la prise de rendez-vous : </strong>0146065820</p>")).Records);
        Assert.Equal("750020927", record.Id.Value);
        Assert.Equal("Pharmacie D'Essai", record.Name);
        Assert.Equal(new Address("1 Rue Haute, Bâtiment B", "75012", "Paris"), record.Address);
        Assert.Equal((48.837516, 2.391121), (record.Latitude, record.Longitude));
        Assert.Equal("Mo,Th 08:30-12:00,14:00-19:00; Tu-We,Fr 08:30-19:00", record.Hours);
        Assert.Equal("0146065820", record.Phone);
        Assert.Null(record.Insee);
    }

    [Fact]
    public void A_line_break_within_quotes_belongs_to_its_field_and_later_lines_keep_their_numbers()
    {
        var reading = Read(Record("750020927", html: $"une\nligne\r\net une autre{Week}"), Record("750032956"));
        Assert.Equal("Mo,Th 08:30-12:00,14:00-19:00; Tu-We,Fr 08:30-19:00", Assert.Single(reading.Records).Hours);
        Assert.Equal("line 5: 750032956 \"Pharmacie D'Essai\": not a FINESS number: nine characters, the last a check digit.", Assert.Single(reading.Errors).ToString());
    }

    [Fact]
    public void A_record_that_begins_with_a_number_sign_is_a_record() => Assert.StartsWith("#50020927", Assert.Single(Read(Record("#50020927")).Errors).Culprit);

    [Fact]
    public void A_field_larger_than_any_buffer_is_read() => Assert.Single(Read(Record("750020927", html: new string('x', 3_000_000))).Records);

    [Theory]
    [InlineData("2A0001947", "20000", HolidayZone.Metropole, "Europe/Paris")]
    [InlineData("970103271", "97133", HolidayZone.SaintBarthelemy, "America/St_Barthelemy")]
    [InlineData("970103271", "97150", HolidayZone.SaintMartin, "America/Marigot")]
    [InlineData("750020927", "67000", HolidayZone.AlsaceMoselle, "Europe/Paris")]
    public void The_postcode_gives_the_zone(string finess, string postcode, HolidayZone holidays, string time)
    {
        var record = Assert.Single(Read(Record(finess, postcode: postcode)).Records);
        var zone = Zones.Of(record.Insee, record.Address.Postcode);
        Assert.Equal((holidays, time), (zone!.Holidays, zone.Time.Id));
    }

    [Theory]
    [InlineData("", "", "no coordinates.")]
    [InlineData("48.8", " ", "no coordinates.")]
    [InlineData("91", "2", "the latitude '91' is beyond ±90.")]
    [InlineData("48", "-180.5", "the longitude '-180.5' is beyond ±180.")]
    [InlineData("NaN", "2", "the latitude 'NaN' is not a number.")]
    [InlineData("48,8", "2", "the latitude '48,8' is not a number.")]
    [InlineData("1e1", "2", "the latitude '1e1' is not a number.")]
    public void A_place_that_is_none_is_refused_by_name(string latitude, string longitude, string sentence)
    {
        var reading = Read(Record("750020927", latitude: latitude, longitude: longitude));
        Assert.Empty(reading.Records);
        Assert.Equal($"line 2: 750020927 \"Pharmacie D'Essai\": {sentence}", Assert.Single(reading.Errors).ToString());
    }

    [Theory]
    [InlineData("98000")]
    [InlineData("7501")]
    [InlineData("")]
    public void A_postcode_outside_France_is_refused(string postcode) =>
        Assert.Equal($"'{postcode}' is not the postcode of a French town.", Assert.Single(Read(Record("750020927", postcode: postcode)).Errors).Sentence);

    [Fact]
    public void The_second_of_two_with_one_number_is_refused()
    {
        var reading = Read(Record("750020927"), Record("750020927"));
        Assert.Single(reading.Records);
        Assert.Equal((3, "the same FINESS number stands on line 2."), (Assert.Single(reading.Errors).Line, reading.Errors[0].Sentence));
    }

    [Fact]
    public void A_refused_record_does_not_use_up_its_number() =>
        Assert.Single(Read(Record("750020927", latitude: ""), Record("750020927")).Records);

    [Fact]
    public void A_number_of_the_demo_country_is_refused() =>
        Assert.Equal("numbers that start with 99 belong to the demo country.", Assert.Single(Read(Record("990000010")).Errors).Sentence);

    [Fact]
    public void A_week_without_a_Wednesday_is_hours_of_reception()
    {
        var reading = Read(Record("750020927", html: Week.Replace("<li>Mercredi : 08h30-19h00</li>", "")));
        Assert.Null(Assert.Single(reading.Records).Hours);
        Assert.Equal(ImportWarning.ReceptionHours, Assert.Single(reading.Warnings).Kind);
    }

    [Fact]
    public void A_record_without_hours_is_taken_without_a_word()
    {
        var reading = Read(Record("750020927"));
        Assert.Null(Assert.Single(reading.Records).Hours);
        Assert.Empty(reading.Warnings);
    }

    [Theory]
    [InlineData("Lundi : 08h30-19h00", "Lundi : sur rendez-vous")]
    [InlineData("Lundi : 08h30-19h00", "Lundi : 19h00-08h30")]
    [InlineData("Lundi : 08h30-19h00", "Lundi : 08h30-25h00")]
    [InlineData("Lundi : 08h30-19h00", "Lundi : 08h75-19h00")]
    [InlineData("Lundi : 08h30-19h00", "Lundi : 08h30-12h00 et 11h00-19h00")]
    [InlineData("Lundi : 08h30-19h00", "Mardi : 08h30-19h00")]
    [InlineData("Lundi : 08h30-19h00", "Monday : 08h30-19h00")]
    public void Hours_in_other_words_stay_unknown_and_are_quoted(string usual, string strange)
    {
        const string week = "<div class=\"\"horaires\"\"><li>Lundi : 08h30-19h00</li><li>Mardi : 08h30-19h00</li><li>Mercredi : 08h30-19h00</li><li>Jeudi : 08h30-19h00</li><li>Vendredi : 08h30-19h00</li></div>";
        Assert.Equal("Mo-Fr 08:30-19:00", Assert.Single(Read(Record("750020927", html: week)).Records).Hours);

        var reading = Read(Record("750020927", html: week.Replace(usual, strange)));
        Assert.Null(Assert.Single(reading.Records).Hours);
        var (kind, note) = Assert.Single(reading.Warnings);
        Assert.Equal(ImportWarning.HoursNotUnderstood, kind);
        Assert.StartsWith("the hours stay unknown: '", note.Sentence);
    }

    [Fact]
    public void Midnight_at_the_end_of_a_span_ends_the_day() =>
        Assert.Equal("Mo-Fr 09:00-24:00", Assert.Single(Read(Record("750020927", html: "<div class=\"\"horaires\"\">" + string.Concat(
            new[] { "Lundi", "Mardi", "Mercredi", "Jeudi", "Vendredi" }.Select(day => $"<li>{day} : 09h00-00h00</li>")) + "</div>")).Records).Hours);

    [Fact]
    public void A_file_cut_anywhere_within_a_record_gives_nothing()
    {
        var file = Header + Record("750020927", html: Week) + Record("750032955", html: Week);
        var second = (Header + Record("750020927", html: Week)).Length;
        // All but the line break itself may be lost.
        for (var length = second + 1; length < file.Length - 1; length++)
        {
            Assert.False(SanteFrFile.TryRead(Encoding.UTF8.GetBytes(file[..length]), out _, out var fault), $"cut after {length} characters");
            Assert.Equal(3, fault.Line);
        }
    }

    [Fact]
    public void A_missing_line_break_at_the_end_is_pointed_out()
    {
        var reading = Assert.IsType<ImportReading>(TryRead((Header + Record("750020927"))[..^1]));
        Assert.Single(reading.Records);
        Assert.Equal(ImportWarning.NoFinalLineBreak, Assert.Single(reading.Warnings).Kind);
    }

    [Theory]
    [InlineData("750020927;\"a;b;c;75001;Paris;d;48.8;2.3\n", 2, 11, "a quote opens here and never closes")]
    [InlineData("750020927;\"a\"x;b;c;75001;Paris;d;48.8;2.3\n", 2, 14, "text follows a closing quote")]
    [InlineData("750020927;a\"x\";b;c;75001;Paris;d;48.8;2.3\n", 2, 12, "a quote stands inside a field")]
    [InlineData("750020927;a;b;c;75001;Paris;d;48.8\n", 2, 35, "the record has 8 fields, not 9.")]
    [InlineData("750020927;a;b;c;75001;Paris;d;48.8;2.3;x\n", 2, 41, "the record has 10 fields, not 9.")]
    public void A_damaged_record_condemns_the_file_and_is_located(string record, int line, int column, string sentence)
    {
        Assert.False(SanteFrFile.TryRead(Encoding.UTF8.GetBytes(Header + record), out _, out var fault));
        Assert.Equal((line, column), (fault.Line, fault.Column));
        Assert.StartsWith(sentence, fault.Sentence);
    }

    [Fact]
    public void Bytes_that_are_not_UTF_8_condemn_the_file_and_are_located()
    {
        byte[] bytes = [.. Encoding.UTF8.GetBytes(Header + "750020927;Caf"), 0xE9, .. ";b;c;75001;Paris;d;48.8;2.3\n"u8];
        Assert.False(SanteFrFile.TryRead(bytes, out _, out var fault));
        Assert.Equal("line 2, column 14: byte 0xE9 is not UTF-8; convert the file, or fetch it again.", fault.ToString());
    }

    [Fact]
    public void A_byte_order_mark_is_no_part_of_the_header() =>
        Assert.True(SanteFrFile.TryRead([0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Header + Record("750020927"))], out _, out _));

    [Theory]
    [InlineData("finess;nom;adresse\n", "line 1, column 1: column 1 is 'finess' where 'Finess' is expected; this is not the Santé.fr file.")]
    [InlineData("Finess;Titre\n", "line 1, column 13: the column 'Adresse_voie 1' is missing; this is not the Santé.fr file.")]
    [InlineData("", "line 1, column 1: the file is empty or starts with an empty line; a header is expected.")]
    public void A_file_of_another_kind_is_told_by_its_header(string text, string sentence)
    {
        Assert.False(SanteFrFile.TryRead(Encoding.UTF8.GetBytes(text), out _, out var fault));
        Assert.Equal(sentence, fault.ToString());
    }

    [Fact]
    public void A_header_without_records_reads_nothing() => Assert.Equal(0, Read().Read);

    [Fact]
    public void The_file_as_published_gives_3756_pharmacies_and_names_the_one_without_a_place()
    {
        var reading = RealFile();
        Assert.Equal((3757, 3756), (reading.Read, reading.Records.Count));
        Assert.EndsWith(": 160011565 \"Pharmacie De Vars\": no coordinates.", Assert.Single(reading.Errors).ToString());
        Assert.Equal(2798, reading.Records.Count(record => record.Hours is not null));
        Assert.All(reading.Warnings, warning => Assert.Equal(ImportWarning.ReceptionHours, warning.Kind));
        // 3,258 lists of hours, less 2,798 full weeks, less the rejected pharmacy's.
        Assert.Equal(459, reading.Warnings.Count);
    }

    [Fact]
    public void The_hours_as_published_mean_what_the_clean_column_means_all_through_2026()
    {
        var clean = CleanHours();
        var compared = new HashSet<(string, string, Zone)>();
        var count = 0;
        foreach (var record in RealFile().Records.Where(record => record.Hours is not null))
        {
            var zone = Zones.Of(null, record.Address.Postcode)!;
            if (compared.Add((record.Hours!, clean[record.Id.Value], zone)))
                Assert.Equal(Intervals(clean[record.Id.Value], zone), Intervals(record.Hours!, zone));
            count++;
        }
        Assert.Equal(2798, count);
    }

    [Fact]
    public void Nothing_imported_is_shown_open_on_the_first_of_May()
    {
        var noon = new LocalDateTime(2027, 5, 1, 11, 0);
        var schedules = RealFile().Records.Select(record => (Zone: Zones.Of(null, record.Address.Postcode)!, record.Hours))
            .Select(record => (record.Zone, Schedule: new Schedule(record.Zone, record.Hours is { } text ? OpeningHours.Parse(text) : null, [], null))).ToList();
        Assert.All(schedules, place => Assert.Equal(ServiceState.Unknown, place.Schedule.StatusAt(noon.InZoneStrictly(place.Zone.Time).ToInstant()).State));
        // The day before, most of them are open: it is the holiday that hides them.
        Assert.True(schedules.Count(place => place.Schedule.StatusAt(noon.PlusDays(-1).InZoneStrictly(place.Zone.Time).ToInstant()).State == ServiceState.Open) > 2500);
    }

    private static IReadOnlyList<ScheduleInterval> Intervals(string hours, Zone zone)
    {
        var from = new LocalDate(2026, 1, 1).AtStartOfDayInZone(zone.Time).ToInstant();
        return Schedule.Literal(OpeningHours.Parse(hours), zone, from, new LocalDate(2027, 1, 1).AtStartOfDayInZone(zone.Time).ToInstant());
    }

    private static Dictionary<string, string> CleanHours()
    {
        using var csv = Sylvan.Data.Csv.CsvDataReader.Create(Campaign.SharedData("santefr/pharmacies-clean.csv"), new() { Delimiter = ';' });
        var hours = new Dictionary<string, string>();
        while (csv.Read())
            hours.Add(csv.GetString(0), csv.GetString(7));
        return hours;
    }

    private static ImportReading RealFile() =>
        SanteFrFile.TryRead(File.ReadAllBytes(Campaign.SharedData("santefr/lieux-vaccination-grippe-pharmacie.csv")), out var reading, out var fault)
            ? reading
            : throw new InvalidOperationException(fault.ToString());

    private static ImportReading Read(params string[] records) =>
        TryRead(Header + string.Concat(records)) ?? throw new InvalidOperationException("The fixture is not well-formed.");

    private static ImportReading? TryRead(string text) => SanteFrFile.TryRead(Encoding.UTF8.GetBytes(text), out var reading, out _) ? reading : null;

    private static string Record(string finess, string html = "", string postcode = "75012", string latitude = "48.837516000000", string longitude = "2.391121000000") =>
        $"{finess};\"Pharmacie  D&#039;Essai\";\"1 Rue Haute\";\"Bâtiment B\";{postcode};Paris;\"{html}\";{latitude};{longitude}\n";
}
