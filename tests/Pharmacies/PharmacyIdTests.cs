using Realtime.Pharmacies;

namespace Realtime.Tests.Pharmacies;

public sealed class PharmacyIdTests
{
    [Theory]
    [InlineData("750020927")]
    [InlineData("2A0001947")]
    [InlineData("2B0002471")]
    [InlineData("970103271")]
    public void A_number_with_a_right_check_digit_is_read(string text) => Assert.Equal(text, PharmacyId.Parse(text).Value);

    [Theory]
    [InlineData("750020928")]
    [InlineData("2A0001948")]
    [InlineData("2C0001947")]
    [InlineData("A20001947")]
    [InlineData("75002092")]
    [InlineData("7500209270")]
    [InlineData("75002 927")]
    [InlineData("")]
    [InlineData(null)]
    public void Anything_else_is_refused(string? text) => Assert.False(PharmacyId.TryParse(text, out _));

    [Fact]
    public void Every_single_wrong_digit_is_noticed()
    {
        const string right = "750020927";
        for (var i = 0; i < right.Length; i++)
            for (var digit = '0'; digit <= '9'; digit++)
                if (digit != right[i])
                    Assert.False(PharmacyId.TryParse($"{right[..i]}{digit}{right[(i + 1)..]}", out _));
    }

    [Fact]
    public void The_check_digit_of_a_synthetic_number_is_computed()
    {
        var id = PharmacyId.FromBody("99000001");
        Assert.True(id.IsSynthetic);
        Assert.Equal(id, PharmacyId.Parse(id.Value));
    }
}
