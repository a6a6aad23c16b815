using System.Text.Json.Serialization;
using Realtime.Coverage;
using Realtime.Web.Edge;
using Realtime.Web.Nearest;

namespace Realtime.Web.Coverage;

/// <summary>Communes, and the people in them.</summary>
public sealed record PeopleItem(int Communes, long Population)
{
    internal static PeopleItem Of(PeopleOf people) => new(people.Communes, people.Population);
}

/// <summary>Those who are further than so many metres.</summary>
public sealed record BeyondItem(int Meters, int Communes, long Population)
{
    internal static IReadOnlyList<BeyondItem> Of(IReadOnlyList<PeopleOf> people) =>
        [.. people.Select((one, i) => new BeyondItem(CoverageFigures.Classes[i], one.Communes, one.Population))];
}

/// <summary>How far people have to go: weighted by population, whole metres; null where nobody is reached. Who is on land where nobody serves is counted apart.</summary>
public sealed record FiguresItem(long Population, int? MeanMeters, int? MedianMeters, int? P90Meters, IReadOnlyList<BeyondItem> Beyond, PeopleItem Unreached)
{
    internal static FiguresItem Of(CoverageFigures figures) => new(
        figures.Population, Metres(figures.MeanMeters), Metres(figures.MedianMeters), Metres(figures.P90Meters), BeyondItem.Of(figures.Beyond), PeopleItem.Of(figures.Unreached));

    internal static int? Metres(double? meters) => meters is { } some ? NearestQuery.Metres(some) : null;
}

/// <summary>The figures of a department, and where its people live on average.</summary>
public sealed record DepartmentCoverage(string Department, double Lat, double Lon, FiguresItem Figures)
{
    internal static DepartmentCoverage Of(CoverageView view, int department)
    {
        var of = view.Map.Communes.Departments[department];
        var centre = view.Map.Communes.CentreOf(of);
        return new(of.Code, centre.Latitude, centre.Longitude, FiguresItem.Of(view.Departments[department]));
    }
}

/// <summary>A commune, and how far it is from the nearest pharmacy that serves on its own land; null where none does.</summary>
public sealed record CommuneCoverage(string Insee, string Name, double Lat, double Lon, int Population, string Landmass, int? Meters, string? Pharmacy)
{
    internal static CommuneCoverage Of(CoverageMap map, int commune)
    {
        var of = map.Communes.All[commune];
        return new(of.Insee, of.Name, of.At.Latitude, of.At.Longitude, of.Population, of.Landmass.Code, FiguresItem.Metres(map.MetersOf(commune)), map.NearestOf(commune)?.Value);
    }
}

/// <summary>The coverage of a country, and of its departments or of one with its communes.</summary>
/// <param name="At">The instant that it is of.</param>
/// <param name="AsOf">Everything known before this instant is in the answer.</param>
/// <param name="Source">Where the communes come from: an <c>import</c>, or the <c>demo</c>, whose towns stand in for them.</param>
/// <param name="Country">The figures of the country.</param>
/// <param name="Departments">By code; the one asked for, or all.</param>
/// <param name="Communes">Those of the department asked for, by INSEE code; else none.</param>
public sealed record CoverageAnswer(
    string At, string AsOf, string Source, FiguresItem Country, IReadOnlyList<DepartmentCoverage> Departments, IReadOnlyList<CommuneCoverage> Communes)
{
    internal static CoverageAnswer Of(CoverageView view, int? department) => new(
        Moments.Utc(view.At), Moments.Utc(view.AsOf), view.Map.Communes.IsStandIn ? "demo" : "import", FiguresItem.Of(view.Country),
        [.. Enumerable.Range(0, view.Departments.Length).Where(one => department is null || one == department).Select(one => DepartmentCoverage.Of(view, one))],
        department is { } chosen ? CommunesOf(view.Map, chosen) : []);

    /// <summary>The communes of a department.</summary>
    internal static IReadOnlyList<CommuneCoverage> CommunesOf(CoverageMap map, int department)
    {
        var (start, count) = map.Communes.Departments[department].Communes.GetOffsetAndLength(map.Communes.All.Count);
        return [.. Enumerable.Range(start, count).Select(commune => CommuneCoverage.Of(map, commune))];
    }
}

