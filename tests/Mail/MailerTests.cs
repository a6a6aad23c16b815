using Microsoft.Extensions.Time.Testing;
using Realtime.Mail;

namespace Realtime.Tests.Mail;

public sealed class MailerTests
{
    private const string Buyer = "camille.durand@example.org";

    private static readonly DateTimeOffset Now = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);
    private static readonly Letter Plain = new("o-1:ready", Buyer, "Votre commande à la Pharmacie du Marché est prête", "Bonjour,\n\nélève, œuvre, « prête » – 19 h 30\n.\n..\nhttps://pharmacies.example/orders/o-1#secret=abc_DEF-123\n");

    private readonly FakeTimeProvider _time = new(Now);

    [Fact]
    public async Task A_letter_arrives_as_it_was_sent()
    {
        await using var server = await SmtpServer.Start();
        using var mailer = To(server);

        await mailer.Send(Plain);

        var arrived = await server.Next();
        Assert.Equal("no-reply@pharmacies.example", arrived.From);
        Assert.Equal([Buyer], arrived.To);
        Assert.Equal(Plain.Subject, arrived.Subject);
        Assert.Equal(Plain.Text.TrimEnd(), arrived.Text.TrimEnd());
        Assert.Equal(["auto-generated"], arrived.Header("auto-submitted"));
        Assert.Equal(["Fri, 27 Nov 2026 12:00:00 +0000"], arrived.Header("date"));
        Assert.Equal(["Pharmacies <no-reply@pharmacies.example>"], arrived.Header("from"));
        Assert.Equal(["text/plain; charset=utf-8"], arrived.Header("content-type"));
    }

    [Fact]
    public async Task A_letter_has_no_headers_but_those_it_needs()
    {
        await using var server = await SmtpServer.Start();
        using var mailer = To(server);

        await mailer.Send(Plain);

        Assert.Equal(
            ["auto-submitted", "content-transfer-encoding", "content-type", "date", "from", "message-id", "mime-version", "subject", "to"],
            (await server.Next()).Headers.Select(header => header[0]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Fifty_letters_at_once_go_over_one_connection()
    {
        await using var server = await SmtpServer.Start();
        using var mailer = To(server);

        await Task.WhenAll(Enumerable.Range(0, 50).Select(n => mailer.Send(Plain with { Id = $"o-{n}" })));

        var letters = await server.Stop();
        Assert.Equal(50, letters.Count);
        Assert.Equal(50, letters.Select(letter => letter.Header("message-id")[0]).Distinct().Count());
        Assert.All(letters, letter => Assert.Equal(1, letter.Connection));
    }

    [Fact]
    public async Task A_connection_takes_a_hundred_letters_and_no_more()
    {
        await using var server = await SmtpServer.Start();
        using var mailer = To(server);

        for (var n = 0; n < 101; n++)
            await mailer.Send(Plain with { Id = $"o-{n}" });

        Assert.Equal([(1, 100), (2, 1)], (await server.Stop()).GroupBy(letter => letter.Connection).Select(letters => (letters.Key, letters.Count())));
    }

    [Fact]
    public async Task The_connection_is_closed_some_seconds_after_the_last_letter()
    {
        await using var server = await SmtpServer.Start();
        using var mailer = To(server);
        await mailer.Send(Plain);
        _time.Advance(Mailer.Idle / 2);
        await mailer.Send(Plain);
        _time.Advance(Mailer.Idle / 2);
        await mailer.Send(Plain);

        _time.Advance(Mailer.Idle);

        Assert.Equal(1, await server.NextClosed());
        await mailer.Send(Plain);
        Assert.Equal([1, 1, 1, 2], (await server.Stop()).Select(letter => letter.Connection));
    }

    [Fact]
    public async Task A_letter_is_not_lost_to_a_connection_that_the_server_has_closed()
    {
        await using var server = await SmtpServer.Start(new() { Timeout = 500 });
        using var mailer = To(server);
        await mailer.Send(Plain);
        Assert.Equal(1, await server.NextClosed());

        await mailer.Send(Plain);

        Assert.Equal([1, 2], (await server.Stop()).Select(letter => letter.Connection));
    }

    [Theory]
    [InlineData("later")]
    [InlineData("hangup")]
    public async Task A_letter_that_is_sent_again_carries_the_same_Message_Id(string answer)
    {
        await using var server = await SmtpServer.Start(new() { Answers = [answer, "take"] });
        using var mailer = To(server);

        var failure = await Assert.ThrowsAsync<MailException>(() => mailer.Send(Plain));
        await mailer.Send(Plain);

        Assert.False(failure.IsFinal);
        var letters = await server.Stop();
        Assert.Equal([false, true], letters.Select(letter => letter.Accepted));
        Assert.Matches("^<[0-9a-f]{32}@pharmacies.example>$", letters[0].Header("message-id").Single());
        Assert.Equal(letters[0].Header("message-id"), letters[1].Header("message-id"));
    }

    [Fact]
    public async Task A_server_that_dies_half_way_through_a_letter_has_not_taken_it()
    {
        await using var server = await SmtpServer.Start(new() { Answers = ["take", "die"] });
        using var mailer = To(server);
        await mailer.Send(Plain);

        var failure = await Assert.ThrowsAsync<MailException>(() => mailer.Send(Plain));

        AssertKeepsSecrets(failure, server.Port);
        Assert.Contains("broke off", failure.Message, StringComparison.Ordinal);
        Assert.False(failure.IsFinal);
        Assert.Single(await server.Stop());
    }

    [Fact]
    public async Task A_server_that_is_down_fails_the_letter_without_a_word_of_whom_it_was_for()
    {
        var port = RealtimeHost.FreePort();
        using var mailer = On(Settings(port));

        var failure = await Assert.ThrowsAsync<MailException>(() => mailer.Send(Plain));

        AssertKeepsSecrets(failure, port);
        Assert.Equal($"The mail server 127.0.0.1:{port} cannot be reached: Connection refused.", failure.Message);
        Assert.False(failure.IsFinal);
    }

    [Fact]
    public async Task A_server_that_falls_silent_fails_the_letter_after_ten_seconds()
    {
        await using var server = await SmtpServer.Start(new() { Answers = ["silence"] });
        using var mailer = To(server);

        var sending = mailer.Send(Plain);
        await server.Next();
        _time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(sending.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.1));

        var failure = await Assert.ThrowsAsync<MailException>(() => sending);
        AssertKeepsSecrets(failure, server.Port);
        Assert.Contains("within 10 seconds", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_gives_up_is_told_that_he_did()
    {
        await using var server = await SmtpServer.Start(new() { Answers = ["silence", "take"] });
        using var mailer = To(server);
        using var enough = new CancellationTokenSource();

        var sending = mailer.Send(Plain, enough.Token);
        await server.Next();
        await enough.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        await mailer.Send(Plain);
        Assert.Equal(2, (await server.Next()).Connection);
    }

    [Fact]
    public async Task A_recipient_that_is_refused_is_refused_for_good_and_the_next_letter_goes()
    {
        await using var server = await SmtpServer.Start(new() { Reject = [Buyer] });
        using var mailer = To(server);

        var failure = await Assert.ThrowsAsync<MailException>(() => mailer.Send(Plain));
        await mailer.Send(Plain with { To = "somebody.else@example.org" });

        AssertKeepsSecrets(failure, server.Port);
        Assert.Equal($"The mail server 127.0.0.1:{server.Port} refused the recipient: 550 5.1.1.", failure.Message);
        Assert.True(failure.IsFinal);
        Assert.Equal(["somebody.else@example.org"], Assert.Single(await server.Stop()).To);
    }

    [Fact]
    public async Task A_server_that_quotes_the_letter_it_refuses_is_not_quoted()
    {
        await using var server = await SmtpServer.Start(new() { Answers = ["never"] });
        using var mailer = To(server);

        var failure = await Assert.ThrowsAsync<MailException>(() => mailer.Send(Plain));

        AssertKeepsSecrets(failure, server.Port);
        Assert.Equal($"The mail server 127.0.0.1:{server.Port} refused the letter: 554 5.7.1.", failure.Message);
        Assert.True(failure.IsFinal);
    }

    [Fact]
    public async Task A_server_that_wants_a_password_gets_it()
    {
        await using var server = await SmtpServer.Start(new() { Auth = ["realtime", "pâss word"] });
        using var mailer = On(Settings(server.Port, user: "realtime", password: "pâss word"));

        await mailer.Send(Plain);

        Assert.Equal("realtime", (await server.Next()).User);
    }

    [Theory]
    [InlineData("realtime", "wrong-password")]
    [InlineData(null, null)]
    public async Task A_wrong_password_or_none_fails_the_letter_until_it_is_mended(string? user, string? password)
    {
        await using var server = await SmtpServer.Start(new() { Auth = ["realtime", "right-password"] });
        using var mailer = On(Settings(server.Port, user: user, password: password));

        var failure = await Assert.ThrowsAsync<MailException>(() => mailer.Send(Plain));

        AssertKeepsSecrets(failure, server.Port);
        Assert.Contains("did not let this service sign in", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-password", failure.Message, StringComparison.Ordinal);
        Assert.False(failure.IsFinal);
        Assert.Empty(await server.Stop());
    }

    [Theory]
    [InlineData("starttls")]
    [InlineData("tls")]
    public async Task A_server_whose_certificate_nobody_vouches_for_gets_neither_letter_nor_password(string security)
    {
        await using var server = await SmtpServer.Start(new() { Starttls = security == "starttls", Tls = security == "tls", Auth = ["realtime", "right-password"] });
        using var mailer = On(Settings(server.Port, security, "realtime", "right-password"));

        var failure = await Assert.ThrowsAsync<MailException>(() => mailer.Send(Plain));

        AssertKeepsSecrets(failure, server.Port);
        Assert.Contains("could not be trusted", failure.Message, StringComparison.Ordinal);
        Assert.Empty(await server.Stop());
    }

    [Fact]
    public async Task A_server_without_encryption_gets_nothing_where_encryption_is_asked_for()
    {
        await using var server = await SmtpServer.Start();
        using var mailer = On(Settings(server.Port, "starttls"));

        var failure = await Assert.ThrowsAsync<MailException>(() => mailer.Send(Plain));

        AssertKeepsSecrets(failure, server.Port);
        Assert.Contains("STARTTLS", failure.Message, StringComparison.Ordinal);
        Assert.Empty(await server.Stop());
    }

    [Theory]
    [InlineData("a@example.org\r\nBcc: b@example.org")]
    [InlineData("a@example.org\nb@example.org")]
    [InlineData("a@example.org, b@example.org")]
    [InlineData("a@example.org; b@example.org")]
    [InlineData("a@example.org b@example.org")]
    [InlineData("a@example.org> RCPT TO:<b@example.org")]
    [InlineData("Group: a@example.org, b@example.org;")]
    [InlineData("<@relay.example.org:a@example.org>")]
    [InlineData("\"a\r\n\"@example.org")]
    [InlineData("Name <a@example.org>")]
    [InlineData("a@localhost")]
    [InlineData("a@[127.0.0.1]")]
    [InlineData("a@example.org\0")]
    [InlineData("a")]
    [InlineData("@example.org")]
    [InlineData(" a@example.org")]
    [InlineData("")]
    public async Task What_is_not_one_address_and_nothing_else_goes_nowhere(string to)
    {
        await using var server = await SmtpServer.Start();
        using var mailer = To(server);

        var failure = await Assert.ThrowsAsync<MailException>(() => mailer.Send(Plain with { To = to }));

        Assert.True(failure.IsFinal);
        Assert.DoesNotContain("example", failure.Message, StringComparison.Ordinal);
        Assert.Empty(await server.Stop());
    }

    [Theory]
    [InlineData("a.b+c_d-e@sub.example.org")]
    [InlineData("o'neill@example.org")]
    [InlineData("0123456789@example.museum")]
    public async Task Every_usual_address_is_written_to(string to)
    {
        await using var server = await SmtpServer.Start();
        using var mailer = To(server);

        await mailer.Send(Plain with { To = to });

        Assert.Single((await server.Next()).To);
    }

    [Theory]
    [InlineData("\r\nBcc: b@example.org\r\n\r\nother text")]
    [InlineData("\nBcc: b@example.org")]
    [InlineData("\rBcc: b@example.org")]
    [InlineData("\u2028Bcc: b@example.org")]
    [InlineData("\u0085Bcc: b@example.org")]
    [InlineData("\0Bcc: b@example.org")]
    [InlineData("=?utf-8?B?DQpCY2M6IGJAZXhhbXBsZS5vcmc=?=")]
    public async Task Nothing_in_subject_or_id_becomes_a_header(string hostile)
    {
        await using var server = await SmtpServer.Start();
        using var mailer = To(server);

        await mailer.Send(Plain with { Id = "o-1" + hostile, Subject = "Prête" + hostile });

        var arrived = await server.Next();
        Assert.Equal([Buyer], arrived.To);
        Assert.Empty(arrived.Header("bcc"));
        Assert.Equal(9, arrived.Headers.Length);
        Assert.StartsWith("Prête", arrived.Subject, StringComparison.Ordinal);
        Assert.StartsWith("Bonjour,", arrived.Text, StringComparison.Ordinal);
        Assert.Matches("^<[0-9a-f]{32}@pharmacies.example>$", arrived.Header("message-id").Single());
    }

    [Theory]
    [InlineData("one\r\n.\r\nMAIL FROM:<evil@example.org>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n")]
    [InlineData("one\n.\nMAIL FROM:<evil@example.org>\nRCPT TO:<b@example.org>\nDATA\n")]
    [InlineData("one\r.\rMAIL FROM:<evil@example.org>\rRCPT TO:<b@example.org>\rDATA\r")]
    [InlineData("one\n.\r\nMAIL FROM:<evil@example.org>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n")]
    public async Task Nothing_in_the_text_ends_the_letter_and_begins_another(string text)
    {
        await using var server = await SmtpServer.Start();
        using var mailer = To(server);

        await mailer.Send(Plain with { Text = text });

        var arrived = Assert.Single(await server.Stop());
        Assert.Equal(["one", ".", "MAIL FROM:<evil@example.org>", "RCPT TO:<b@example.org>", "DATA"], arrived.Text.TrimEnd().ReplaceLineEndings("\n").Split('\n'));
        Assert.DoesNotMatch("\r(?!\n)|(?<!\r)\n", arrived.Raw);
    }

    [Fact]
    public async Task Without_a_mail_server_no_letter_is_begun()
    {
        using var mailer = On(new MailOptions());

        Assert.False(mailer.IsOn);
        await Assert.ThrowsAsync<InvalidOperationException>(() => mailer.Send(Plain));
    }

    private Mailer To(SmtpServer server) => On(Settings(server.Port));

    private Mailer On(MailOptions options) => new(options, new Clock(_time));

    private static MailOptions Settings(int port, string security = "none", string? user = null, string? password = null) => new()
    {
        SmtpHost = "127.0.0.1",
        SmtpPort = port,
        SmtpSecurity = security,
        SmtpUser = user,
        SmtpPassword = password,
        MailFrom = "Pharmacies <no-reply@pharmacies.example>",
    };

    // All that a log would show of it, whatever it was made from.
    private static void AssertKeepsSecrets(MailException failure, int port)
    {
        Assert.Contains($"127.0.0.1:{port}", failure.Message, StringComparison.Ordinal);
        foreach (var secret in new[] { Buyer, "camille", "secret", "Bonjour", "Marché" })
            Assert.DoesNotContain(secret, failure.ToString(), StringComparison.OrdinalIgnoreCase);
    }
}
