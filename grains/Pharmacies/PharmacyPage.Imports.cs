using NodaTime;
using Realtime.Hours;

namespace Realtime.Pharmacies;

/// <summary>What imported files do to a pharmacy.</summary>
public static partial class PharmacyPage
{
    /// <summary>A source that states the same for longer than this is written down again, so that hours it keeps confirming do not grow old.</summary>
    public static readonly Duration Confirmation = Duration.FromDays(30);

    /// <summary>An import writes only where the file states something else than its source did last, whatever other sources stated in between, or confirms what it stated long ago.</summary>
    /// <exception cref="ArgumentException">The record lies outside every known zone, or its hours do not parse: readers of files refuse such records by name.</exception>
    public static PharmacyImported? DecideImport(Pharmacy? current, PharmacyRecord record, ImportSource source, Instant now)
    {
        if (Zones.Of(record.Insee, record.Address.Postcode) is null)
            throw new ArgumentException($"{record.Id} has no known zone.", nameof(record));
        if (record.Hours is not null && !OpeningHours.TryParse(record.Hours, out _, out var error))
            throw new ArgumentException($"The hours of {record.Id} do not parse: {error.English}", nameof(record));
        var before = current?.Sources.FirstOrDefault(statement => statement.Source == source);
        return before is not null && Same(before.Record, record) && now - before.At < Confirmation ? null : new PharmacyImported(record, source);
    }

    private static Pharmacy Import(Pharmacy? current, SourceStatement statement)
    {
        SourceStatement[] sources = [statement, .. (current?.Sources ?? []).Where(other => other.Source != statement.Source)];
        var record = Merge(sources);
        // What the pharmacy's own team wrote stands.
        if (current?.Page is { } page)
            record = record with { Phone = page.Phone, Services = page.Services };
        return current is { HoursSource: HoursSource.Pharmacy }
            ? current with { Record = record with { Hours = current.Record.Hours }, Sources = sources }
            : new Pharmacy
            {
                Record = record,
                Sources = sources,
                HoursSource = HoursSource.Import,
                // Hours are as old as the file that states them, not as one that says nothing of them.
                ConfirmedAt = (Array.Find(sources, source => source.Record.Hours is not null) ?? statement).At,
                Closures = current?.Closures ?? [],
                Exceptions = current?.Exceptions ?? [],
                Page = current?.Page,
                Paused = current?.Paused,
            };
    }

    // The newest source wins; what it is silent about is taken from the newest that speaks of it. An address and its commune go together.
    private static PharmacyRecord Merge(SourceStatement[] sources)
    {
        var newest = sources[0].Record;
        var placed = Array.Find(sources, source => source.Record.Address.Postcode.Length > 0)?.Record ?? newest;
        return newest with
        {
            Address = placed.Address,
            Insee = placed.Insee,
            Phone = sources.Select(source => source.Record.Phone).FirstOrDefault(phone => phone is not null),
            Hours = sources.Select(source => source.Record.Hours).FirstOrDefault(hours => hours is not null),
            Services = sources.Select(source => source.Record.Services).FirstOrDefault(services => services.Count > 0) ?? [],
        };
    }

    // Records compare their lists by reference, so the services are compared by hand.
    private static bool Same(PharmacyRecord a, PharmacyRecord b) =>
        a.Services.SequenceEqual(b.Services, StringComparer.Ordinal) && a with { Services = [] } == b with { Services = [] };
}
