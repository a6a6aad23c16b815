using System.Diagnostics;
using NodaTime;
using Realtime.Hours;

namespace Realtime.Tests.Hours;

public sealed class RealHoursTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_real_string_is_read()
    {
        var distinct = RealHours.All().Select(row => row.Hours).Distinct(StringComparer.Ordinal).ToList();
        Assert.Equal(1634, distinct.Count);
        Assert.All(distinct, text => Assert.True(OpeningHours.TryParse(text, out _, out var error), $"{text}: {error?.Column} {error?.English}"));
    }

    [Fact]
    public void On_1_May_none_is_shown_open()
    {
        var noon = Place.Paris.At("2027-05-01 11:00");
        var (silent, literal) = (0, 0);
        foreach (var (postcode, text) in RealHours.All())
        {
            var (zone, hours) = (Zones.Of(null, postcode), OpeningHours.Parse(text));
            Assert.NotNull(zone);
            silent += hours.SpeaksOfHolidays ? 0 : 1;
            literal += Schedule.Literal(hours, zone, noon, noon + Duration.FromSeconds(1)).Count;
            // At 11:00 in Paris it is 1 May from Guadeloupe (05:00) to Réunion (13:00).
            Assert.NotEqual(ServiceState.Open, new Schedule(zone, hours, [], null).StatusAt(noon).State);
        }
        output.WriteLine($"{silent} schedules without a word on holidays; the strings alone would show {literal} open.");
        Assert.Equal(3258, silent);
        Assert.True(literal > 1500, "The overlay must have had something to hide.");
    }

    [Fact]
    public void Reading_and_evaluating_a_country_is_cheap()
    {
        var rows = RealHours.All();
        var schedules = rows.ConvertAll(row => new Schedule(Zones.Of(null, row.Postcode)!, OpeningHours.Parse(row.Hours), [], null));
        var (from, days) = (Place.Paris.At("2026-11-23 00:00"), 7);
        var parsing = Best(() =>
        {
            for (var i = 0; i < 20_000; i++)
                _ = OpeningHours.Parse(rows[i % rows.Count].Hours);
        });
        var evaluating = Best(() => schedules.ForEach(schedule => schedule.Timeline(from, from + Duration.FromDays(days))));
        var asking = Best(() => schedules.ForEach(schedule => schedule.StatusAt(from)));
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        schedules.ForEach(schedule => schedule.Timeline(from, from + Duration.FromDays(days)));
        allocated = (GC.GetAllocatedBytesForCurrentThread() - allocated) / schedules.Count / days;

        var pharmacyDay = evaluating.TotalMicroseconds / schedules.Count / days;
        output.WriteLine(
            $"20,000 parses: {parsing.TotalMilliseconds:0} ms. Timeline: {pharmacyDay:0.00} µs and {allocated} bytes per pharmacy-day. "
            + $"StatusAt: {asking.TotalMicroseconds / schedules.Count:0.0} µs.");
        // Times are bounded ten times above what was measured, so that a busy machine passes; bytes are the same on any.
        Assert.True(parsing < TimeSpan.FromSeconds(1), $"20,000 parses took {parsing}");
        Assert.True(pharmacyDay < 50, $"A pharmacy-day took {pharmacyDay} µs");
        Assert.True(allocated < 1_500, $"A pharmacy-day took {allocated} bytes");
    }

    // The best of a few runs says what the code costs; the others say what else the machine did.
    private static TimeSpan Best(Action run)
    {
        var best = TimeSpan.MaxValue;
        for (var i = 0; i < 5; i++)
        {
            var watch = Stopwatch.StartNew();
            run();
            best = watch.Elapsed < best ? watch.Elapsed : best;
        }
        return best;
    }
}
