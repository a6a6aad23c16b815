using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Realtime.Mail;

namespace Realtime.Tests.Mail;

public sealed class MailOptionsTests
{
    [Fact]
    public void Without_settings_no_mail_is_sent()
    {
        var options = Read();

        Assert.Equal((null, 587, "starttls"), (options.SmtpHost, options.SmtpPort, options.SmtpSecurity));
    }

    [Theory]
    [InlineData("SmtpHost=mail.example", "MailFrom=no-reply@pharmacies.example")]
    [InlineData("SmtpHost=192.0.2.1", "MailFrom=Pharmacies <no-reply@pharmacies.example>", "SmtpUser=u", "SmtpPassword=p", "SmtpSecurity=tls", "SmtpPort=465")]
    [InlineData("SmtpHost=localhost", "MailFrom=a@b.example", "SmtpSecurity=none")]
    [InlineData("SmtpHost=127.0.0.2", "MailFrom=a@b.example", "SmtpSecurity=none")]
    [InlineData("SmtpHost=::1", "MailFrom=a@b.example", "SmtpSecurity=none")]
    [InlineData("SmtpHost=", "MailFrom=", "SmtpUser=", "SmtpPassword=", "SmtpSecurity=")]
    public void Complete_settings_are_taken(params string[] settings) => Read(settings);

    [Theory]
    [InlineData("MailFrom", "SmtpHost=mail.example")]
    [InlineData("MailFrom", "SmtpHost=mail.example", "MailFrom=nobody")]
    [InlineData("MailFrom", "SmtpHost=mail.example", "MailFrom=a@b.example, c@d.example")]
    [InlineData("MailFrom", "SmtpHost=mail.example", "MailFrom=a@b.example\r\nBcc: c@d.example")]
    [InlineData("MailFrom", "MailFrom=nobody")]
    [InlineData("SmtpHost", "SmtpHost=mail example", "MailFrom=a@b.example")]
    [InlineData("SmtpHost", "SmtpHost=mail.example:25", "MailFrom=a@b.example")]
    [InlineData("SmtpHost", "SmtpHost=smtp://mail.example", "MailFrom=a@b.example")]
    [InlineData("SmtpPort", "SmtpPort=0")]
    [InlineData("SmtpPort", "SmtpPort=65536")]
    [InlineData("SmtpPort", "SmtpPort=smtp")]
    [InlineData("MailWaitMilliseconds", "MailWaitMilliseconds=99")]
    [InlineData("SmtpSecurity", "SmtpSecurity=ssl")]
    [InlineData("SmtpSecurity", "SmtpSecurity=none", "SmtpHost=mail.example", "MailFrom=a@b.example")]
    [InlineData("SmtpSecurity", "SmtpSecurity=none", "SmtpHost=localhost.example", "MailFrom=a@b.example")]
    [InlineData("SmtpPassword", "SmtpUser=u", "SmtpHost=mail.example", "MailFrom=a@b.example")]
    [InlineData("SmtpUser", "SmtpPassword=hush", "SmtpHost=mail.example", "MailFrom=a@b.example")]
    public void A_wrong_or_incomplete_setting_is_refused_with_its_name(string name, params string[] settings)
    {
        var refusal = Assert.Throws<OptionsValidationException>(() => Read(settings));

        Assert.StartsWith($"Realtime__{name}: ", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_stops_the_start()
    {
        var data = Directory.CreateTempSubdirectory("realtime-mail-").FullName;
        using var web = ProductProcess.Web(data, demo: false, out var client, ("Realtime__SmtpHost", "mail.example"));
        client.Dispose();

        var (exitCode, _, errors) = await web.End(TimeSpan.FromSeconds(30));

        Directory.Delete(data, recursive: true);
        Assert.Equal(1, exitCode);
        Assert.Contains("Realtime__MailFrom", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    private static MailOptions Read(params string[] settings) => MailOptions.Read(new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create<string, string?>($"Realtime:{setting.Split('=', 2)[0]}", setting.Split('=', 2)[1])))
        .Build());
}
