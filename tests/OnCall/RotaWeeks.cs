using NodaTime;
using Realtime.OnCall;
using Realtime.Pharmacies;

namespace Realtime.Tests.OnCall;

/// <summary>One node with the demo country and two real pharmacies' numbers free, on which every test has a week of its own.</summary>
public sealed class RotaWeeks : IAsyncLifetime
{
    private static readonly DemoCountry Country = DemoCountry.Create();
    private int _week, _pharmacy = 600;

    public RealtimeHost Host { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Host = await RealtimeHost.Start(demo: true, start: MondayTen(0));

    public ValueTask DisposeAsync() => Host.DisposeAsync();

    /// <summary>Ten in the morning in Paris of a Monday that no test has seen yet.</summary>
    internal LocalDate NextMonday()
    {
        var monday = MondayTen(_week++);
        Host.Time.Set(monday);
        return monday.InUtc().Date;
    }

    /// <summary>Pharmacies of Paris that no other test looks at, and to which the seed gives no Sunday or holiday in this week and the next: a sector for nights leaves those as they are.</summary>
    internal string[] NextPharmacies(int count)
    {
        var ids = new List<string>(count);
        for (var (from, to) = (Host.Time.Now, Host.Time.Now + Duration.FromDays(14)); ids.Count < count; _pharmacy++)
            if (!Country.Duty(DemoCountry.IdOf(_pharmacy))(from, to).Any(duty => duty.Kind == OnCallKind.SundayOrHoliday))
                ids.Add(DemoCountry.IdOf(_pharmacy).Value);
        return [.. ids];
    }

    private static Instant MondayTen(int week) => Instant.FromUtc(2026, 11, 23, 9, 0) + Duration.FromDays(7 * week);
}
