using System.Net;
using System.Net.Http.Headers;
using NodaTime.Extensions;
using Realtime.Pharmacies;

namespace Realtime.Benchmarks.Stock;

/// <summary>The software of some pharmacies: all of them post their snapshot in the same moment, and come back where they are told to.</summary>
internal sealed class Feeders(FedProduct product, IReadOnlyList<PharmacyId> pharmacies, Snapshots snapshots, IReadOnlyDictionary<PharmacyId, string> tokens)
{
    private byte[][] _bodies = [];
    private long _seq;

    /// <summary>Feeds that were told to come back, so far.</summary>
    public int CameBack { get; private set; }

    /// <summary>Makes the next snapshots, before anything is measured.</summary>
    public void Prepare(int day)
    {
        var (seq, takenAt) = (++_seq, TimeProvider.System.GetCurrentInstant());
        _bodies = [.. pharmacies.Select((_, i) => snapshots.Write(i, day, seq, takenAt))];
    }

    /// <summary>Posts them; every one was taken when it returns.</summary>
    public Task Post() => Task.WhenAll(_bodies.Select((body, i) => Post(pharmacies[i], body)));

    private async Task Post(PharmacyId pharmacy, byte[] body)
    {
        while (true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/lgo/{pharmacy}/stock") { Content = new ByteArrayContent(body) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
            request.Content.Headers.ContentEncoding.Add("gzip");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", tokens[pharmacy]);
            using var answer = await product.Http.SendAsync(request);
            if (answer.StatusCode == HttpStatusCode.OK)
                return;
            if (answer.StatusCode != HttpStatusCode.ServiceUnavailable)
                throw new InvalidOperationException($"{pharmacy}'s feed was answered {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}.");
            CameBack++;
            await Task.Delay(answer.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(1));
        }
    }
}
