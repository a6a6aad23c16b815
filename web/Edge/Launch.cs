using Microsoft.Extensions.Options;
using Realtime.Journal;

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
            await app.RunAsync();
            return Environment.ExitCode;
        }
        catch (Exception e) when (e is DataDirectoryException or StoreException or OptionsValidationException or IOException)
        {
            // The causes an operator can mend: a store in use or too new, a wrong setting, a port that is taken.
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }
}
