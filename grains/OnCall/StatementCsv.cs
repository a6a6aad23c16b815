using System.Globalization;
using System.Text;
using NodaTime;

namespace Realtime.OnCall;

/// <summary>A statement as CSV, for the pharmacy's accounts: a row per line, a row per class of fee, a row of sums. Every row says that it is an estimate.</summary>
public static class StatementCsv
{
    /// <summary>The first cell of every row but the header, in either language: the law's word is French.</summary>
    public const string Mark = "estimé";

    private static readonly PeriodClass[] Classes = Enum.GetValues<PeriodClass>();

    /// <summary>Writes the statement in UTF-8 with a byte order mark, amounts in euros.</summary>
    /// <param name="statement">What is written.</param>
    /// <param name="zone">The clock of the pharmacy.</param>
    /// <param name="french">Whether headers, words and decimal signs are French.</param>
    public static byte[] Write(MonthlyStatement statement, DateTimeZone zone, bool french)
    {
        var csv = new StringBuilder("\uFEFF");
        var month = $"{statement.Month.Year:D4}-{statement.Month.Month:D2}";
        csv.AppendRow(french
            ? ["estimation", "ligne", "pharmacie", "mois", "secteur", "type", "début", "fin", "barème", "périodes", "indemnité", .. Columns("honoraire"), "ordonnances", "honoraires", "motifs"]
            : ["estimate", "row", "pharmacy", "month", "sector", "kind", "start", "end", "table", "periods", "indemnity", .. Columns("fee"), "prescriptions", "fees", "reasons"]);
        foreach (var line in statement.Lines)
            csv.AppendRow([
                Mark, french ? "garde" : "duty", statement.Pharmacy.Value, month, line.Sector, RotaWords.Of(line.Kind, french), At(line.Start), At(line.End), Date(line.Table),
                Number(line.Periods), Euros(line.IndemnityCents), .. Cells(line.Fees), "", "", string.Join(' ', line.Reasons.Select(reason => Sentence(reason, french)))]);
        foreach (var total in statement.Totals)
            csv.AppendRow([
                Mark, french ? "total par classe" : "total of class", statement.Pharmacy.Value, month, "", "", "", "", Date(total.Table),
                "", "", .. Cells([new FeeMinutes(total.Class, total.FeeCents, total.Minutes)]), Number(total.Prescriptions), Euros(total.Cents), ""]);
        csv.AppendRow([
            Mark, "total", statement.Pharmacy.Value, month, "", "", "", "", "",
            Number(statement.Lines.Sum(line => line.Periods)), Euros(statement.IndemnityCents), .. Cells([]), "", Euros(statement.FeesCents), ""]);
        return Encoding.UTF8.GetBytes(csv.ToString());

        string At(Instant instant) => instant.InZone(zone).ToString("uuuu-MM-dd HH:mm", null);
        string Euros(int? cents) => cents is not { } known ? "" : $"{known / 100}{(french ? ',' : '.')}{known % 100:D2}";
        string Date(FeeTable? table) => table?.From.ToString("uuuu-MM-dd", null) ?? "";
        IEnumerable<string> Columns(string fee) => Classes.SelectMany(period => new[] { $"minutes {Word(period, french)}", $"{fee} {Word(period, french)}" });
        IEnumerable<string> Cells(IReadOnlyList<FeeMinutes> fees) => Classes.SelectMany(period => CellsOf(fees.Where(fee => fee.Class == period)));
        IEnumerable<string> CellsOf(IEnumerable<FeeMinutes> fees) => fees.Select(fee => new[] { Number(fee.Minutes), Euros(fee.FeeCents) }).FirstOrDefault(["", ""]);
    }

    /// <summary>A class within a header.</summary>
    public static string Word(PeriodClass period, bool french) => period switch
    {
        PeriodClass.Night => french ? "nuit" : "night",
        PeriodClass.DeepNight => french ? "cœur de nuit" : "deep night",
        PeriodClass.SundayOrHoliday => french ? "dimanche ou férié" : "Sunday or holiday",
        PeriodClass.Day => french ? "jour" : "day",
        _ => throw new ArgumentOutOfRangeException(nameof(period), period, "No such class."),
    };

    /// <summary>A reason as a sentence for the pharmacy.</summary>
    public static string Sentence(FeeReason reason, bool french) => reason switch
    {
        FeeReason.OwnHours => french ? "Pas d'honoraire pendant les heures d'ouverture de la pharmacie." : "No fee during the pharmacy's own opening hours.",
        FeeReason.NotOnRoster => french ? "Pas d'honoraire hors du tour de garde." : "No fee for a pharmacy that is not on the duty roster.",
        FeeReason.NoTariff => french ? "Aucun barème à cette date." : "No tariff at that date.",
        FeeReason.NotTransmitted => french ? "Pas d'indemnité : le tour de garde n'a pas été transmis." : "No indemnity: the duty list was not transmitted.",
        FeeReason.NoIndemnity => french ? "Pas d'indemnité pour une garde de jour ordinaire." : "No indemnity for duty on an ordinary day.",
        FeeReason.TooShort => french ? "Pas d'indemnité : moins de la moitié de la période." : "No indemnity: less than half of the period.",
        FeeReason.CountedOnce => french ? "Déjà compté avec une autre garde." : "Counted with another duty already.",
        FeeReason.CountedBefore => french ? "Indemnité comptée au début de la période." : "The indemnity is counted where the period begins.",
        FeeReason.HoursUnknown => french ? "Horaires habituels inconnus : la pharmacie est supposée fermée hors garde." : "Ordinary hours unknown: the pharmacy is taken to be closed but for its duty.",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "No such reason."),
    };

    private static string Number(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";
}
