using System.Diagnostics;
using System.Text.Json;
using System.Threading.Channels;

namespace Realtime.Tests.Mail;

/// <summary>A letter as it came in.</summary>
internal sealed record Received(int Connection, bool Accepted, bool Secure, string? User, string From, string[] To, string[][] Headers, string Subject, string Text, string Raw)
{
    /// <summary>The values of a header, by its name in lower case.</summary>
    public string[] Header(string name) => [.. Headers.Where(header => header[0] == name).Select(header => header[1])];
}

/// <summary>How a server is to behave; <c>tests/mailserver/server.mjs</c> says what each means.</summary>
internal sealed record SmtpBehaviour
{
    public string[]? Auth { get; init; }

    public bool Starttls { get; init; }

    public bool Tls { get; init; }

    public string[] Reject { get; init; } = [];

    public string[] Answers { get; init; } = ["take"];

    public int Port { get; init; }

    public int Timeout { get; init; } = 60_000;
}

/// <summary>A real mail server (npm <c>smtp-server</c>) in a process of its own.</summary>
internal sealed class SmtpServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly Task Installed = Install();

    private readonly Process _process;
    private readonly Task _listening;
    private readonly Channel<Received> _letters = Channel.CreateUnbounded<Received>();
    private readonly Channel<int> _closed = Channel.CreateUnbounded<int>();

    private SmtpServer(Process process, int port)
    {
        (_process, Port) = (process, port);
        _listening = Listen();
    }

    public int Port { get; }

    public static async Task<SmtpServer> Start(SmtpBehaviour? behaviour = null)
    {
        await Installed;
        var process = Start("node", "server.mjs", JsonSerializer.Serialize(behaviour ?? new SmtpBehaviour(), JsonSerializerOptions.Web));
        var line = await process.StandardOutput.ReadLineAsync().WaitAsync(Patience) ?? throw new InvalidOperationException("The mail server did not start.");
        return new SmtpServer(process, JsonElement.Parse(line).GetProperty("port").GetInt32());
    }

    /// <summary>The next letter that came in.</summary>
    public Task<Received> Next() => Next(Patience);

    /// <summary>The next letter that came in, within a time.</summary>
    public async Task<Received> Next(TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience);
        try
        {
            return await _letters.Reader.ReadAsync(limit.Token);
        }
        catch (OperationCanceledException late)
        {
            throw new TimeoutException("No letter came in.", late);
        }
    }

    /// <summary>The next connection that ended.</summary>
    public async Task<int> NextClosed() => await _closed.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    /// <summary>Ends it; the letters that it had and nobody has read yet.</summary>
    public async Task<List<Received>> Stop()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync().WaitAsync(Patience);
        await _listening.WaitAsync(Patience);
        return await _letters.Reader.ReadAllAsync().ToListAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await Stop();
        _process.Dispose();
    }

    private async Task Listen()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
            if (JsonElement.Parse(line) is var said && said.TryGetProperty("letter", out var letter))
                _letters.Writer.TryWrite(letter.Deserialize<Received>(JsonSerializerOptions.Web)!);
            // A connection that ended before it had begun has no number.
            else if (said.TryGetProperty("closed", out var connection))
                _closed.Writer.TryWrite(connection.GetInt32());
        _letters.Writer.Complete();
        _closed.Writer.Complete();
    }

    private static async Task Install()
    {
        if (Directory.Exists(Path.Combine(Campaign.Root, "tests", "mailserver", "node_modules", "smtp-server")))
            return;
        using var process = Start("npm", "ci", "--no-audit", "--no-fund");
        process.StandardInput.Close();
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"npm ci in tests/mailserver failed:\n{said}");
    }

    private static Process Start(string program, params string[] arguments) => Process.Start(new ProcessStartInfo(program, arguments)
    {
        WorkingDirectory = Path.Combine(Campaign.Root, "tests", "mailserver"),
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        UseShellExecute = false,
    })!;
}
