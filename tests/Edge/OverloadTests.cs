using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Realtime.Tests.Edge;

public sealed class OverloadTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("realtime-overload-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task More_calls_than_a_node_works_on_at_a_time_are_refused_with_503_and_when_to_come_back()
    {
        using var web = ProductProcess.Web(_data, demo: false, out var client, ("Realtime__MostCalls", "1"));
        using (client)
        {
            await client.WaitUntilReady(TimeSpan.FromSeconds(30));
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/v1/services")).StatusCode);

            // A call whose body does not end is the one call that is worked on. One that comes before the last call has quite left is
            // refused itself, so it is made until it is the one.
            var slow = new List<TcpClient>();
            do
            {
                Assert.InRange(slow.Count, 0, 50);
                slow.Add(new TcpClient("127.0.0.1", client.BaseAddress!.Port));
                await slow[^1].GetStream().WriteAsync(Encoding.ASCII.GetBytes($"POST /api/v1/hours/preview HTTP/1.1\r\nHost: {client.BaseAddress.Authority}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{{"));
                await Task.Delay(100);
            }
            while ((await client.GetAsync("/api/v1/services")).StatusCode != HttpStatusCode.ServiceUnavailable);
            using (var refused = await client.GetAsync("/api/v1/services"))
            {
                Assert.Equal("1", refused.Headers.RetryAfter?.ToString());
                Assert.Equal("application/problem+json", refused.Content.Headers.ContentType?.MediaType);
            }
            // Routes ignore case, and so must what stands before them.
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.GetAsync("/API/v1/services")).StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health/ready")).StatusCode);
            slow.ForEach(s => s.Dispose());
            await Answers(client, HttpStatusCode.OK);
        }
    }

    private static async Task Answers(HttpClient client, HttpStatusCode expected)
    {
        for (var i = 0; i < 250; i++, await Task.Delay(20))
            if ((await client.GetAsync("/api/v1/services")).StatusCode == expected)
                return;
        Assert.Fail($"{expected} did not come within five seconds.");
    }
}
