using System.Security.Cryptography;
using System.Text;
using NodaTime;
using Realtime.Webhooks;

namespace Realtime.Tests.Webhooks;

/// <summary>Signatures against those of the libraries of Standard Webhooks (libraries/*/test of github.com/standard-webhooks/standard-webhooks).</summary>
public sealed class WebhookSignatureTests
{
    private const string Id = "msg_p5jXN8AQM9LWM0D4loKWxJek", Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static readonly Instant At = Instant.FromUnixTimeSeconds(1_614_265_330);
    private static readonly byte[] Body = """{"test": 2432232314}"""u8.ToArray();

    [Theory]
    [InlineData(Secret)]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    public void The_signature_is_that_of_the_reference_libraries(string secret) =>
        Assert.Equal("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", WebhookSignature.Sign(secret, Id, At, Body));

    [Fact]
    public void It_is_the_code_of_id_second_and_body_with_dots_between()
    {
        var (secret, at) = (WebhookSignature.SecretOf(RandomNumberGenerator.GetBytes(WebhookSignature.SecretSize)), At.PlusNanoseconds(999_999_999));
        var key = Convert.FromBase64String(secret["whsec_".Length..]);
        var expected = Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{Id}.1614265330.{Encoding.UTF8.GetString(Body)}")));

        Assert.Equal($"v1,{expected}", WebhookSignature.Sign(secret, Id, at, Body));
        Assert.Equal("1614265330", WebhookSignature.TimestampOf(at));
    }

    [Fact]
    public void Another_id_second_body_or_secret_is_another_signature()
    {
        var one = WebhookSignature.Sign(Secret, Id, At, Body);
        string[] others =
        [
            WebhookSignature.Sign(Secret, Id + "x", At, Body), WebhookSignature.Sign(Secret, Id, At + Duration.FromSeconds(1), Body),
            WebhookSignature.Sign(Secret, Id, At, [.. Body, 0]), WebhookSignature.Sign("whsec_AfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", Id, At, Body),
        ];
        Assert.Equal(5, others.Append(one).Distinct().Count());
    }

    [Fact]
    public void Every_secret_that_is_good_signs_and_the_newest_first()
    {
        const string old = "whsec_AfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        Assert.Equal($"{WebhookSignature.Sign(Secret, Id, At, Body)} {WebhookSignature.Sign(old, Id, At, Body)}", WebhookSignature.SignAll([Secret, old], Id, At, Body));
    }
}
