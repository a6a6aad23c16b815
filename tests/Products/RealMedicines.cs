using NodaTime;
using Realtime.Products;

namespace Realtime.Tests.Products;

/// <summary>The medicines database of July 2025, read once for all tests that need it.</summary>
internal static class RealMedicines
{
    /// <summary>An instant at which the tests look at rules.</summary>
    public static Instant Now { get; } = Instant.FromUtc(2026, 11, 22, 12, 0);

    /// <summary>The product's rules, five boxes where no law says how many.</summary>
    public static DoseRules Rules { get; } = DoseRules.Of(mostBoxes: 5);

    private static readonly Lazy<BdpmReading> Lazily = new(() => BdpmFolder.Read(file => File.ReadAllBytes(Path.Combine(Folder, file))));
    private static readonly Lazy<Catalogue> LazyCatalogue = new(() => Catalogue.Of("july 2025", Lazily.Value.Set!, Rules, Now));

    /// <summary>The folder of the files; the test is skipped where there is none.</summary>
    public static string Folder => Path.GetDirectoryName(Campaign.SharedData("bdpm/CIS_bdpm.txt"))!;

    /// <summary>The whole set.</summary>
    public static BdpmSet Set
    {
        get
        {
            _ = Folder;
            return Lazily.Value.Set!;
        }
    }

    /// <summary>The catalogue of it.</summary>
    public static Catalogue Catalogue
    {
        get
        {
            _ = Folder;
            return LazyCatalogue.Value;
        }
    }

    /// <summary>A product of it.</summary>
    public static Product Find(string cip13) => Catalogue.TryFind(Cip13.Parse(cip13), out var product) ? product : throw new ArgumentException($"{cip13} is not in the catalogue.", nameof(cip13));
}
