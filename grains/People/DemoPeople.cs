using Realtime.Identity;
using Realtime.Pharmacies;

namespace Realtime.People;

/// <summary>Somebody whom the demo's identity provider knows.</summary>
/// <param name="Number">A number with the form of an RPPS that nobody has.</param>
/// <param name="GivenName">First name.</param>
/// <param name="FamilyName">Last name.</param>
/// <param name="French">What they are, in words.</param>
/// <param name="Profession">Code of the profession in the national nomenclature: 21 pharmacist, 62 pharmacy technician; null for others.</param>
/// <param name="Pharmacies">Where they work, and as what.</param>
/// <param name="Grants">What else they may be, as <c>planner:75</c>.</param>
public sealed record DemoPerson(string Number, string GivenName, string FamilyName, string French, string? Profession, IReadOnlyList<(PharmacyId Id, TeamRole Role)> Pharmacies, IReadOnlyList<string> Grants)
{
    /// <summary>First and last name.</summary>
    public string Name => $"{GivenName} {FamilyName}";
}

/// <summary>The people of the demo, where it is on and the environment is Development; nobody elsewhere.</summary>
public sealed class DemoPeople
{
    private static readonly PharmacyId First = PharmacyId.Parse("990000010");
    private static readonly PharmacyId Second = PharmacyId.Parse("990000028");

    private readonly Sealing _sealing;

    /// <summary>Makes them.</summary>
    /// <param name="isOn">Whether there are any.</param>
    /// <param name="sealing">Seals their names as everybody's.</param>
    public DemoPeople(bool isOn, Sealing sealing)
    {
        _sealing = sealing;
        All = !isOn ? [] :
        [
            new("99900000011", "Claire", "Martin", "pharmacienne titulaire", "21", [(First, TeamRole.Titulaire)], []),
            new("99900000029", "Hugo", "Bernard", "pharmacien adjoint dans deux pharmacies", "21", [(First, TeamRole.Pharmacist), (Second, TeamRole.Pharmacist)], []),
            new("99900000037", "Inès", "Petit", "préparatrice", "62", [(First, TeamRole.Preparer)], []),
            new("99900000045", "Nadia", "Moreau", "planificatrice des gardes, Paris", "21", [], ["planner:75"]),
            new("99900000052", "Paul", "Girard", "régulateur, Paris", null, [], ["dispatcher:75"]),
            new("99900000060", "Sacha", "Lemoine", "exploitant du service", null, [], ["operator"]),
        ];
    }

    /// <summary>Everybody.</summary>
    public IReadOnlyList<DemoPerson> All { get; }

    /// <summary>The team that the demo gives a pharmacy before anything is written about it; null where it gives none.</summary>
    public Team? TeamOf(PharmacyId id)
    {
        var members = All.SelectMany(p => p.Pharmacies.Where(w => w.Id == id).Select(w => new Member(_sealing.PersonOf(p.Number), w.Role, _sealing.Seal(p.Name, Teams.StreamOf(id))))).OrderBy(m => m.Role).ToArray();
        return members.Length == 0 ? null : Team.Empty with { Members = members };
    }

    /// <summary>Every team that the demo gives.</summary>
    public IEnumerable<(PharmacyId Id, Team Team)> AllTeams => All.SelectMany(p => p.Pharmacies).Select(w => w.Id).Distinct().Select(id => (id, TeamOf(id)!));

    /// <summary>The national roles that the demo gives.</summary>
    public IEnumerable<Grant> Grants => All.SelectMany(p => p.Grants.Select(role => new Grant(_sealing.PersonOf(p.Number), role, _sealing.Seal(p.Name, GrantRules.Stream))));
}
