using NodaTime;
using Realtime.Products;

namespace Realtime.Benchmarks.Products;

/// <summary>The medicines database in the folder that <c>REALTIME_BDPM</c> names, or ../shared/data/bdpm beside the project; benchmarks on less would say nothing.</summary>
internal static class Medicines
{
    public static readonly Instant Now = Instant.FromUtc(2026, 11, 22, 12, 0);
    public static readonly DoseRules Rules = DoseRules.Of(mostBoxes: 5);

    public static string Folder => Environment.GetEnvironmentVariable("REALTIME_BDPM") ?? Find();

    public static Dictionary<string, byte[]> Files() => BdpmFolder.Files.ToDictionary(file => file, file => File.ReadAllBytes(Path.Combine(Folder, file)), StringComparer.Ordinal);

    public static BdpmSet Read(Dictionary<string, byte[]> files) => BdpmFolder.Read(file => files[file]).Set ?? throw new InvalidOperationException("The files are no good.");

    private static string Find()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
            if (Path.Combine(directory.FullName, "shared", "data", "bdpm") is var folder && Directory.Exists(folder))
                return folder;
        throw new InvalidOperationException("Name the folder of the medicines database in REALTIME_BDPM.");
    }
}
