namespace Realtime.Web.Edge;

/// <summary>Response headers that tell browsers to trust nothing that is not ours, and caches to keep nothing that is not everybody's.</summary>
internal static class Headers
{
    /// <summary>Where the readable reference is.</summary>
    public const string ReferencePath = "/docs";

    // What is under these is somebody's, or of this second: it is kept by no cache unless the endpoint says otherwise.
    private static readonly PathString[] Unkept = ["/api", "/connect", "/hubs", "/signin"];

    private static readonly HeaderPolicyCollection Everywhere = Policy(reference: false);
    private static readonly HeaderPolicyCollection Reference = Policy(reference: true);

    /// <summary>Before everything that answers.</summary>
    public static void UseHeaders(this IApplicationBuilder app)
    {
        app.UseWhen(context => context.IsUnder(ReferencePath), reference => reference.UseSecurityHeaders(Reference));
        app.UseWhen(context => !context.IsUnder(ReferencePath), others => others.UseSecurityHeaders(Everywhere));
        app.Use((context, next) =>
        {
            if (Array.Exists(Unkept, context.IsUnder))
                context.Response.Headers.CacheControl = "no-store";
            return next(context);
        });
    }

    private static HeaderPolicyCollection Policy(bool reference) => new HeaderPolicyCollection()
        .AddContentTypeOptionsNoSniff()
        .AddFrameOptionsDeny()
        // To this origin only: an address may name a town.
        .AddReferrerPolicySameOrigin()
        // Over https only. Subdomains are somebody else's to promise for.
        .AddStrictTransportSecurityMaxAge((int)TimeSpan.FromDays(365).TotalSeconds)
        .AddCrossOriginOpenerPolicy(opener => opener.SameOrigin())
        .AddCrossOriginResourcePolicy(resource => resource.SameOrigin())
        .AddContentSecurityPolicy(csp =>
        {
            csp.AddDefaultSrc().Self();
            csp.AddConnectSrc().Self();
            csp.AddImgSrc().Self().Data();
            var (script, style) = (csp.AddScriptSrc().Self(), csp.AddStyleSrc().Self());
            if (reference)
            {
                // Its library starts by an inline script, which a nonce admits alone, and writes its styles into the page as it draws,
                // which no nonce can. It shows nobody's data.
                script.WithNonce();
                style.UnsafeInline();
            }
            csp.AddWorkerSrc().Self();
            csp.AddManifestSrc().Self();
            csp.AddObjectSrc().None();
            csp.AddBaseUri().Self();
            csp.AddFormAction().Self();
            csp.AddFrameAncestors().None();
        })
        .AddPermissionsPolicy(policy =>
        {
            policy.AddGeolocation().Self();
            policy.AddCamera().None();
            policy.AddMicrophone().None();
            policy.AddDisplayCapture().None();
            policy.AddPayment().None();
            policy.AddUsb().None();
        });
}
