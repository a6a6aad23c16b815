namespace Realtime.Web.Identity;

/// <summary>How people and machines sign in to this process; read once at the start.</summary>
/// <param name="PublicUrl">The issuer of this service's own tokens.</param>
/// <param name="Simulator">Whether the demo's provider, its people and its client are there: in Development, with the demo on and no issuer named.</param>
/// <param name="Authority">The issuer where people sign in; null where that is the simulator, or nobody can.</param>
/// <param name="ClientId">This service's name there.</param>
/// <param name="ClientSecret">Its proof.</param>
internal sealed record SignInOptions(string PublicUrl, bool Simulator, string? Authority, string ClientId, string? ClientSecret)
{
    /// <summary>The scope under which Pro Santé Connect tells a professional's activities.</summary>
    public const string ScopeAll = "scope_all";

    /// <summary>The demo's client for scripts, and its secret: everybody's, so refused outside Development.</summary>
    public const string DemoClient = "demo", DemoSecret = "demo-secret";

    /// <summary>Whether people can sign in at all.</summary>
    public bool TakesPeople => Simulator || Authority is not null;

    /// <summary>Reads the settings.</summary>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">They do not fit together; the message names them.</exception>
    public static SignInOptions Read(WebApplicationBuilder builder)
    {
        var options = RealtimeOptions.Read(builder.Configuration);
        var development = builder.Environment.IsDevelopment();
        if (!development && options.SignInClientSecret == DemoSecret)
            throw RealtimeOptions.Refusal($"{RealtimeOptions.Variable(nameof(options.SignInClientSecret))}: '{DemoSecret}' is everybody's and serves Development only.");
        if (options.SignInAuthority is { Length: > 0 } && options.SignInClientId is not { Length: > 0 })
            throw RealtimeOptions.Refusal($"{RealtimeOptions.Variable(nameof(options.SignInClientId))}: the issuer must know this service by a name.");
        var authority = options.SignInAuthority is { Length: > 0 } named ? named : null;
        var simulator = development && (options.Demo ?? true) && authority is null;
        return new(options.PublicUrl, simulator, authority, simulator ? "realtime" : options.SignInClientId ?? "", options.SignInClientSecret);
    }
}

/// <summary>Where signing in happens.</summary>
internal static class Addresses
{
    /// <summary>The provider's own endpoints, by the standards.</summary>
    public const string Token = "/connect/token", Authorize = "/connect/authorize", UserInfo = "/connect/userinfo";

    /// <summary>Where a person begins, comes back to, and ends.</summary>
    public const string SignIn = "/signin", Callback = "/signin/callback", SignOut = "/signout";

    /// <summary>The page that a person came from and comes back to, of those where people sign in; the counter where nothing is said or nothing such is known.</summary>
    public static string PageOf(string? name) => name == "oncall" ? "/oncall" : "/counter";
}
