using NodaTime;
using Realtime.Hours;
using Realtime.OnCall;
using Realtime.Pharmacies;
using Realtime.Web.Edge;
using Realtime.Web.Live;

namespace Realtime.Web.OnCall;

// What planners send.

/// <summary>One kind of duty that a sector organises.</summary>
/// <param name="Kind">night, sundayOrHoliday or day.</param>
/// <param name="Disclosure">public or hidden.</param>
/// <param name="HorizonDays">How many days ahead public duty is shown; 7 where nothing is said.</param>
public sealed record SectorKindAsked(string Kind, string Disclosure, int? HorizonDays = null);

/// <summary>Whom the public calls.</summary>
/// <param name="Label">Whose number it is.</param>
/// <param name="Tel">The number.</param>
public sealed record CallAsked(string Label, string Tel);

/// <summary>A sector, all of it.</summary>
/// <param name="Name">As its people call it.</param>
/// <param name="Department">The department that runs it.</param>
/// <param name="Pharmacies">FINESS numbers, in the order of the rota.</param>
/// <param name="Kinds">Which duties it organises.</param>
/// <param name="Call">Whom the public calls where duty is hidden.</param>
/// <param name="CallFrom">From when on; absent for now.</param>
public sealed record SectorAsked(string Name, string Department, IReadOnlyList<string?> Pharmacies, IReadOnlyList<SectorKindAsked?> Kinds, IReadOnlyList<CallAsked?>? Call = null, string? CallFrom = null)
{
    private const int MostPharmacies = 500, MostCalls = 10, LongestName = 100;

    /// <summary>The sector, as far as it is right; the reader knows what is not.</summary>
    internal OnCallSector Read(BodyReader body, string code, Country country, Instant now) => new()
    {
        Code = code,
        Name = body.Text("$.name", Name, LongestName)!,
        Department = Department,
        Pharmacies = ReadPharmacies(body, country),
        Kinds = ReadKinds(body),
        Calls = Call is null ? [] : [new(body.Optional("$.callFrom", CallFrom) ?? now, ReadCalls(body))],
    };

    private List<PharmacyId> ReadPharmacies(BodyReader body, Country country)
    {
        var read = new List<PharmacyId>();
        if (Pharmacies.Count is 0 or > MostPharmacies)
            body.Refuse("$.pharmacies", new($"takes 1 to {MostPharmacies} FINESS numbers", $"attend de 1 à {MostPharmacies} numéros FINESS"));
        for (var i = 0; i < Pharmacies.Count && i < MostPharmacies; i++)
            if (!PharmacyId.TryParse(Pharmacies[i], out var id) || !country.TryFind(id, out _))
                body.Refuse($"$.pharmacies[{i}]", new("is not a pharmacy that is known here", "n'est pas une pharmacie connue ici"));
            else if (read.Contains(id))
                body.Refuse($"$.pharmacies[{i}]", new("is given twice", "est donnée deux fois"));
            else
                read.Add(id);
        return read;
    }

    private SectorKind[] ReadKinds(BodyReader body)
    {
        var read = new List<SectorKind>();
        if (Kinds.Count == 0)
            body.Refuse("$.kinds", new("takes at least one kind of duty", "attend au moins un type de garde"));
        for (var i = 0; i < Kinds.Count; i++)
        {
            var (path, asked) = ($"$.kinds[{i}]", Kinds[i]);
            if (asked is null || RotaWords.Kind(asked.Kind) is not { } kind)
                body.Refuse($"{path}.kind", RotaWords.KindSentence);
            else if (asked.Disclosure is not ("public" or "hidden"))
                body.Refuse($"{path}.disclosure", new("takes public or hidden", "attend public ou hidden"));
            else if (asked.HorizonDays is < 0 or > SectorKind.FurthestHorizonDays)
                body.Refuse($"{path}.horizonDays", new($"takes 0 to {SectorKind.FurthestHorizonDays} days", $"attend de 0 à {SectorKind.FurthestHorizonDays} jours"));
            else if (read.Exists(other => other.Kind == kind))
                body.Refuse($"{path}.kind", new("is given twice", "est donné deux fois"));
            else
                read.Add(new(kind, asked.Disclosure == "public" ? Disclosure.Public : Disclosure.Hidden, asked.HorizonDays ?? SectorKind.DefaultHorizonDays));
        }
        return [.. read];
    }

    private CallNumber[] ReadCalls(BodyReader body)
    {
        if (Call!.Count > MostCalls)
            body.Refuse("$.call", new($"takes at most {MostCalls}", $"en attend {MostCalls} au plus"));
        return [.. Call.Take(MostCalls).Select((call, i) => ReadCall(body, $"$.call[{i}]", call)).OfType<CallNumber>()];
    }

