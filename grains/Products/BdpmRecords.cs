namespace Realtime.Products;

// One record type per file of the public medicines database (base de données publique des médicaments, BDPM; open data, ANSM, HAS and UNCAM),
// with the columns that the product uses, as the files state them.

/// <summary>A medicine as authorised.</summary>
internal sealed record Speciality(string Cis, string Name, string Form, string Routes, string Authorisation, string Marketing, string Holder);

/// <summary>A box of it; the price in euro cents, dispensing fee included, is null where it is free.</summary>
internal sealed record Presentation(string Cis, Cip13 Cip13, string Label, string Status, string Marketing, int? PriceCents);

/// <summary>
/// A substance of one of its elements. The dosage, as <c>400 mg</c>, may be empty; the reference is what it is of, as <c>un comprimé</c>; a row is the
/// therapeutic fraction (FT) of the salt that has a row of the same link.
/// </summary>
internal sealed record Component(string Cis, string Element, string Code, string Substance, string Dosage, string Reference, bool IsMoiety, string Link);

/// <summary>A condition of prescription or dispensing.</summary>
internal sealed record Condition(string Cis, string Text);

/// <summary>Membership of a generic group.</summary>
internal sealed record GroupMember(string Group, string Cis, string Kind);

/// <summary>A disruption of supply, of one box or, where there is none, of every box of the medicine: 1 out of stock, 2 tension, 3 stopped, 4 available again.</summary>
internal sealed record Disruption(string Cis, Cip13? Cip13, int Code, string Start, string Updated, string Back, string Link);

/// <summary>A medicine whose absence would endanger patients.</summary>
internal sealed record MajorInterest(string Cis, string Atc);

/// <summary>A whole set of files, read.</summary>
internal sealed record BdpmSet(
    IReadOnlyList<Speciality> Specialities,
    IReadOnlyList<Presentation> Presentations,
    IReadOnlyList<Component> Components,
    IReadOnlyList<Condition> Conditions,
    IReadOnlyList<GroupMember> Groups,
    IReadOnlyList<Disruption> Disruptions,
    IReadOnlyList<MajorInterest> MajorInterests)
{
    /// <summary>Nothing at all.</summary>
    public static BdpmSet Empty { get; } = new([], [], [], [], [], [], []);

    /// <summary>Records of all files together.</summary>
    public int Count => Specialities.Count + Presentations.Count + Components.Count + Conditions.Count + Groups.Count + Disruptions.Count + MajorInterests.Count;
}
