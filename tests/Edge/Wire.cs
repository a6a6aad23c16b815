using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Realtime.Tests.Edge;

/// <summary>Sends bytes to a service as they are, on a connection of their own, and reads what statuses come back.</summary>
internal sealed class Wire(string host, int port)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    /// <summary>Stands for a service that neither answers nor closes.</summary>
    public const int Hung = -1;

    /// <summary>The statuses of all answers, none where the connection was closed without one.</summary>
    public async Task<int[]> Send(NastyRequest request)
    {
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(host, port);
        using var answer = new MemoryStream();
        try
        {
            var wire = client.GetStream();
            foreach (var piece in request.Pieces)
            {
                await wire.WriteAsync(piece);
                if (request.Pause > TimeSpan.Zero)
                    await Task.Delay(request.Pause);
            }
            if (request.Cut)
            {
                client.LingerState = new(enable: true, seconds: 0);
                return [];
            }
            // What waits for more bytes is told that there are none.
            var end = wire.CopyToAsync(answer);
            if (request.IsOpen && await Task.WhenAny(end, Task.Delay(Patience)) != end)
                client.Client.Shutdown(SocketShutdown.Send);
            await end.WaitAsync(Longest);
        }
        catch (TimeoutException)
        {
            return [Hung];
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // The service has cut the connection: whatever it had said before counts.
        }
        return Statuses(Encoding.Latin1.GetString(answer.ToArray()));
    }

    /// <summary>The statuses of the answers that follow one another in a text.</summary>
    public static int[] Statuses(string text) =>
        [.. Regex.Matches(text, @"HTTP/1\.1 (?<status>\d{3})[ \r]", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5)).Select(m => int.Parse(m.Groups["status"].Value, CultureInfo.InvariantCulture))];
}
