using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using Realtime.Journal;
using Realtime.Keys;

namespace Realtime.Web.Edge;

/// <summary>Runs the node; what stops it at the start is said in one sentence, not in a stack trace.</summary>
internal static class Launch
{
    /// <summary>Builds and runs; the process's exit code.</summary>
    public static async Task<int> Run(Func<WebApplication> build)
    {
        try
        {
            await using var app = build();
            // The store is opened, and its schema brought up to date, before anything that relies on it starts.
            _ = app.Services.GetRequiredService<IJournal>();
            _ = app.Services.GetService<IKeyStore>();
            await app.RunAsync();
            return Environment.ExitCode;
        }
        catch (Exception e) when (Mend(e) is { } sentence)
        {
            await Console.Error.WriteLineAsync(sentence);
            return 1;
        }
    }

    // The causes an operator can mend: a store in use or not fit, a wrong setting, an address that cannot be had.
    private static string? Mend(Exception e) => e switch
    {
        DataDirectoryException or StoreException or OptionsValidationException => e.Message,
        AddressInUseException or IOException { InnerException: AddressInUseException } =>
            $"{e.Message.TrimEnd('.')}: stop the process that has it, or choose another address with ASPNETCORE_URLS.",
        IOException or SocketException or FormatException => $"The service cannot listen ({e.Message.TrimEnd('.')}): correct ASPNETCORE_URLS.",
        _ => null,
    };
}
