using NodaTime;

namespace Realtime.OnCall;

/// <summary>What an instant of duty is to the tariff.</summary>
public enum PeriodClass : byte
{
    /// <summary>A night, or the part of it that is not the deep of it.</summary>
    Night,

    /// <summary>From midnight to 6:00, since it has a tariff of its own.</summary>
    DeepNight,

    /// <summary>A Sunday or public holiday by day.</summary>
    SundayOrHoliday,

    /// <summary>Any other day.</summary>
    Day,
}

/// <summary>One state of the tariff: fees in cents for each prescription, all taxes included, and the indemnity in cents for each period of duty.</summary>
/// <param name="From">First local date on which it holds, until the next table's.</param>
/// <param name="NightStart">Minute of the day at which nights begin.</param>
/// <param name="NightEnd">Minute of the day at which they end.</param>
/// <param name="NightCents">Fee by night.</param>
/// <param name="DeepNightCents">Fee from midnight to 6:00; null where nights have one fee.</param>
/// <param name="SundayOrHolidayCents">Fee on Sundays and public holidays by day.</param>
/// <param name="DayCents">Fee on other days.</param>
/// <param name="IndemnityCents">For each night and each Sunday or holiday of duty; other days earn none under any table.</param>
/// <param name="Source">The text that sets it.</param>
public sealed record FeeTable(
    LocalDate From, int NightStart, int NightEnd, int NightCents, int? DeepNightCents, int SundayOrHolidayCents, int DayCents, int IndemnityCents, string Source)
{
    /// <summary>Minute of the day at which the deep of the night ends; it begins at midnight.</summary>
    public const int DeepNightEnd = 6 * 60;

    /// <summary>The class of a minute of a local day: night wins, then Sunday or holiday, then day.</summary>
    /// <param name="minute">Minute of the day, 0 to 1,439.</param>
    /// <param name="sundayOrHoliday">Whether that day is one.</param>
    public PeriodClass ClassAt(int minute, bool sundayOrHoliday) =>
        minute < DeepNightEnd && DeepNightCents is not null ? PeriodClass.DeepNight
        : minute >= NightStart || minute < NightEnd ? PeriodClass.Night
        : sundayOrHoliday ? PeriodClass.SundayOrHoliday
        : PeriodClass.Day;

    /// <summary>The fee for one prescription, in cents.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The table does not know the class.</exception>
    public int FeeCents(PeriodClass period) => period switch
    {
        PeriodClass.Night => NightCents,
        PeriodClass.DeepNight when DeepNightCents is { } cents => cents,
        PeriodClass.SundayOrHoliday => SundayOrHolidayCents,
        PeriodClass.Day => DayCents,
        _ => throw new ArgumentOutOfRangeException(nameof(period), period, $"The table of {From} has no such class."),
    };

    /// <summary>The indemnity of one period of a kind of duty, in cents; 0 where the kind earns none.</summary>
    public int IndemnityOf(OnCallKind kind) => kind is OnCallKind.Night or OnCallKind.SundayOrHoliday ? IndemnityCents : 0;
}

/// <summary>
/// The tariffs of on-call duty that were and are in force. Sources: arrêté of 1 September 2006 (as told by the sector study of 2008; it is taken from that day on),
/// the national agreement of pharmacists and health insurance of 2012 with its avenants, as ameli.fr states the amounts, and its avenant 1 of 2024 (JO of
/// 7 July 2024, JORFARTI000049892241); all read 2026-11-22.
/// </summary>
public static class FeeTables
{
    private const int H = 60;

    /// <summary>By the date from which they hold.</summary>
    public static IReadOnlyList<FeeTable> All { get; } =
    [
        new(new LocalDate(2006, 9, 1), 21 * H, 7 * H, 600, null, 400, 200, 7_500, "Arrêté du 1er septembre 2006"),
        new(new LocalDate(2012, 11, 7), 20 * H, 8 * H, 800, null, 500, 200, 15_000, "Convention nationale de 2012"),
        new(new LocalDate(2018, 6, 14), 20 * H, 8 * H, 800, null, 500, 200, 17_500, "Convention nationale, montants au 14 juin 2018 (ameli.fr)"),
        new(new LocalDate(2019, 1, 1), 20 * H, 8 * H, 800, null, 500, 200, 19_000, "Convention nationale, montants au 1er janvier 2019 (ameli.fr)"),
        new(new LocalDate(2025, 1, 8), 20 * H, 8 * H, 1_000, 2_000, 600, 200, 20_000, "Avenant 1, JO du 7 juillet 2024 (JORFARTI000049892241)"),
    ];

    /// <summary>The table that holds on a local date; null before the first.</summary>
    public static FeeTable? On(LocalDate date) => All.LastOrDefault(table => table.From <= date);
}
