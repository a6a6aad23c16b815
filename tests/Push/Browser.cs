using System.Buffers.Text;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using Realtime.Push;

namespace Realtime.Tests.Push;

/// <summary>A browser that subscribes, and opens what it is told by somebody else's code: npm <c>http_ece</c>, in a process of its own.</summary>
internal sealed class Browser : IDisposable
{
    private static readonly string Folder = Path.Combine(Campaign.Root, "tests", "pushreader");
    private static readonly Task Installed = Install();

    private readonly ECDiffieHellman _key = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
    private readonly byte[] _auth = RandomNumberGenerator.GetBytes(PushSubscription.AuthSize);

    private byte[] Point => PushSubscription.PointOf(_key.ExportParameters(includePrivateParameters: false));

    /// <summary>What it gives to who is to tell it something.</summary>
    public PushSubscription At(string endpoint) => new(endpoint, Point, _auth);

    /// <summary>The same as it writes it itself.</summary>
    public object Asks(string endpoint) => new { endpoint, keys = new { p256dh = Base64Url.EncodeToString(Point), auth = Base64Url.EncodeToString(_auth) } };

    /// <summary>What a message says; null where it is not for this browser.</summary>
    public async Task<string?> Open(byte[] message)
    {
        await Installed;
        using var process = Start("node", "reader.mjs");
        var line = new { key = Base64Url.EncodeToString(_key.ExportParameters(includePrivateParameters: true).D!), auth = Base64Url.EncodeToString(_auth), body = Base64Url.EncodeToString(message) };
        await process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(line));
        process.StandardInput.Close();
        var answer = JsonElement.Parse(await process.StandardOutput.ReadToEndAsync());
        await process.WaitForExitAsync();
        return answer.TryGetProperty("text", out var text) ? text.GetString() : null;
    }

    public void Dispose() => _key.Dispose();

    private static async Task Install()
    {
        if (Directory.Exists(Path.Combine(Folder, "node_modules", "http_ece")))
            return;
        using var process = Start("npm", "ci", "--no-audit", "--no-fund");
        process.StandardInput.Close();
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"npm ci in tests/pushreader failed:\n{said}");
    }

    private static Process Start(string program, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = Folder, RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false })!;
}
