using System.Security.Claims;
using System.Text.Json;
using Realtime.Identity;
using Realtime.People;
using Realtime.Pharmacies;

namespace Realtime.Web.Identity;

/// <summary>
/// What an identity provider says of a person, in the words of Pro Santé Connect: <c>SubjectNameID</c> is the national number, and each activity of
/// <c>SubjectRefPro</c> names a structure by its FINESS number, and by section A of the Ordre's register that the person owns that pharmacy.
/// </summary>
/// <param name="Number">The national number, or another one of the provider's for those who have none.</param>
/// <param name="Name">First and last name.</param>
/// <param name="Owns">The pharmacies whose titulaire the person is.</param>
internal sealed record SignedInPerson(string Number, string Name, IReadOnlyList<PharmacyId> Owns)
{
    private const string Owner = "A";

    /// <summary>Reads the provider's answer; null where it names nobody.</summary>
    public static SignedInPerson? Read(JsonElement user)
    {
        if (Text(user, "SubjectNameID") is not { Length: > 0 } number)
            return null;
        var name = $"{Text(user, "given_name")} {Text(user, "family_name")}".Trim();
        var owns = new List<PharmacyId>();
        foreach (var practice in Items(user.TryGetProperty("SubjectRefPro", out var register) ? register : default, "exercices"))
            foreach (var activity in Items(practice, "activities"))
                if (Text(activity, "codeSectionPharmacien") == Owner && PharmacyId.TryParse(Text(activity, "numeroFinessSite"), out var id))
                    owns.Add(id);
        return new(NumberOf(number), name.Length > 0 ? name : "?", [.. owns.Distinct()]);
    }

    /// <summary>The number under which somebody's pseudonym is made: the RPPS where it is one, however it is written.</summary>
    public static string NumberOf(string number) => Rpps.TryParse(number, out var rpps) ? rpps.Value : number;

    /// <summary>The session: a pseudonym and a name, and nothing else of what the provider said.</summary>
    public ClaimsPrincipal ToSession(Sealing sealing, string scheme) =>
        new(new ClaimsIdentity([new(ClaimNames.Subject, sealing.PersonOf(Number)), new(ClaimNames.Name, Name)], scheme, ClaimNames.Name, ClaimNames.Role));

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static JsonElement.ArrayEnumerator Items(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : default;
}
