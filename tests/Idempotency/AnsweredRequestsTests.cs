using NodaTime;
using Realtime.Idempotency;

namespace Realtime.Tests.Idempotency;

public sealed class AnsweredRequestsTests
{
    private static readonly Instant Noon = Instant.FromUtc(2026, 11, 23, 11, 0);

    [Fact]
    public void A_request_is_known_for_seven_days_and_not_a_moment_longer()
    {
        var answered = AnsweredRequests.None.After(new("k", "c"), 4, Noon);

        Assert.True(answered.TryFind("k", Noon + AnsweredRequests.Kept - Duration.Epsilon, out var found));
        Assert.Equal((4L, "c", Noon), (found.Seq, found.Request.Command, found.At));
        Assert.False(answered.TryFind("k", Noon + AnsweredRequests.Kept, out _));
        Assert.False(answered.TryFind("other", Noon, out _));
    }

    [Fact]
    public void What_is_too_old_is_pruned_by_the_next_row_with_a_key_or_without()
    {
        var answered = AnsweredRequests.None.After(new("a", "c"), 1, Noon).After(new("b", "c"), 2, Noon + Duration.FromDays(1));

        Assert.Equal(["b"], answered.After(null, 3, Noon + AnsweredRequests.Kept).All.Select(one => one.Request.Key));
        Assert.Equal(["c"], answered.After(new("c", "c"), 3, Noon + Duration.FromDays(30)).All.Select(one => one.Request.Key));
        Assert.Same(answered, answered.After(null, 3, Noon + Duration.FromDays(2)));
    }

    [Fact]
    public void A_key_that_is_used_again_after_its_time_is_the_younger_requests()
    {
        var late = Noon + AnsweredRequests.Kept + Duration.FromDays(1);
        var answered = AnsweredRequests.None.After(new("k", "first"), 1, Noon).After(new("k", "second"), 2, late);

        Assert.True(answered.TryFind("k", late, out var found));
        Assert.Equal(2, found.Seq);
        // A clock that was set back lets one key come twice; pruning the older leaves the younger known.
        var twice = AnsweredRequests.None.After(new("k", "first"), 1, Noon).After(new("k", "second"), 2, Noon + Duration.FromDays(1));
        Assert.True(twice.After(null, 3, Noon + AnsweredRequests.Kept).TryFind("k", Noon + AnsweredRequests.Kept, out found));
        Assert.Equal(2, found.Seq);
    }

    [Fact]
    public void What_is_kept_and_read_back_knows_the_same()
    {
        var answered = AnsweredRequests.None.After(new("a", "c"), 1, Noon).After(new("b", "d"), 2, Noon);

        var again = AnsweredRequests.Of(answered.All);

        Assert.Equal(answered.All, again.All);
        Assert.True(again.TryFind("b", Noon, out var found));
        Assert.Equal(2, found.Seq);
    }
}
