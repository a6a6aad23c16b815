using System.Security.Cryptography;
using Realtime.Keys;

namespace Realtime.Tests.Keys;

public sealed class OrderSealingTests
{
    private static readonly byte[] Ours = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private static readonly byte[] Theirs = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(20_000)]
    public void What_was_sealed_opens_with_its_key_in_its_place_and_nowhere_else(int size)
    {
        var clear = new byte[size];
        new Random(Campaign.Seed).NextBytes(clear);
        var sealedBytes = OrderSealing.Seal(Ours, "990000010-01J/buyer", clear);

        Assert.Equal(clear, OrderSealing.Open(Ours, "990000010-01J/buyer", sealedBytes));
        Assert.Equal(size + 28, sealedBytes.Length);
        Assert.NotEqual(sealedBytes, OrderSealing.Seal(Ours, "990000010-01J/buyer", clear));
        Assert.ThrowsAny<CryptographicException>(() => OrderSealing.Open(Ours, "990000010-01J/note", sealedBytes));
        Assert.ThrowsAny<CryptographicException>(() => OrderSealing.Open(Theirs, "990000010-01J/buyer", sealedBytes));
    }

    [Fact]
    public void What_was_altered_or_cut_off_does_not_open()
    {
        var sealedBytes = OrderSealing.Seal(Ours, "p", "Léa Roux"u8);
        for (var i = 0; i < sealedBytes.Length; i++)
        {
            var altered = sealedBytes.ToArray();
            altered[i] ^= 1;
            Assert.ThrowsAny<CryptographicException>(() => OrderSealing.Open(Ours, "p", altered));
            Assert.ThrowsAny<CryptographicException>(() => OrderSealing.Open(Ours, "p", sealedBytes.AsSpan(0, i)));
        }
    }

    [Fact]
    public void A_place_may_be_long_and_in_any_letters()
    {
        foreach (var place in new[] { "", "é", new string('x', 85), new string('x', 86), new string('\u20AC', 5_000) })
        {
            var sealedBytes = OrderSealing.Seal(Ours, place, "x"u8);
            Assert.Equal("x"u8.ToArray(), OrderSealing.Open(Ours, place, sealedBytes));
            Assert.ThrowsAny<CryptographicException>(() => OrderSealing.Open(Ours, place + "x", sealedBytes));
        }
    }
}
