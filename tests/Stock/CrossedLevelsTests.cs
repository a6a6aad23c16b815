using System.Text;
using NodaTime;
using Realtime.Products;
using Realtime.Stock;

namespace Realtime.Tests.Stock;

public sealed class CrossedLevelsTests
{
    private static readonly Cip13 A = Cip13.Parse("3400938358926");
    private static readonly Instant Until = Instant.FromUtc(2026, 11, 28, 14, 3, 30);

    [Fact]
    public void A_row_says_which_levels_crossed_and_until_when_all_of_them_are_believed()
    {
        Assert.Equivalent(new RowLevels([(A, StockLevel.Low)], null), Said("""{"levels":{"3400938358926":"low"}}"""));
        Assert.Equivalent(new RowLevels([], new Freshness(Until)), Said("""{"seq":4,"freshUntil":"2026-11-28T14:03:30Z","lines":[{"freshUntil":1}]}"""));
        Assert.Equivalent(new RowLevels([(A, StockLevel.Low)], new Freshness(Until)), Said("""{"levels":{"3400938358926":"low"},"freshUntil":"2026-11-28T14:03:30Z"}"""));
        Assert.Equivalent(new RowLevels([(A, StockLevel.Low)], new Freshness(Until)), Said("""{"freshUntil":"2026-11-28T14:03:30Z","x":[{}],"levels":{"3400938358926":"low"}}"""));
    }

    [Fact]
    public void A_row_may_end_what_was_said_of_freshness() => Assert.Equivalent(new RowLevels([], new Freshness(null)), Said("""{"freshUntil":null}"""));

    [Theory]
    [InlineData("""{"levels":"all","freshUntil":"2026-11-28T14:03:30Z"}""")]
    [InlineData("""{"freshUntil":"2026-11-28T14:03:30Z","levels":"all"}""")]
    [InlineData("""{"levels":{"3400938358926":"low"},"freshUntil":"soon"}""")]
    [InlineData("""{"levels":{"3400938358926":"low"},"freshUntil":7}""")]
    [InlineData("""{"freshUntil":{"levels":{}}}""")]
    [InlineData("""{"freshUntil":"2026-11-28T14:03:30Z","levels":{"3400938358926":["low"]}}""")]
    [InlineData("""{"freshUntil":"2026-11-28T14:03:30Z","levels":{"3400938358926":""")]
    public void Where_it_is_said_otherwise_or_elsewhere_the_public_state_must_be_asked(string payload) => Assert.Null(Said(payload));

    [Theory]
    [InlineData("""{"lines":[{"freshUntil":"2026-11-28T14:03:30Z"}]}""")]
    [InlineData("""{"note":"freshUntil"}""")]
    [InlineData("[\"freshUntil\"]")]
    public void What_is_not_at_the_top_is_not_said(string payload) => Assert.False(CrossedLevels.Announced(Encoding.UTF8.GetBytes(payload), out _));

    private static RowLevels? Said(string payload)
    {
        Assert.True(CrossedLevels.Announced(Encoding.UTF8.GetBytes(payload), out var said));
        return said;
    }
}
