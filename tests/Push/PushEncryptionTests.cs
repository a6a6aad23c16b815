using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Realtime.Orders;
using Realtime.Push;

namespace Realtime.Tests.Push;

/// <summary>What a browser is told is sealed as RFC 8291 has it: by its own example, and by somebody else's code.</summary>
public sealed class PushEncryptionTests
{
    // RFC 8291, section 5 and appendix A.
    private const string Said = "When I grow up, I want to be a watermelon", Auth = "BTBZMqHH6r4Tts7J_aSIgg", Salt = "DGv6ra1nlYgDCS1FRnbzlw",
        Theirs = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        Ours = "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8", OursPrivate = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw",
        Sealed = "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN";

    [Fact]
    public void The_example_of_the_RFC_comes_out_byte_for_byte()
    {
        var parameters = PushSubscription.ParametersOf(Bytes(Ours));
        parameters.D = Bytes(OursPrivate);
        using var own = ECDiffieHellman.Create(parameters);

        var message = PushEncryption.Seal(Encoding.ASCII.GetBytes(Said), new("", Bytes(Theirs), Bytes(Auth)), own, Bytes(Salt));

        Assert.Equal(Sealed, Base64Url.EncodeToString(message));
    }

    [Fact]
    public async Task Another_library_opens_what_we_seal_and_nobody_elses()
    {
        using var browser = new Browser();
        using var other = new Browser();
        var message = PushEncryption.Seal(Encoding.UTF8.GetBytes("Votre commande a changé d’état."), browser.At("https://push.example/1"));

        Assert.Equal("Votre commande a changé d’état.", await browser.Open(message));
        Assert.Null(await other.Open(message));
        message[^1] ^= 1;
        Assert.Null(await browser.Open(message));
    }

    [Fact]
    public void Whatever_is_said_is_as_long_as_anything_else_and_never_the_same_twice()
    {
        using var browser = new Browser();
        var to = browser.At("https://push.example/1");
        var all = Enum.GetValues<OrderNews>().Select(news => PushEncryption.Seal(PushText.OfOrder(new string('x', 32), OrderJson.WordOf(news)).Write(), to)).ToArray();

        Assert.Single(all.Select(message => message.Length).Distinct());
        Assert.Equal(all.Length, all.Select(Convert.ToHexString).Distinct(StringComparer.Ordinal).Count());
        Assert.Throws<ArgumentOutOfRangeException>(() => PushEncryption.Seal(new byte[PushEncryption.Longest + 1], to));
    }

    [Theory]
    [InlineData(Theirs, true)]
    // No point of the curve, compressed, cut off, of another alphabet, empty.
    [InlineData("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw8", false)]
    [InlineData("AiVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcx", false)]
    [InlineData("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw", false)]
    [InlineData("é", false)]
    [InlineData("", false)]
    public void A_key_is_a_point_of_the_curve(string text, bool isOne) => Assert.Equal(isOne, PushSubscription.ReadPoint(text) is not null);

    private static byte[] Bytes(string text) => Base64Url.DecodeFromChars(text);
}
