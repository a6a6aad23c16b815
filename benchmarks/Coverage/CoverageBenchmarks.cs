using BenchmarkDotNet.Attributes;
using NodaTime;
using Realtime.Coverage;
using Realtime.Hours;
using Realtime.Nearest;
using Realtime.Pharmacies;

namespace Realtime.Benchmarks.Coverage;

/// <summary>Measuring every commune of France against the demo country at one instant; the table is ../shared/data/communes beside the project, or what REALTIME_COMMUNES names.</summary>
[MemoryDiagnoser]
public class CoverageBenchmarks
{
    private readonly DemoCountry country = DemoCountry.Create();
    private Communes communes = null!;
    private ServingPharmacy[] all = null!;
    private Schedule[] schedules = null!;
    private ServingPharmacy[] serving = null!;
    private CoverageMap map = null!;
    private Instant at;

    /// <summary>A Monday morning, when nearly everybody serves, and a Sunday night, when one in forty does.</summary>
    [Params("2026-11-23T09:00:00Z", "2026-11-29T02:00:00Z")]
    public string At { get; set; } = "";

    /// <summary>A fast wrong answer is a failed set-up.</summary>
    [GlobalSetup]
    public void Setup()
    {
        at = NodaTime.Text.InstantPattern.General.Parse(At).Value;
        if (!CommunesFile.TryRead(File.ReadAllBytes(Table()), out var reading, out var fault))
            throw new InvalidOperationException(fault.ToString());
        communes = Communes.Of("benchmark", reading.Communes);
        all = [.. country.Pharmacies.Select(p => new ServingPharmacy(p.Record.Id, new(p.Record.Latitude, p.Record.Longitude), communes.LandOf(p.Record)))];
        schedules = [.. country.Pharmacies.Select(p => new Schedule(country.ZoneOf(p.Record.Id), p.Record.Hours is { } hours ? OpeningHours.Parse(hours) : null, [], country.Duty(p.Record.Id)))];
        serving = Serving();
        map = CoverageMap.Of(communes, serving);
        Console.WriteLine($"// {communes.All.Count} communes, {serving.Length} of {all.Length} pharmacies serve");
        Parallel.For(0, communes.All.Count, i =>
        {
            var nearest = serving.Where(p => p.Land == communes.All[i].Landmass).Select(p => GreatCircle.DistanceMeters(communes.All[i].At, p.At)).DefaultIfEmpty(double.NaN).Min();
            if (!nearest.Equals(map.MetersOf(i) ?? double.NaN))
                throw new InvalidOperationException($"{communes.All[i].Name} is {nearest} m from the nearest, not {map.MetersOf(i)}.");
        });
    }

    /// <summary>Which pharmacies serve: every schedule is asked.</summary>
    [Benchmark]
    public ServingPharmacy[] Serving()
    {
        var serves = new bool[schedules.Length];
        Parallel.For(0, schedules.Length, i => serves[i] = schedules[i].StateAt(at) is ServiceState.Open or ServiceState.OnCall);
        return [.. all.Where((_, i) => serves[i])];
    }

    /// <summary>The distance of every commune.</summary>
    [Benchmark]
    public CoverageMap Measure() => CoverageMap.Of(communes, serving);

    /// <summary>The figures of the country and of every department.</summary>
    [Benchmark]
    public CoverageFigures[] Figures() => [CoverageFigures.Of(map), .. communes.Departments.Select(department => CoverageFigures.Of(map, department.Communes))];

    /// <summary>The distances with one more.</summary>
    [Benchmark]
    public CoverageMap OneMore() => map.With(all[0]);

    private static string Table()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
            if (Path.Combine(directory.FullName, "shared", "data", "communes", "communes.csv") is var file && File.Exists(file))
                return file;
        return Environment.GetEnvironmentVariable("REALTIME_COMMUNES") ?? throw new InvalidOperationException("Name the table of communes in REALTIME_COMMUNES.");
    }
}
