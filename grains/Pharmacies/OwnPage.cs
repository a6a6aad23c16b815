using System.Text.Json.Serialization;
using NodaTime;

namespace Realtime.Pharmacies;

/// <summary>What a pharmacy's own team says on its page; it stands as a whole, and wins over imported files.</summary>
/// <param name="Phone">Telephone, or null where none is to be shown.</param>
/// <param name="Services">Codes of the services offered (see <see cref="Pharmacies.Services"/>), sorted.</param>
/// <param name="News">Dated entries, in the order of the team.</param>
/// <param name="Modules">What is switched on.</param>
/// <param name="Mentions">The legal mentions that the pharmacy states, or null.</param>
[GenerateSerializer, Immutable, Alias("realtime.OwnPage")]
public sealed record OwnPage(
    [property: Id(0)] string? Phone,
    [property: Id(1)] IReadOnlyList<string> Services,
    [property: Id(2)] IReadOnlyList<NewsEntry> News,
    [property: Id(3)] Modules Modules,
    [property: Id(4)] Mentions? Mentions);

/// <summary>One piece of news.</summary>
/// <param name="At">Its date.</param>
/// <param name="Text">In the words of the pharmacy.</param>
/// <param name="Until">From when on it is no longer shown; null where it stays.</param>
[GenerateSerializer, Immutable, Alias("realtime.NewsEntry")]
public sealed record NewsEntry([property: Id(0)] Instant At, [property: Id(1)] string Text, [property: Id(2)] Instant? Until);

/// <summary>What a pharmacy switches on for its patients; everything is off until it does.</summary>
/// <param name="ClickAndCollect">Patients order ahead and collect.</param>
/// <param name="Questions">The questionnaire before an order is asked.</param>
/// <param name="Confirmation">A pharmacist confirms each order by a message of his own.</param>
/// <param name="OnCallOrders">Orders are taken during public on-call duty too.</param>
/// <param name="Appointments">Patients book appointments.</param>
/// <param name="Advice">Patients ask for advice.</param>
/// <param name="DoseAlert">An order with more of a substance than the limit is taken and marked for the pharmacist, instead of refused; the law allows either.</param>
[GenerateSerializer, Immutable, Alias("realtime.Modules")]
public sealed record Modules(
    [property: Id(0)] bool ClickAndCollect = false,
    [property: Id(1)] bool Questions = false,
    [property: Id(2)] bool Confirmation = false,
    [property: Id(3)] bool OnCallOrders = false,
    [property: Id(4)] bool Appointments = false,
    [property: Id(5)] bool Advice = false,
    [property: Id(6), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool DoseAlert = false);

/// <summary>
/// The legal mentions of a pharmacy that sells at a distance, as it states them itself; none is made up for it. The list is that of the Ordre
/// national des pharmaciens, "Site internet de vente en ligne de médicaments" (read 2026-11-22).
/// </summary>
[GenerateSerializer, Immutable, Alias("realtime.Mentions")]
public sealed record Mentions
{
    /// <summary>Name of the legal entity (raison sociale).</summary>
    [Id(0)] public string? LegalName { get; init; }

    /// <summary>Names of the pharmacists responsible.</summary>
    [Id(1)] public string? Pharmacists { get; init; }

    /// <summary>Their national numbers (RPPS).</summary>
    [Id(2)] public string? Rpps { get; init; }

    /// <summary>Number of the licence.</summary>
    [Id(3)] public string? Licence { get; init; }

    /// <summary>E-mail address.</summary>
    [Id(4)] public string? Email { get; init; }

    /// <summary>Name of the host of health data, and how to reach it.</summary>
    [Id(5)] public string? Host { get; init; }

    /// <summary>The regional health agency (ARS) and its address.</summary>
    [Id(6)] public string? Ars { get; init; }

    /// <summary>How to reach the medicines agency (ANSM).</summary>
    [Id(7)] public string? Ansm { get; init; }

    /// <summary>VAT number.</summary>
    [Id(8)] public string? Vat { get; init; }

    /// <summary>Code of the activity (APE).</summary>
    [Id(9)] public string? Ape { get; init; }

    /// <summary>Entry in the trade register (RCS).</summary>
    [Id(10)] public string? Rcs { get; init; }

    /// <summary>Share capital.</summary>
    [Id(11)] public string? Capital { get; init; }

    /// <summary>SIRET number.</summary>
    [Id(12)] public string? Siret { get; init; }
}

/// <summary>The pharmacy takes no orders for a while.</summary>
/// <param name="Since">First instant.</param>
/// <param name="Until">First instant after it; null where nobody has said.</param>
/// <param name="Reason">Shown to the public, in the words of the pharmacy.</param>
public sealed record Pause(Instant Since, Instant? Until, string Reason)
{
    /// <summary>Whether it holds at an instant.</summary>
    public bool HoldsAt(Instant at) => Until is null || at < Until;
}
