namespace Realtime.Pharmacies;

/// <summary>A service that a pharmacy may offer, in the two languages of the pages.</summary>
/// <param name="Code">What records, queries and answers carry; never changes.</param>
/// <param name="French">Name on French pages.</param>
/// <param name="English">Name on English pages.</param>
public sealed record Service(string Code, string French, string English);

/// <summary>The services the engine knows, none of which favours a brand or a group.</summary>
public static class Services
{
    /// <summary>Every service, sorted by code.</summary>
    public static IReadOnlyList<Service> All { get; } =
    [
        new("homeDelivery", "Livraison à domicile", "Home delivery"),
        new("medicationReview", "Bilan partagé de médication", "Medication review"),
        new("orthopedics", "Orthopédie et matériel médical", "Orthopaedics and medical equipment"),
        new("parking", "Stationnement", "Parking"),
        new("rapidTests", "Tests rapides (TROD)", "Rapid diagnostic tests"),
        new("vaccination", "Vaccination", "Vaccination"),
        new("veterinary", "Médicaments vétérinaires", "Veterinary medicines"),
        new("wheelchairAccess", "Accès en fauteuil roulant", "Wheelchair access"),
    ];
}
