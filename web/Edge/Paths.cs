using Microsoft.AspNetCore.SignalR;

namespace Realtime.Web.Edge;

/// <summary>To which part of the service a call goes, told as routing tells it: whoever guards a part must see in it every address that routing sends there.</summary>
internal static class Paths
{
    /// <summary>Whether the address lies under a path, in whatever case it is written; for what stands before the routing, which alone cannot ask the endpoint.</summary>
    public static bool IsUnder(this HttpContext context, PathString path) => context.Request.Path.StartsWithSegments(path);

    /// <summary>Whether the routing sends the call to a hub, to negotiate or to connect.</summary>
    public static bool IsForHub(this HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<HubMetadata>() is not null;
}
