namespace Realtime.Tests;

/// <summary>What a run of the suite was asked for and where it finds the data it may use.</summary>
internal static class Campaign
{
    /// <summary>Whether the long campaigns were asked for (<c>./test.sh --long</c>).</summary>
    public static bool Long { get; } = Environment.GetEnvironmentVariable("REALTIME_LONG") == "1";

    /// <summary>The directory that holds Realtime.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The seed of this run's random data: REALTIME_SEED, else 20261122. Tests print it when they fail.</summary>
    public static int Seed { get; } = int.TryParse(Environment.GetEnvironmentVariable("REALTIME_SEED"), out var seed) ? seed : 20261122;

    /// <summary>A file of the open data beside the project; the test is skipped, saying so, where there is none.</summary>
    public static string SharedData(string relative)
    {
        var path = Path.Combine(Root, "..", "shared", "data", relative);
        Assert.SkipUnless(File.Exists(path), "skipped: no ../shared/data");
        return Path.GetFullPath(path);
    }

    private static string FindRoot()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
            if (File.Exists(Path.Combine(directory.FullName, "Realtime.sln")))
                return directory.FullName;
        throw new InvalidOperationException("The tests must run from a checkout that holds Realtime.sln.");
    }
}
