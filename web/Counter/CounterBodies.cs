using System.Text.Json.Serialization;
using NodaTime;
using Realtime.Pharmacies;
using Realtime.Web.Edge;
using Realtime.Web.Pharmacies;

namespace Realtime.Web.Counter;

/// <summary>Hours to be set.</summary>
/// <param name="Hours">OSM syntax, or null for "not stated".</param>
public sealed record HoursAsked(string? Hours);

/// <summary>A closure to be declared.</summary>
/// <param name="Start">First instant.</param>
/// <param name="End">First instant after it, at most a year later.</param>
/// <param name="Reason">For the public, in the words of the pharmacy.</param>
/// <param name="ReliefPharmacy">The pharmacy that takes over, where one does.</param>
public sealed record ClosureAsked(string Start, string End, string Reason, string? ReliefPharmacy = null);

/// <summary>A pause of orders.</summary>
/// <param name="Reason">For the public, in the words of the pharmacy.</param>
/// <param name="Until">First instant at which orders are taken again; absent where nobody knows.</param>
public sealed record PauseAsked(string Reason, string? Until = null);

/// <summary>One piece of news.</summary>
/// <param name="Text">In the words of the pharmacy.</param>
/// <param name="At">Its date; absent for now.</param>
/// <param name="Until">From when on it is no longer shown; absent where it stays.</param>
public sealed record NewsAsked(string Text, string? At = null, string? Until = null);

/// <summary>What the pharmacy states of itself, as the law wants it of those that sell at a distance; members as in the answer's <c>mentions</c>.</summary>
public sealed record MentionsAsked(
    string? LegalName = null, string? Pharmacists = null, string? Rpps = null, string? Licence = null, string? Email = null, string? Host = null, string? Ars = null,
    string? Ansm = null, string? Vat = null, string? Ape = null, string? Rcs = null, string? Capital = null, string? Siret = null);

/// <summary>A page to be written, all of it.</summary>
/// <param name="Phone">Telephone, or null where none is to be shown.</param>
/// <param name="Services">Codes of <c>GET /api/v1/services</c>.</param>
/// <param name="News">At most ten.</param>
/// <param name="Modules">What is switched on; what is not named is off.</param>
/// <param name="Mentions">Absent: they stay as they are. An empty object takes them back.</param>
public sealed record PageAsked(string? Phone, IReadOnlyList<string?> Services, IReadOnlyList<NewsAsked?> News, ModulesItem Modules, MentionsAsked? Mentions = null)
{
    private const int MostNews = 10;
    private const int LongestNews = 500;
    private const int LongestMention = 200;

    /// <summary>The page, as far as it is right; the reader knows what is not.</summary>
    internal OwnPage Read(BodyReader body, Instant now) => new(
        body.Phone("$.phone", Phone), ReadServices(body), ReadNews(body, now),
        new(Modules.ClickAndCollect, Modules.Questions, Modules.Confirmation, Modules.OnCallOrders, Modules.Appointments, Modules.Advice, Modules.DoseAlert),
        ReadMentions(body));

    private string[] ReadServices(BodyReader body)
    {
        for (var i = 0; i < Services.Count; i++)
            if (!Realtime.Pharmacies.Services.All.Any(service => service.Code == Services[i]))
                body.Refuse($"$.services[{i}]", new("is not a service of GET /api/v1/services", "n'est pas un service de GET /api/v1/services"));
        return [.. Services.OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    private NewsEntry[] ReadNews(BodyReader body, Instant now)
    {
        if (News.Count > MostNews)
            body.Refuse("$.news", new($"takes at most {MostNews}", $"en attend {MostNews} au plus"));
        return [.. News.Take(MostNews).Select((entry, i) => ReadNews(body, $"$.news[{i}]", entry, now))];
    }

    private static NewsEntry ReadNews(BodyReader body, string path, NewsAsked? entry, Instant now)
    {
        if (entry is null)
        {
            body.Refuse(path, new("must not be null", "ne doit pas être null"));
            return new(now, "", null);
        }
        var (at, until) = (body.Optional($"{path}.at", entry.At) ?? now, body.Optional($"{path}.until", entry.Until));
        if (until <= at)
            body.Refuse($"{path}.until", new("must be later than at", "doit être postérieur à at"));
        return new(at, body.Text($"{path}.text", entry.Text, LongestNews)!, until);
    }

    private Mentions? ReadMentions(BodyReader body)
    {
        string? Text(string name, string? text) => body.Text($"$.mentions.{name}", text, LongestMention);
        return Mentions is not { } m ? null : new()
        {
            LegalName = Text("legalName", m.LegalName),
            Pharmacists = Text("pharmacists", m.Pharmacists),
            Rpps = Text("rpps", m.Rpps),
            Licence = Text("licence", m.Licence),
            Email = Text("email", m.Email),
            Host = Text("host", m.Host),
            Ars = Text("ars", m.Ars),
            Ansm = Text("ansm", m.Ansm),
            Vat = Text("vat", m.Vat),
            Ape = Text("ape", m.Ape),
            Rcs = Text("rcs", m.Rcs),
            Capital = Text("capital", m.Capital),
            Siret = Text("siret", m.Siret),
        };
    }
}

/// <summary>A change was made.</summary>
/// <param name="Seq">The page's version after it; <c>ETag</c> says the same.</param>
public sealed record ChangeAnswer(long Seq);

/// <summary>A closure was declared.</summary>
public sealed record ClosureAnswer(
    string Id, string Start, string End, string Reason,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ReliefPharmacy, long Seq);

/// <summary>Orders are paused.</summary>
public sealed record PauseAnswer(PauseItem Paused, long Seq);
