using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Realtime.Web.Identity;

/// <summary>Calls this very process, under whatever address it listens at, when the demo's sign-in talks to its own provider.</summary>
internal sealed class OwnAddress(IServer server) : DelegatingHandler(new SocketsHttpHandler())
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var address = server.Features.Get<IServerAddressesFeature>()!.Addresses.First();
        // A server that listens everywhere also listens on the loopback.
        var own = new Uri(address.Replace("//+", "//localhost", StringComparison.Ordinal).Replace("//*", "//localhost", StringComparison.Ordinal)
            .Replace("//[::]", "//localhost", StringComparison.Ordinal).Replace("//0.0.0.0", "//localhost", StringComparison.Ordinal));
        request.RequestUri = new Uri(own, request.RequestUri!.PathAndQuery);
        return base.SendAsync(request, cancellationToken);
    }
}
