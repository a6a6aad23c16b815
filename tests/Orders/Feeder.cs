using NodaTime;
using NodaTime.Extensions;
using Realtime.Pharmacies;
using Realtime.Stock;

namespace Realtime.Tests.Orders;

/// <summary>The software of one pharmacy, which says every now and then what it counted a moment ago, while others sell from the same shelf.</summary>
/// <param name="campaign">Of which.</param>
/// <param name="pharmacy">Whose.</param>
/// <param name="number">Which of them, from 0.</param>
internal sealed class Feeder(OrderCampaign campaign, PharmacyId pharmacy, int number)
{
    private const int MostBoxes = 50;
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(1_500);
    private readonly Random _random = new((Campaign.Seed * 2000) + number);
    private Instant _takenAt = Instant.MinValue;

    /// <summary>Feeds until the campaign is over; each feed must be taken, however often it has to be sent.</summary>
    public async Task Run()
    {
        await Task.Yield();
        var sender = campaign.SenderOf(_random);
        for (var seq = 1; !campaign.IsOver; seq++)
        {
            await Task.Delay(LongestPause * _random.NextDouble());
            // Counted a while ago, and never before the last one.
            _takenAt = Instant.Max(_takenAt, TimeProvider.System.GetCurrentInstant() - Duration.FromMilliseconds(_random.Next(1_000)));
            var kind = _random.Next(3) == 0 ? FeedKind.Snapshot : FeedKind.Delta;
            var said = new FeedSaid(seq, kind, Instant.FromUnixTimeMilliseconds(_takenAt.ToUnixTimeMilliseconds()), [.. campaign.Products.Where(_ => kind == FeedKind.Snapshot || _random.Next(3) > 0).Select(cip13 => (cip13, _random.Next(MostBoxes)))]);
            var answer = await sender.Send(campaign.NewFeed(pharmacy, said), new(HttpMethod.Post, $"/api/v1/lgo/{pharmacy}/stock", Counter: pharmacy, Feed: said.Text()));
            Assert.True(answer.IsSuccess, $"feed {seq} of {pharmacy}: {answer.Status} {answer.Word}");
        }
    }
}
