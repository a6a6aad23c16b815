using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Realtime.Mail;

namespace Realtime.Tests.Mail;

public sealed class MailExceptionTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_failure_crosses_between_silos_whole(bool isFinal)
    {
        using var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        var serializer = services.GetRequiredService<Serializer>();

        var crossed = Assert.IsType<MailException>(serializer.Deserialize<Exception>(serializer.SerializeToArray<Exception>(new MailException("The mail server is away.", isFinal))));

        Assert.Equal("The mail server is away.", crossed.Message);
        Assert.Equal(isFinal, crossed.IsFinal);
    }
}
