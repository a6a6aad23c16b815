using NodaTime;
using Realtime.Hours;
using Realtime.Pharmacies;

namespace Realtime.OnCall;

/// <summary>
/// Duties of one sector as they stand in a row: a year of them fits, where each in words of its own would not. Pharmacies and texts are named once; a duty is eight numbers.
/// </summary>
/// <param name="Sector">Code.</param>
/// <param name="Pharmacies">Their numbers.</param>
/// <param name="Texts">Telephone numbers and instructions.</param>
/// <param name="Duties">
/// For each duty: ticks from the start before it (the first: from the Unix epoch), ticks it lasts, kind, access, pharmacy, and the places of telephone, French and English
/// instructions among the texts, −1 for none. A tick is <see cref="Tick"/>.
/// </param>
internal sealed record PackedDuties(string Sector, IReadOnlyList<string> Pharmacies, IReadOnlyList<string> Texts, IReadOnlyList<long> Duties)
{
    private const int NumbersPerDuty = 8;

    /// <summary>The finest instant that a duty starts or ends at.</summary>
    public static readonly Duration Tick = Duration.FromSeconds(1);

    /// <summary>An instant as it will be read back.</summary>
    public static Instant AsStored(Instant instant) => Instant.FromUnixTimeSeconds(instant.ToUnixTimeSeconds());

    public static PackedDuties Of(string sector, IEnumerable<Duty> duties)
    {
        var (pharmacies, texts, numbers, last) = (new List<string>(), new List<string>(), new List<long>(), 0L);
        foreach (var (_, pharmacy, period) in duties)
        {
            var start = period.Start.ToUnixTimeSeconds();
            numbers.AddRange([
                start - last, period.End.ToUnixTimeSeconds() - start, (long)period.Kind, (long)period.Access, PlaceOf(pharmacies, pharmacy.Value),
                PlaceOf(texts, period.Phone), PlaceOf(texts, period.Instructions), PlaceOf(texts, period.InstructionsEn)]);
            last = start;
        }
        return new(sector, pharmacies, texts, numbers);
    }

    public IReadOnlyList<Duty> Unpack()
    {
        var duties = new List<Duty>(Duties.Count / NumbersPerDuty);
        var pharmacies = Pharmacies.Select(PharmacyId.Parse).ToArray();
        for (var (i, last) = (0, 0L); i + NumbersPerDuty <= Duties.Count; i += NumbersPerDuty)
        {
            last += Duties[i];
            var start = Instant.FromUnixTimeSeconds(last);
            duties.Add(new(Sector, pharmacies[(int)Duties[i + 4]], new(
                start, start + (Duties[i + 1] * Tick), (OnCallKind)Duties[i + 2], (Access)Duties[i + 3], TextAt(i + 5), TextAt(i + 6), TextAt(i + 7))));
        }
        return duties;
    }

    private string? TextAt(int i) => Duties[i] < 0 ? null : Texts[(int)Duties[i]];

    private static long PlaceOf(List<string> list, string? text)
    {
        if (text is null)
            return -1;
        var place = list.IndexOf(text);
        if (place >= 0)
            return place;
        list.Add(text);
        return list.Count - 1;
    }
}
