using System.Diagnostics;
using System.Globalization;

namespace Realtime.Tests.Journal;

/// <summary>A real process that appends until it is killed, and what it said was durable.</summary>
internal sealed class WriterProcess : IDisposable
{
    private readonly Process _process;
    private readonly List<Acknowledgement> _told = [];
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _reading;

    public WriterProcess(string directory, int streams, string? secret = null)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Realtime.Tests.Writer.dll");
        _process = Process.Start(new ProcessStartInfo("dotnet", [program, directory, streams.ToString(CultureInfo.InvariantCulture), .. secret is null ? Array.Empty<string>() : [secret]]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        _reading = Task.Run(ReadAnswers, CancellationToken.None);
    }

    /// <summary>Completes with the first answer.</summary>
    public Task FirstAnswer => _first.Task;

    /// <summary>SIGKILL; returns every answer that got out.</summary>
    public async Task<IReadOnlyList<Acknowledgement>> Kill()
    {
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        await _reading;
        return _told;
    }

    /// <summary>Waits until it ends by itself; what it wrote to standard error.</summary>
    public async Task<string> Refusal(CancellationToken cancellation)
    {
        var error = await _process.StandardError.ReadToEndAsync(cancellation);
        await _process.WaitForExitAsync(cancellation);
        return error;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    private async Task ReadAnswers()
    {
        while (await _process.StandardOutput.ReadLineAsync(CancellationToken.None) is { } line)
        {
            // A line cut short by the kill was not received; a caller would not know either.
            if (line.Split(' ') is not [var stream, var seq, var hash, "durable"])
                continue;
            _told.Add(new Acknowledgement(stream, long.Parse(seq, CultureInfo.InvariantCulture), hash));
            _first.TrySetResult();
        }
    }
}