    private static CallNumber? ReadCall(BodyReader body, string path, CallAsked? call)
    {
        if (call is not null)
            return new(body.Text($"{path}.label", call.Label, LongestName)!, body.Phone($"{path}.tel", call.Tel)!);
        body.Refuse(path, new("must not be null", "ne doit pas être null"));
        return null;
    }
}

/// <summary>One duty.</summary>
/// <param name="Start">First instant.</param>
/// <param name="End">First instant after it.</param>
/// <param name="Kind">night, sundayOrHoliday or day.</param>
/// <param name="Pharmacy">FINESS number of who serves.</param>
/// <param name="Access">walkIn, bell or phoneFirst.</param>
/// <param name="Phone">The number of this duty, where it is not the pharmacy's own.</param>
/// <param name="Instructions">What to do on arrival, in French.</param>
/// <param name="InstructionsEn">The same in English.</param>
public sealed record DutyAsked(string Start, string End, string Kind, string Pharmacy, string Access, string? Phone = null, string? Instructions = null, string? InstructionsEn = null);

/// <summary>A sector's rota.</summary>
/// <param name="Periods">Its duties.</param>
/// <param name="From">What is planned from this instant on is replaced; absent: from the first duty on, or from now where there is none.</param>
public sealed record RotaAsked(IReadOnlyList<DutyAsked?> Periods, string? From = null)
{
    private const int LongestInstructions = 300;

    /// <summary>The duties, as far as they are right; the reader knows what is not.</summary>
    internal IReadOnlyList<Duty> Read(BodyReader body, string sector)
    {
        if (Periods.Count > RotaRules.MostDuties)
            body.Refuse("$.periods", new($"takes at most {RotaRules.MostDuties} duties", $"en attend {RotaRules.MostDuties} au plus"));
        return [.. Periods.Take(RotaRules.MostDuties).Select((asked, i) => Read(body, $"$.periods[{i}]", sector, asked)).OfType<Duty>()];
    }

    private static Duty? Read(BodyReader body, string path, string sector, DutyAsked? asked)
    {
        if (asked is null)
        {
            body.Refuse(path, new("must not be null", "ne doit pas être null"));
            return null;
        }
        var (kind, access) = (RotaWords.Kind(asked.Kind), RotaWords.Access(asked.Access));
        if (kind is null)
            body.Refuse($"{path}.kind", RotaWords.KindSentence);
        if (access is null)
            body.Refuse($"{path}.access", RotaWords.AccessSentence);
        if (!PharmacyId.TryParse(asked.Pharmacy, out var pharmacy))
            body.Refuse($"{path}.pharmacy", new("takes a FINESS number: nine characters, the last a check digit", "attend un numéro FINESS : neuf caractères, le dernier étant une clé"));
        return new(sector, pharmacy, new(
            PackedDuties.AsStored(body.Moment($"{path}.start", asked.Start)), PackedDuties.AsStored(body.Moment($"{path}.end", asked.End)), kind ?? default, access ?? default,
            body.Phone($"{path}.phone", asked.Phone), body.Prose($"{path}.instructions", asked.Instructions, LongestInstructions), body.Prose($"{path}.instructionsEn", asked.InstructionsEn, LongestInstructions)));
    }
}

/// <summary>What names a duty.</summary>
/// <param name="Sector">Code of its sector.</param>
/// <param name="Kind">night, sundayOrHoliday or day.</param>
/// <param name="Start">First instant.</param>
/// <param name="Pharmacy">FINESS number of who serves.</param>
public sealed record DutyKeyAsked(string Sector, string Kind, string Start, string Pharmacy)
{
    internal DutyKey Read(BodyReader body, string path)
    {
        if (RotaWords.Kind(Kind) is not { } kind)
            body.Refuse($"{path}.kind", RotaWords.KindSentence);
        if (!PharmacyId.TryParse(Pharmacy, out var pharmacy))
            body.Refuse($"{path}.pharmacy", new("takes a FINESS number: nine characters, the last a check digit", "attend un numéro FINESS : neuf caractères, le dernier étant une clé"));
        return new(Sector, RotaWords.Kind(Kind) ?? default, PackedDuties.AsStored(body.Moment($"{path}.start", Start)), pharmacy);
    }
}

/// <summary>An exchange that is offered.</summary>
/// <param name="Give">The duty of whoever offers.</param>
/// <param name="Take">The duty of the other pharmacy.</param>
public sealed record SwapAsked(DutyKeyAsked Give, DutyKeyAsked Take);

