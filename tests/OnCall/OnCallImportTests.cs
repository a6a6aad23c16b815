using Realtime.OnCall;
using Realtime.Pharmacies;
using Realtime.Silo.Import;

namespace Realtime.Tests.OnCall;

/// <summary><c>import oncall</c>, on a store that remembers what it is told.</summary>
public sealed class OnCallImportTests : IDisposable
{
    private const string Header = "secteur;pharmacie;debut;fin;type;acces\n";
    private static readonly string[] Ids = RotaDesk.Pharmacies(0, 3);

    private readonly string _file = Path.GetTempFileName();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();
    private readonly List<(OnCallSector Sector, bool IsNew, IReadOnlyList<Duty> Duties)> _applied = [];
    private OnCallSector? _known;
    private RotaRefusal? _refusal;
    private int _opened, _closed;

    public void Dispose()
    {
        File.Delete(_file);
        _output.Dispose();
        _error.Dispose();
    }

    [Fact]
    public async Task A_sector_that_is_not_known_is_made_of_the_files_pharmacies_and_hidden()
    {
        Assert.Equal(0, await Import(Header + Night(Ids[0], 5) + Night(Ids[1], 6)));
        var (sector, isNew, duties) = Assert.Single(_applied);
        Assert.True(isNew);
        Assert.Equal(("S-1", "75", 2), (sector.Code, sector.Department, duties.Count));
        Assert.Equal([Ids[0], Ids[1]], sector.Pharmacies.Select(id => id.Value));
        Assert.Equal([new SectorKind(OnCallKind.Night, Disclosure.Hidden)], sector.Kinds);
        Assert.Equal(["published 1 of 1 sectors", "read 2, accepted 2, rejected 0"], Lines());
        Assert.Equal((1, 1), (_opened, _closed));
    }

    [Fact]
    public async Task A_line_that_is_wrong_is_named_and_the_others_are_published()
    {
        _known = Sector(Ids[0], Ids[1]);
        Assert.Equal(0, await Import(Header + Night(Ids[0], 5) + Night("750020927", 6) + Night(Ids[2], 7) + "S-1;990000010;jamais;2026-12-06 08:00;nuit;sonnette\n"));
        Assert.Single(Assert.Single(_applied).Duties);
        var lines = Lines();
        Assert.Equal("read 4, accepted 1, rejected 3", lines[^1]);
        Assert.Contains("line 3: 750020927 is not a pharmacy that is known here.", lines);
        Assert.Contains($"line 4: {Ids[2]} is not a pharmacy of the sector S-1.", lines);
        Assert.Contains(lines, line => line.StartsWith("line 5: debut", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_sector_that_is_refused_is_not_published_by_halves()
    {
        _refusal = new(RotaRefusalKind.InvalidDuty, 1, "overlap");
        Assert.Equal(1, await Import(Header + Night(Ids[0], 5) + Night(Ids[0], 5)));
        Assert.Equal(["line 2: the sector S-1 was not published: InvalidDuty in line 3.", "line 3: the sector S-1 was not published: InvalidDuty in line 3.", "published 0 of 1 sectors", "read 2, accepted 0, rejected 2"], Lines());
    }

    [Theory]
    [InlineData("--dry-run", 0, 0)]
    [InlineData("--wet-run", 1, 0)]
    public async Task A_dry_run_and_an_unknown_option_never_open_the_store(string option, int code, int opened)
    {
        Assert.Equal(code, await Import(Header + Night(Ids[0], 5), option));
        Assert.Equal(opened, _opened);
        Assert.Empty(_applied);
    }

    private static string Night(string pharmacy, int day) => $"S-1;{pharmacy};2026-12-0{day} 20:00;2026-12-0{day + 1} 08:00;nuit;sonnette\n";

    private static OnCallSector Sector(params string[] ids) =>
        new() { Code = "S-1", Name = "S-1", Department = "75", Pharmacies = [.. ids.Select(PharmacyId.Parse)], Kinds = [new(OnCallKind.Night, Disclosure.Public)] };

    private string[] Lines() => _output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private async Task<int> Import(string text, params string[] options)
    {
        await File.WriteAllTextAsync(_file, text, TestContext.Current.CancellationToken);
        return await new OnCallImport(Open, _output, _error, isTerminal: false).Run([_file, .. options]);
    }

    private Task<RotaStore> Open()
    {
        _opened++;
        return Task.FromResult(new RotaStore(
            _ => _known,
            id => Task.FromResult(id.IsSynthetic ? "75" : null),
            (sector, isNew, duties) =>
            {
                _applied.Add((sector, isNew, duties));
                return Task.FromResult(_refusal);
            },
            () =>
            {
                _closed++;
                return ValueTask.CompletedTask;
            }));
    }
}
