using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using NodaTime;
using Realtime.Journal;

namespace Realtime.Tests.Journal;

public sealed class AuditKeeperTests
{
    [Fact]
    public void The_last_checkpoint_goes_to_the_log_once_an_hour()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2027, 5, 1, 12, 0, 0, TimeSpan.Zero));
        var log = new Lines();
        using var keeper = new AuditKeeper(null!, new Clock(time), log);
        keeper.Tell(null);
        for (var beat = 0; beat <= 360; beat++)
        {
            keeper.Tell(new AuditNote(beat / 3, Instant.FromUtc(2027, 5, 1, 12, 0), "ab12"));
            time.Advance(TimeSpan.FromSeconds(20));
        }
        Assert.Equal(["Audit checkpoint 0", "Audit checkpoint 60", "Audit checkpoint 120"], log.Written.Select(line => line.Split(" of ")[0]));
        Assert.Equal("Audit checkpoint 60 of 2027-05-01T12:00:00Z, root ab12", log.Written[1]);
    }

    private sealed class Lines : ILogger<AuditKeeper>
    {
        public List<string> Written { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Written.Add(formatter(state, exception));
    }
}