/// <summary>Why a planner refuses.</summary>
public sealed record RefusalAsked(string? Reason = null);

/// <summary>Which drafts are published.</summary>
public sealed record PublicationAsked(IReadOnlyList<string?> Sectors);

/// <summary>A measure to be taken.</summary>
/// <param name="Kind">exemption, strike, requisition or closure.</param>
/// <param name="Start">First instant.</param>
/// <param name="End">First instant after it, at most a year later.</param>
/// <param name="Reason">In words; those of a closure are shown to the public.</param>
/// <param name="Pharmacies">Whom it concerns; absent for all.</param>
/// <param name="Sector">Code of the sector, for a strike of one sector or a requisition.</param>
/// <param name="Reference">The arrêté that orders a requisition.</param>
/// <param name="Duty">Which duty a requisition orders: night, sundayOrHoliday or day.</param>
/// <param name="Access">How one gets in there.</param>
public sealed record MeasureAsked(string Kind, string Start, string End, string Reason, IReadOnlyList<string?>? Pharmacies = null, string? Sector = null, string? Reference = null, string? Duty = null, string? Access = null)
{
    private const int LongestReason = 200, MostPharmacies = 500;

    /// <summary>The measure, as far as it is right; the reader knows what is not.</summary>
    internal Measure Read(BodyReader body)
    {
        if (RotaWords.Measure(Kind) is not { } kind)
            body.Refuse("$.kind", new("takes exemption, strike, requisition or closure", "attend exemption, strike, requisition ou closure"));
        if (Duty is not null && RotaWords.Kind(Duty) is null)
            body.Refuse("$.duty", RotaWords.KindSentence);
        if (Access is not null && RotaWords.Access(Access) is null)
            body.Refuse("$.access", RotaWords.AccessSentence);
        return new("", RotaWords.Measure(Kind) ?? default, body.Moment("$.start", Start), body.Moment("$.end", End), body.Text("$.reason", Reason, LongestReason)!, ReadPharmacies(body),
            Sector, body.Text("$.reference", Reference, LongestReason), Duty is null ? null : RotaWords.Kind(Duty), Access is null ? null : RotaWords.Access(Access));
    }

    private List<PharmacyId> ReadPharmacies(BodyReader body)
    {
        var read = new List<PharmacyId>();
        if (Pharmacies?.Count > MostPharmacies)
            body.Refuse("$.pharmacies", new($"takes at most {MostPharmacies} FINESS numbers", $"attend au plus {MostPharmacies} numéros FINESS"));
        for (var i = 0; i < (Pharmacies?.Count ?? 0) && i < MostPharmacies; i++)
            if (PharmacyId.TryParse(Pharmacies![i], out var id))
                read.Add(id);
            else
                body.Refuse($"$.pharmacies[{i}]", new("takes a FINESS number: nine characters, the last a check digit", "attend un numéro FINESS : neuf caractères, le dernier étant une clé"));
        return read;
    }
}

/// <summary>The API's words for what rotas hold.</summary>
internal static class RotaWords
{
    public static readonly Sentence KindSentence = new("takes night, sundayOrHoliday or day", "attend night, sundayOrHoliday ou day");
    public static readonly Sentence AccessSentence = new("takes walkIn, bell or phoneFirst", "attend walkIn, bell ou phoneFirst");

    public static OnCallKind? Kind(string? word) => word switch
    {
        "night" => OnCallKind.Night,
        "sundayOrHoliday" => OnCallKind.SundayOrHoliday,
        "day" => OnCallKind.Day,
        _ => null,
    };

    public static string Of(OnCallKind kind) => Realtime.OnCall.RotaWords.Of(kind, french: false);

    public static Access? Access(string? word) => word switch
    {
        "walkIn" => Realtime.Hours.Access.WalkIn,
        "bell" => Realtime.Hours.Access.Bell,
        "phoneFirst" => Realtime.Hours.Access.PhoneFirst,
        _ => null,
    };

    public static MeasureKind? Measure(string? word) => word switch
    {
        "exemption" => MeasureKind.Exemption,
        "strike" => MeasureKind.Strike,
        "requisition" => MeasureKind.Requisition,
        "closure" => MeasureKind.Closure,
        _ => null,
    };

    public static string Of(MeasureKind kind) => kind switch
    {
        MeasureKind.Exemption => "exemption",
        MeasureKind.Strike => "strike",
        MeasureKind.Requisition => "requisition",
        _ => "closure",
    };
}