/// <summary>The figures of a country or a department without and with one more pharmacy that serves.</summary>
/// <param name="Before">Without it.</param>
/// <param name="After">With it.</param>
/// <param name="Nearer">Who would have less far to go, or could go at all.</param>
/// <param name="Reached">Who among them could go nowhere.</param>
/// <param name="Leaving">Who had further to go than so many metres and would no longer.</param>
public sealed record ChangeItem(FiguresItem Before, FiguresItem After, PeopleItem Nearer, PeopleItem Reached, IReadOnlyList<BeyondItem> Leaving)
{
    internal static ChangeItem Of(CoverageChange change) => new(
        FiguresItem.Of(change.Before), FiguresItem.Of(change.After), PeopleItem.Of(change.Nearer), PeopleItem.Of(change.Reached), BeyondItem.Of(change.Leaving));
}

/// <summary>The change of a department.</summary>
public sealed record DepartmentChange(string Department, ChangeItem Change);

/// <summary>What a commune would gain.</summary>
public sealed record GainItem(string Insee, string Name, string Department, int Population, int? BeforeMeters, int AfterMeters)
{
    internal static GainItem Of(CommuneGain gain) => new(
        gain.Commune.Insee, gain.Commune.Name, gain.Commune.Department, gain.Commune.Population, FiguresItem.Metres(gain.BeforeMeters), NearestQuery.Metres(gain.AfterMeters));
}

/// <summary>What one more duty would change.</summary>
/// <param name="At">The instant that it is of.</param>
/// <param name="AsOf">Everything known before this instant is in the answer.</param>
/// <param name="Pharmacy">Which one would serve.</param>
/// <param name="AlreadyServing">Whether it serves then anyhow: then nothing changes.</param>
/// <param name="Country">The change for the country.</param>
/// <param name="Departments">The one asked for, or those where somebody gains.</param>
/// <param name="Communes">Those that gain most, at most twenty: first those that could go nowhere, then by the metres saved.</param>
public sealed record WhatIfAnswer(
    string At, string AsOf, string Pharmacy, bool AlreadyServing, ChangeItem Country, IReadOnlyList<DepartmentChange> Departments, IReadOnlyList<GainItem> Communes)
{
    private const int MostGains = 20;

    internal static WhatIfAnswer Of(CoverageView view, ServingPharmacy pharmacy, bool alreadyServing, int? department)
    {
        var (before, after) = (view.Map, view.Map.With(pharmacy));
        return new(
            Moments.Utc(view.At), Moments.Utc(view.AsOf), pharmacy.Id.Value, alreadyServing, ChangeItem.Of(CoverageChange.Of(before, after, ..)),
            [.. before.Communes.Departments.Where((_, i) => department is null || i == department)
                .Select(one => (one.Code, Change: CoverageChange.Of(before, after, one.Communes)))
                .Where(one => department is not null || one.Change.Nearer.Communes > 0)
                .Select(one => new DepartmentChange(one.Code, ChangeItem.Of(one.Change)))],
            [.. CoverageChange.Gains(before, after, MostGains).Select(GainItem.Of)]);
    }
}

/// <summary>GeoJSON: communes at their points, or departments where their people live on average.</summary>
public sealed record CoverageFeatures(string Type, IReadOnlyList<CoverageFeature> Features)
{
    internal static CoverageFeatures Of(CoverageView view, int? department) => new("FeatureCollection", department is { } chosen
        ? [.. CoverageAnswer.CommunesOf(view.Map, chosen).Select(OfCommune)]
        : [.. CoverageAnswer.Of(view, null).Departments.Select(OfDepartment)]);

    private static CoverageFeature OfCommune(CommuneCoverage commune) => new("Feature", commune.Insee, new("Point", [commune.Lon, commune.Lat]), new()
    {
        Name = commune.Name,
        Population = commune.Population,
        Meters = commune.Meters,
        Landmass = commune.Landmass,
        Pharmacy = commune.Pharmacy,
    });

    private static CoverageFeature OfDepartment(DepartmentCoverage one) =>
        new("Feature", one.Department, new("Point", [one.Lon, one.Lat]), new() { Population = one.Figures.Population, Meters = one.Figures.MeanMeters });
}

/// <summary>GeoJSON.</summary>
public sealed record CoverageFeature(string Type, string Id, PointItem Geometry, CoverageProperties Properties);

/// <summary>GeoJSON: longitude first.</summary>
public sealed record PointItem(string Type, double[] Coordinates);

/// <summary>A commune with its distance, or a department with its mean; null where nobody serves on its land.</summary>
public sealed record CoverageProperties
{
    /// <summary>Of a commune.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Name { get; init; }

    /// <summary>Inhabitants.</summary>
    public required long Population { get; init; }

    /// <summary>Whole metres.</summary>
    public required int? Meters { get; init; }

    /// <summary>Of a commune: the land it is on.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Landmass { get; init; }

    /// <summary>Of a commune: the FINESS number of the nearest that serves.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Pharmacy { get; init; }
}
