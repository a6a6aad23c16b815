using System.Security.Cryptography;
using Realtime.Identity;

namespace Realtime.Tests.Identity;

public sealed class SealingTests
{
    private static readonly Sealing Ours = new(Secret.Parse(ProductProcess.Secret));
    private static readonly Sealing Theirs = new(Secret.Parse(Secret.Demo));

    [Fact]
    public void A_sealed_text_opens_in_its_place_with_its_secret_and_nowhere_else()
    {
        var text = Ours.Seal("Léa Roux", "people/990000010");

        Assert.Equal("Léa Roux", Ours.Open(text, "people/990000010"));
        Assert.NotEqual(text, Ours.Seal("Léa Roux", "people/990000010"));
        Assert.ThrowsAny<CryptographicException>(() => Ours.Open(text, "people/990000028"));
        Assert.ThrowsAny<CryptographicException>(() => Theirs.Open(text, "people/990000010"));
        var bytes = Convert.FromBase64String(text);
        bytes[15] ^= 1;
        Assert.ThrowsAny<CryptographicException>(() => Ours.Open(Convert.ToBase64String(bytes), "people/990000010"));
    }

    [Fact]
    public void A_person_has_one_pseudonym_under_a_secret_and_another_under_another()
    {
        Assert.Equal(Ours.PersonOf("99900000011"), Ours.PersonOf("99900000011"));
        Assert.NotEqual(Ours.PersonOf("99900000011"), Ours.PersonOf("99900000029"));
        Assert.NotEqual(Ours.PersonOf("99900000011"), Theirs.PersonOf("99900000011"));
    }

    [Fact]
    public void A_PIN_is_told_from_its_hash_by_who_has_the_secret_alone()
    {
        var hash = Ours.HashPin("4711");

        Assert.True(Ours.IsPin("4711", hash));
        Assert.False(Ours.IsPin("4712", hash));
        Assert.False(Theirs.IsPin("4711", hash));
        Assert.NotEqual(hash, Ours.HashPin("4711"));
    }
}
