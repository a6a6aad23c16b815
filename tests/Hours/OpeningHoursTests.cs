using Realtime.Hours;

namespace Realtime.Tests.Hours;

public sealed class OpeningHoursTests
{
    [Theory]
    [InlineData("24/7")]
    [InlineData("off")]
    [InlineData("closed")]
    [InlineData("24/7; PH off")]
    [InlineData("08:00-12:00")]
    [InlineData("Mo-Fr 08:30-12:30,14:00-19:30; Sa 09:00-12:00")]
    [InlineData("Mo-Fr 08:30-12:30, 14:00-19:30, Sa 09:00-12:00")]
    [InlineData("Sa-Mo 10:00-18:00")]
    [InlineData("Mo,We,Fr-Su 10:00-18:00")]
    [InlineData("Mo 22:00-06:00")]
    [InlineData("Mo 22:00-30:00")]
    [InlineData("Mo 22:00-48:00")]
    [InlineData("PH off")]
    [InlineData("PH,Su 10:00-12:00")]
    [InlineData("Su,PH 10:00-12:00")]
    [InlineData("Sa, PH, Su off")]
    [InlineData("PH Mo-Fr 10:00-12:00")]
    [InlineData("Jun-Aug Mo-Sa 09:00-20:00")]
    [InlineData("Nov-Feb 09:00-17:00")]
    [InlineData("Dec 24-Jan 02 off")]
    [InlineData("Dec 25 off")]
    [InlineData("Dec 24-26,31 09:00-12:00")]
    [InlineData("Jan 01,May 01,Dec 25 off")]
    [InlineData("Feb 29 10:00-12:00")]
    [InlineData("Dec 24 Mo-Fr 09:00-16:00")]
    [InlineData("Jul-Aug: Mo-Fr 09:00-12:00")]
    [InlineData("Mo-Fr 08:00-20:00; 12:00-14:00 off")]
    [InlineData("Mo off, Tu 08:00-12:00")]
    [InlineData("Mo-Fr open")]
    [InlineData("Mo-Fr 08:00-12:00;")]
    [InlineData("mo-FR 8:00-12:00 OFF; ph Off")]
    [InlineData("  Mo - Fr\t09 : 00 - 12 : 00 ;  Sa  09:00-12:00 ")]
    [InlineData("Mo-Fr08:00-12:00")]
    [InlineData("unknown")]
    [InlineData("open")]
    [InlineData("Mo 09:00-12:00 unknown")]
    [InlineData("\"sur rendez-vous\"")]
    [InlineData("Mo-Fr 09:00-12:00 \"sur rendez-vous\"")]
    [InlineData("Mo-Fr 09:00-12:00 open \"par la cour\"; PH off \"fermé les jours fériés\"")]
    [InlineData("24/7 closed \"travaux; jusqu'à nouvel ordre\"")]
    [InlineData("Mo-Fr 09:00-12:00 || \"sur rendez-vous\"")]
    [InlineData("Mo 09:00-12:00||14:00-18:00 unknown, Tu off || off")]
    [InlineData("Mo 09:00-12:00 \"x\", Tu 09:00-12:00")]
    [InlineData("Mo 18:00+")]
    [InlineData("Mo-Fr 09:00-12:00+,14:00 +")]
    [InlineData("Mo 22:00-02:00+; Tu 18:00+ unknown")]
    [InlineData("22:00-40:00+")]
    [InlineData("easter off")]
    [InlineData("EASTER +1 DAY off; easter-2 days 09:00-12:00")]
    [InlineData("Jan 01,easter +1 day,easter +39 days,easter +50 days,May 01 off")]
    [InlineData("easter -2 days-easter +1 day: Mo-Fr 09:00-12:00")]
    [InlineData("Mar 15-easter 09:00-12:00; easter-Oct 31 09:00-18:00; Nov 01-easter off")]
    [InlineData("2026 easter -2 days-easter +1 day off")]
    [InlineData("SH off")]
    [InlineData("SH Mo-Fr 09:00-12:00; PH,SH off; Sa,SH 10:00-12:00; SH,Sa off")]
    public void What_pharmacies_need_is_read(string text)
    {
        Assert.True(OpeningHours.TryParse(text, out var hours, out var error), error?.English);
        Assert.Equal(text, hours.Text);
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("   ", 4)]
    [InlineData(";", 1)]
    [InlineData("; Mo 09:00-12:00", 1)]
    [InlineData("lundi 09:00-12:00", 1)]
    [InlineData("Monday 09:00-12:00", 1)]
    [InlineData("Mo-Xx 09:00-12:00", 4)]
    [InlineData("Mo-Fr 9h00-12h00", 8)]
    [InlineData("Mo-Fr 09.00-12.00", 9)]
    [InlineData("Mo-Fr 09-18", 9)]
    [InlineData("Mo-Fr 09:00", 12)]
    [InlineData("Mo-Fr 09:00-", 13)]
    [InlineData("Mo-Fr 09:60-12:00", 10)]
    [InlineData("Mo-Fr 09:0-12:00", 10)]
    [InlineData("Mo-Fr 009:00-12:00", 7)]
    [InlineData("Mo-Fr 24:00-26:00", 7)]
    [InlineData("Mo-Fr 22:00-48:01", 13)]
    [InlineData("Mo-Fr 09:00–12:00", 12)]
    [InlineData("Mo-Fr 09:00-12:30 / 14:00-19:30", 19)]
    [InlineData("Mo-Fr 09:00-12:00 Sa 10:00-12:00", 19)]
    [InlineData("09:00-12:00 Mo-Fr", 13)]
    [InlineData("Mo-Fr off 09:00-12:00", 11)]
    [InlineData("Mo-Fr 09:00-12:00,", 19)]
    [InlineData("Mo, 09:00-12:00", 5)]
    [InlineData("PH, 09:00-12:00", 5)]
    [InlineData("Mo PH 09:00-12:00", 4)]
    [InlineData("Mo-Fr: 09:00-12:00", 6)]
    [InlineData("Dec 32 off", 5)]
    [InlineData("Feb 30 off", 5)]
    [InlineData("Apr 31 off", 5)]
    [InlineData("Dec 0 off", 5)]
    [InlineData("Dec 26-24 off", 8)]
    [InlineData("Dec 25, off", 9)]
    [InlineData("Dec 2026 off", 5)]
    [InlineData("Mo 2026 09:00-12:00", 4)]
    [InlineData("PH[1] off", 3)]
    [InlineData("2026-2025 Mo 09:00-12:00", 6)]
    [InlineData("2026- Mo 09:00-12:00", 7)]
    [InlineData("2026,Mo 09:00-12:00", 6)]
    [InlineData("2026-2040/0 Mo 09:00-12:00", 11)]
    [InlineData("2026 Dec 24-Jan 02 off", 13)]
    [InlineData("2026 Nov-Feb off", 10)]
    [InlineData("0900-1200", 1)]
    [InlineData("Mo[] 09:00-12:00", 4)]
    [InlineData("Mo[0] 09:00-12:00", 4)]
    [InlineData("Mo[6] 09:00-12:00", 4)]
    [InlineData("Mo[-6] 09:00-12:00", 5)]
    [InlineData("Mo[3-1] 09:00-12:00", 6)]
    [InlineData("Mo[1 09:00-12:00", 6)]
    [InlineData("Mo-Fr[1] 09:00-12:00", 6)]
    [InlineData("week Mo 09:00-12:00", 6)]
    [InlineData("week 0 Mo 09:00-12:00", 6)]
    [InlineData("week 54 Mo 09:00-12:00", 6)]
    [InlineData("week 20-10 Mo 09:00-12:00", 9)]
    [InlineData("week 10, Mo 09:00-12:00", 10)]
    [InlineData("week 09:00-12:00", 6)]
    [InlineData("week 1-53/0 Mo 09:00-12:00", 11)]
    [InlineData("week 1-53/ Mo 09:00-12:00", 12)]
    [InlineData("24/7, Mo off", 5)]
    [InlineData("Mo 24/7", 4)]
    [InlineData("24 /7", 4)]
    [InlineData("Mo 09:00-12:00 ферме", 16)]
    [InlineData("Mo \"sur rendez-vous", 4)]
    [InlineData("Mo \"\"", 4)]
    [InlineData("Mo \" \"", 4)]
    [InlineData("Mo \"sur\nrendez-vous\"", 4)]
    [InlineData("Mo \"sur\" \"rendez-vous\"", 10)]
    [InlineData("\"sur rendez-vous\" Mo", 19)]
    [InlineData("Mo 09:00-12:00 \"sur rendez-vous\" off", 34)]
    [InlineData("Mo-\"sur rendez-vous\"", 4)]
    [InlineData("Mo 09:00-12:00 ||", 18)]
    [InlineData("|| Mo 09:00-12:00", 1)]
    [InlineData("Mo 09:00-12:00 || ; Tu off", 19)]
    [InlineData("Mo 09:00-12:00 | Tu off", 16)]
    [InlineData("Mo 09:00+-12:00", 10)]
    [InlineData("Mo 22:00-41:00+", 15)]
    [InlineData("Mo 25:00+", 4)]
    [InlineData("easter -2 off", 11)]
    [InlineData("easter+", 8)]
    [InlineData("easter +81 days off", 9)]
    [InlineData("easter +0 days off", 9)]
    [InlineData("easter - Oct off", 14)]
    [InlineData("easter-Mo off", 8)]
    [InlineData("easter,Mo off", 8)]
    [InlineData("Mar-easter off", 5)]
    [InlineData("easter-Apr 10 off", 8)]
    [InlineData("easter +1 day-easter off", 15)]
    [InlineData("2026 Nov 01-easter off", 13)]
    [InlineData("Mo easter off", 4)]
    [InlineData("SH PH off", 4)]
    [InlineData("PH,SH Mo-Fr off", 7)]
    public void Anything_else_is_refused_with_its_column(string text, int column)
    {
        Assert.False(OpeningHours.TryParse(text, out var hours, out var error));
        Assert.Null(hours);
        Assert.Equal(column, error.Column);
        Assert.DoesNotContain("not supported", error.English, StringComparison.Ordinal);
        Assert.Contains("attendu", error.French, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("Mo[1] +1 day 09:00-12:00", 7)]
    [InlineData("sunrise-sunset", 1)]
    [InlineData("Mo-Fr sunset+", 7)]
    [InlineData("dawn-dusk", 1)]
    [InlineData("Mo-Fr 08:00-12:00 || dusk-22:00", 22)]
    [InlineData("SH +1 day off", 4)]
    [InlineData("Dec 1-easter/2", 13)]
    [InlineData("Mo 09:00-sunset", 10)]
    [InlineData("Mo (sunrise+01:00)-18:00", 4)]
    [InlineData("Mo 08:00-12:00/01:30", 15)]
    [InlineData("Dec 24+ off", 7)]
    [InlineData("PH -1 day off", 4)]
    public void What_the_full_syntax_knows_and_we_do_not_says_so(string text, int column)
    {
        Assert.False(OpeningHours.TryParse(text, out _, out var error));
        Assert.Equal(column, error.Column);
        Assert.Contains("not supported", error.English, StringComparison.Ordinal);
        Assert.Contains("non pris en charge", error.French, StringComparison.Ordinal);
    }

    [Fact]
    public void A_refused_text_throws_with_its_column_where_it_is_not_tried_first()
    {
        var exception = Assert.Throws<FormatException>(() => OpeningHours.Parse("Mo 25:00-26:00"));
        Assert.Contains("Column 4", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_of_4096_characters_is_read_and_one_more_is_refused()
    {
        var longest = "Mo 09:00-12:00".PadRight(OpeningHours.MaxLength);
        Assert.True(OpeningHours.TryParse(longest, out _, out _));
        Assert.False(OpeningHours.TryParse(longest + " ", out _, out var error));
        Assert.Equal(4097, error.Column);
    }

    [Theory]
    [InlineData("Mo-Fr 09:00-12:00; PH off", true)]
    [InlineData("Su,PH 09:00-12:00", true)]
    [InlineData("ph,Su off", true)]
    [InlineData("Mo-Su 09:00-12:00", false)]
    [InlineData("Mo-Su 09:00-12:00; Dec 25 off", false)]
    public void Only_PH_speaks_of_holidays(string text, bool expected) => Assert.Equal(expected, OpeningHours.Parse(text).SpeaksOfHolidays);
}
