namespace Realtime.Web.Edge;

/// <summary>For how many calls one call to an endpoint counts: what keeps this node busy longer uses up its caller's quota sooner.</summary>
/// <param name="Of">The weight of a call, at least 1; told by its address alone.</param>
internal sealed record CallWeight(Func<HttpContext, int> Of)
{
    /// <summary>Of a call that may ask the schedules of the whole country: in the time it takes, as many ordinary ones are answered and more.</summary>
    public const int OfSchedules = 10;

    /// <summary>Of a call that is answered with an area of the map, which may hold thousands of pharmacies.</summary>
    public const int OfArea = 3;

    /// <summary>Of a call that brings a whole stock. A node reads few of them at a time, and of one pharmacy one: that is what holds them back.</summary>
    public const int OfFeed = 2;

    /// <summary>Of a call that measures the whole country, commune by commune.</summary>
    public const int OfCoverage = 20;

    /// <summary>Of one that asks every schedule of the country before it measures.</summary>
    public const int OfCoverageAt = 60;

    /// <summary>The weight of a call that has been routed; 1 where its endpoint says nothing.</summary>
    public static int Weigh(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<CallWeight>()?.Of(context) ?? 1;
}

/// <summary>Endpoints that weigh more.</summary>
internal static class CallWeights
{
    /// <summary>Every call counts for <paramref name="weight"/>.</summary>
    public static RouteHandlerBuilder Weighs(this RouteHandlerBuilder endpoint, int weight) => endpoint.WithMetadata(new CallWeight(_ => weight));

    /// <summary>A call counts for <paramref name="weight"/>, or where it names the parameter for <paramref name="with"/>.</summary>
    public static RouteHandlerBuilder Weighs(this RouteHandlerBuilder endpoint, int weight, QueryParameter parameter, int with) =>
        endpoint.WithMetadata(new CallWeight(context => context.Request.Query.ContainsKey(parameter.Name) ? with : weight));
}
