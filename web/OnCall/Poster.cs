using System.Globalization;
using System.Net;
using System.Text;
using NodaTime;
using Realtime.Hours;
using Realtime.Mail;
using Realtime.OnCall;
using Realtime.Web.Live;

namespace Realtime.Web.OnCall;

/// <summary>
/// What a pharmacy puts on its door for a week: its hours, day by day, and who is on duty in its sectors, or whom to call where that is not published. It says nothing that the
/// page of a pharmacy does not say.
/// </summary>
/// <param name="place">The pharmacy.</param>
/// <param name="country">Everybody else.</param>
/// <param name="monday">First day of the week.</param>
/// <param name="now">Duty is shown as far ahead as its sector shows it.</param>
internal sealed class Poster(Place place, Country country, LocalDate monday, Instant now)
{
    private const int DaysOfWeek = 7;
    private readonly StringBuilder _html = new();

    /// <summary>The page.</summary>
    public string Write()
    {
        var record = place.Facts.Record;
        _html.Append("<!doctype html><html lang=\"fr\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>").Append(Text(record.Name))
            .Append("</title><link rel=\"stylesheet\" href=\"/poster.css\"></head><body><main><header><p class=\"cross\" aria-hidden=\"true\">✚</p><h1>").Append(Text(record.Name)).Append("</h1><p>")
            .Append(Text($"{record.Address.Street}, {record.Address.Postcode} {record.Address.City}")).Append(record.Phone is { } phone ? $" · <strong>{Text(phone)}</strong>" : "").Append("</p><p class=\"week\">")
            .Append(Text($"Semaine du {WrittenDates.French(monday)} au {WrittenDates.French(monday.PlusDays(DaysOfWeek - 1))}")).Append(InEnglish($"Week of {WrittenDates.English(monday)}")).Append("</p></header>");
        WriteHours();
        foreach (var sector in country.Book.AllSectorsOf(record.Id))
            foreach (var kind in sector.Kinds)
                WriteDuty(sector, kind);
        _html.Append("<footer><p>").Append(Text($"Affiche du {Moment(now)}. Urgence vitale : 15 ou 112.")).Append(InEnglish("Life-threatening emergency: 15 or 112.")).Append("</p></footer></main></body></html>");
        return _html.ToString();
    }

    private void WriteHours()
    {
        _html.Append("<section><h2>Nos horaires").Append(InEnglish("Our hours")).Append("</h2><table>");
        for (var day = monday; day < monday.PlusDays(DaysOfWeek); day = day.PlusDays(1))
        {
            var (from, to) = (Start(day), Start(day.PlusDays(1)));
            var intervals = place.Schedule.Intervals(from, to).Where(interval => interval.State != ServiceState.OnCall).ToArray();
            var holiday = PublicHolidays.Name(day, place.Zone.Holidays);
            _html.Append("<tr><th scope=\"row\">").Append(Text(WrittenDates.French(day))).Append(InEnglish(WrittenDates.English(day))).Append(holiday is null ? "" : $"<em>{Text(holiday)}</em>").Append("</th><td>")
                .AppendJoin("<br>", intervals.Length == 0 ? [Text(Closed(from)) + InEnglish("closed")] : intervals.Select(Interval)).Append("</td></tr>");
        }
        _html.Append("</table></section>");
    }

    private string Closed(Instant from) => place.Schedule.StatusAt(from + Duration.FromHours(12)) is { State: ServiceState.Closed, Reason: { } reason } ? $"fermé ({reason})" : "fermé";

    private string Interval(ScheduleInterval interval) => interval.State == ServiceState.Unknown
        ? Text(interval.Reason ?? "horaires à confirmer") + InEnglish("to be confirmed")
        : $"{Text($"{Hour(interval.Start)} – {Hour(interval.End)}")}{(interval.Reason is { } reason ? $" <em>{Text(reason)}</em>" : "")}";

    private void WriteDuty(OnCallSector sector, SectorKind kind)
    {
        var (french, english) = kind.Kind switch
        {
            OnCallKind.Night => ("La nuit", "At night"),
            OnCallKind.SundayOrHoliday => ("Dimanches et jours fériés", "Sundays and public holidays"),
            _ => ("En journée, hors des heures habituelles", "By day, outside usual hours"),
        };
        _html.Append("<section><h2>").Append(Text(french)).Append(InEnglish(english)).Append("</h2>");
        if (kind.Disclosure == Disclosure.Hidden)
            WriteCalls(sector);
        else
            WriteRota(sector, kind);
        _html.Append("</section>");
    }

    private void WriteCalls(OnCallSector sector)
    {
        var calls = SectorItem.CallsAt(sector, Instant.Max(now, Start(monday)));
        _html.Append("<p>").Append(Text(calls.Count > 0 ? "Pour connaître la pharmacie de garde, appelez :" : "Pour connaître la pharmacie de garde, appelez le commissariat ou la gendarmerie (17)."))
            .Append(InEnglish(calls.Count > 0 ? "To learn which pharmacy is on duty, call:" : "To learn which pharmacy is on duty, call the police (17).")).Append("</p><ul>");
        foreach (var call in calls)
            _html.Append("<li><strong>").Append(Text(call.Tel)).Append("</strong> ").Append(Text(call.Label)).Append("</li>");
        _html.Append("</ul>");
    }

    private void WriteRota(OnCallSector sector, SectorKind kind)
    {
        var furthest = now + Duration.FromDays(kind.HorizonDays);
        var duties = country.Book.DutiesOf(sector, Start(monday), Start(monday.PlusDays(DaysOfWeek))).Where(duty => duty.Period.Kind == kind.Kind && duty.Period.Start <= furthest).ToArray();
        if (duties.Length == 0)
        {
            _html.Append("<p>").Append(Text("Appelez le 3237 ou le commissariat (17).")).Append(InEnglish("Call 3237 or the police (17).")).Append("</p>");
            return;
        }
        _html.Append("<table>");
        foreach (var duty in duties)
            _html.Append("<tr><th scope=\"row\">").Append(Text($"{WrittenDates.French(duty.Period.Start.InZone(place.Zone.Time).Date)}, {Hour(duty.Period.Start)} – {Hour(duty.Period.End)}")).Append("</th><td>").Append(Who(duty)).Append("</td></tr>");
        _html.Append("</table>");
    }

    private string Who(Duty duty)
    {
        if (duty.Pharmacy == place.Facts.Record.Id)
            return $"<strong>{Text("Nous-mêmes")}</strong>{InEnglish("here")}";
        if (!country.TryFind(duty.Pharmacy, out var other))
            return Text(duty.Pharmacy.Value);
        var record = other.Facts.Record;
        var tel = duty.Period.Phone ?? record.Phone;
        return $"<strong>{Text(record.Name)}</strong><br>{Text($"{record.Address.Street}, {record.Address.Postcode} {record.Address.City}")}{(tel is null ? "" : $"<br>{Text(tel)}")}";
    }

    private Instant Start(LocalDate day) => day.AtStartOfDayInZone(place.Zone.Time).ToInstant();

    private string Hour(Instant instant) => instant.InZone(place.Zone.Time).TimeOfDay is var time ? time == LocalTime.Midnight ? "minuit" : time.ToString(time.Minute == 0 ? "H' h'" : "H' h 'mm", CultureInfo.InvariantCulture) : "";

    private string Moment(Instant instant) => $"{WrittenDates.French(instant.InZone(place.Zone.Time).Date)}, {Hour(instant)}";

    private static string InEnglish(string text) => $"<small lang=\"en\">{Text(text)}</small>";

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
