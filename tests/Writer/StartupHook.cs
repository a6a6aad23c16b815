using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Realtime;

#pragma warning disable MA0047, CA1050 // .NET finds a startup hook by this very name, outside every namespace.

/// <summary>
/// Loaded by .NET into a process of the product that a test starts with <c>DOTNET_STARTUP_HOOKS</c>: its clock is ahead of the system's by the seconds of
/// <c>REALTIME_TESTS_AHEAD</c>, and else it is the process that everybody runs.
/// </summary>
internal static class StartupHook
{
    public static void Initialize() => DiagnosticListener.AllListeners.Subscribe(new Hosts());

    private sealed class Hosts : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
    {
        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == "Microsoft.Extensions.Hosting")
                value.Subscribe(this);
        }

        // The last registration is the one that counts.
        public void OnNext(KeyValuePair<string, object?> value)
        {
            if (value is { Key: "HostBuilding", Value: IHostBuilder host })
                host.ConfigureServices(services => services.AddSingleton(new Clock(new Ahead())));
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }
    }

    private sealed class Ahead : TimeProvider
    {
        private static readonly TimeSpan By = TimeSpan.FromSeconds(double.Parse(Environment.GetEnvironmentVariable("REALTIME_TESTS_AHEAD")!, CultureInfo.InvariantCulture));

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + By;
    }
}
