using Realtime.People;

namespace Realtime.Tests.People;

public sealed class RppsTests
{
    [Theory]
    [InlineData("99900000011", "99900000011")]
    [InlineData("899900000011", "99900000011")]
    public void Eleven_digits_with_a_check_digit_are_taken_with_or_without_the_providers_8(string text, string value)
    {
        Assert.True(Rpps.TryParse(text, out var rpps));
        Assert.Equal(value, rpps.Value);
        Assert.DoesNotContain(value, rpps.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("99900000012")]
    [InlineData("9990000001")]
    [InlineData("799900000011")]
    [InlineData("9990000001a")]
    [InlineData("٩٩٩٠٠٠٠٠٠١١")]
    public void Anything_else_is_not(string? text) => Assert.False(Rpps.TryParse(text, out _));

    [Fact]
    public void Any_single_wrong_digit_is_noticed()
    {
        const string right = "99900000011";
        for (var at = 0; at < right.Length; at++)
            for (var digit = '0'; digit <= '9'; digit++)
                Assert.Equal(digit == right[at], Rpps.TryParse($"{right[..at]}{digit}{right[(at + 1)..]}", out _));
    }
}
