using NodaTime;

namespace Realtime.Tests.OnCall;

/// <summary>One node with the demo country and two real pharmacies' numbers free, on which every test has a week of its own.</summary>
public sealed class RotaWeeks : IAsyncLifetime
{
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

    /// <summary>Pharmacies of Paris that no other test looks at.</summary>
    internal string[] NextPharmacies(int count)
    {
        var first = _pharmacy;
        _pharmacy += count;
        return RotaDesk.Pharmacies(first, count);
    }

    private static Instant MondayTen(int week) => Instant.FromUtc(2026, 11, 23, 9, 0) + Duration.FromDays(7 * week);
}
