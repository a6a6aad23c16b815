using System.Collections.Concurrent;
using Realtime.Pharmacies;
using Realtime.Silo.Import;

namespace Realtime.Tests.Pharmacies;

public sealed class ImportCommandTests : IDisposable
{
    private const string Header = "Finess;Titre;\"Adresse_voie 1\";\"Adresse_voie 2\";Adresse_codepostal;Adresse_ville;Modalites_accueil;Adresse_latitude;Adresse_longitude\n";
    private const string Good = "750020927;Une;;;75012;Paris;;48.8;2.3\n";
    private const string AlsoGood = "750032955;Deux;;;75018;Paris;;48.8;2.3\n";
    private const string Bad = "160011565;\"Pharmacie De  Vars\";;;16330;Vars;;;\n";

    private readonly string _file = Path.GetTempFileName();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();
    private readonly ConcurrentDictionary<PharmacyId, PharmacyRecord> _stored = new();
    private readonly List<ImportSource> _sources = [];
    private int _opened;
    private int _closed;

    public void Dispose()
    {
        File.Delete(_file);
        _output.Dispose();
        _error.Dispose();
    }

    [Fact]
    public async Task The_last_line_counts_and_the_errors_name_their_line()
    {
        Assert.Equal(0, await Import(Header + Good + Bad + AlsoGood));
        Assert.Equal(["line 3: 160011565 \"Pharmacie De Vars\": no coordinates.", "created 2, updated 0, unchanged 0", "read 3, accepted 2, rejected 1"], Lines());
        Assert.Equal(2, _stored.Count);
        Assert.Equal((1, 1), (_opened, _closed));
    }

    [Fact]
    public async Task A_second_import_changes_nothing_and_accepts_everything()
    {
        await Import(Header + Good + AlsoGood);
        _output.GetStringBuilder().Clear();
        Assert.Equal(0, await Import(Header + Good + AlsoGood));
        Assert.Equal(["created 0, updated 0, unchanged 2", "read 2, accepted 2, rejected 0"], Lines());
    }

    [Fact]
    public async Task A_dry_run_never_opens_the_store()
    {
        Assert.Equal(0, await Import(Header + Good, "--dry-run"));
        Assert.Equal(["dry run: nothing was written", "read 1, accepted 1, rejected 0"], Lines());
        Assert.Equal(0, _opened);
    }

    [Fact]
    public async Task Nothing_accepted_is_a_failure()
    {
        Assert.Equal(1, await Import(Header + Bad));
        Assert.Equal("read 1, accepted 0, rejected 1", Lines()[^1]);
        Assert.Equal(0, _opened);
    }

    [Fact]
    public async Task A_file_cut_short_writes_nothing()
    {
        Assert.Equal(1, await Import(Header + Good + "750032955;\"Deux"));
        Assert.Equal((0, ""), (_opened, _output.ToString()));
        Assert.StartsWith($"{_file}: line 3, column 11: a quote opens here and never closes", _error.ToString());
    }

    [Theory]
    [InlineData("", "What kind of file")]
    [InlineData("weather x.csv", "'weather' is not a kind of file that can be imported. Supported: santefr, finess, osm, bdpm, communes, oncall, schoolholidays.")]
    [InlineData("santefr", "Which file")]
    [InlineData("santefr a.csv b.csv", "One file at a time: 'b.csv'")]
    [InlineData("santefr a.csv --force", "Unknown option '--force'.")]
    public async Task A_command_that_is_not_understood_gets_a_sentence_and_the_usage(string words, string sentence)
    {
        Assert.Equal(1, await Command(Apply).Run(words.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        Assert.StartsWith(sentence, _error.ToString());
        Assert.Contains("usage: import santefr|finess|osm FILE [--dry-run]", _error.ToString());
    }

    [Fact]
    public async Task A_missing_file_and_a_folder_are_told_apart()
    {
        Assert.Equal(1, await Command(Apply).Run(["santefr", _file + ".none"]));
        Assert.Equal(1, await Command(Apply).Run(["santefr", Path.GetTempPath()]));
        Assert.Equal([$"There is no file {_file}.none.", $"{Path.GetTempPath()} is a folder; a file is expected."], _error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task A_store_that_fails_stops_the_import_and_is_let_go()
    {
        await File.WriteAllTextAsync(_file, Header + Good, TestContext.Current.CancellationToken);
        Assert.Equal(1, await Command(_ => throw new TimeoutException("the silo is gone")).Run(["santefr", _file]));
        Assert.Contains("The import stopped after 0 of 1 records: the silo is gone", _error.ToString());
        Assert.Equal((1, 1, ""), (_opened, _closed, _output.ToString()));
    }

    [Fact]
    public async Task No_more_than_128_records_are_in_flight()
    {
        var (now, most) = (0, 0);
        var gate = new TaskCompletionSource();
        await File.WriteAllTextAsync(_file, Header + string.Concat(Enumerable.Range(1, 300).Select(i => $"{PharmacyId.FromBody($"75{i:D6}")};P;;;75012;Paris;;48.8;2.3\n")), TestContext.Current.CancellationToken);
        Assert.Equal(0, await Command(async record =>
        {
            lock (gate)
                most = Math.Max(most, ++now);
            // Once as many are in flight as ever will be, all may go; a limit above 128 would have let more in while they waited.
            if (most == 128)
                gate.TrySetResult();
            await gate.Task;
            lock (gate)
                now--;
            return await Apply(record);
        }).Run(["santefr", _file]));
        Assert.Equal((128, 300), (most, _stored.Count));
        Assert.Contains("importing: 300 of 300", _error.ToString());
    }

    [Fact]
    public async Task A_terminal_sees_a_bar()
    {
        await File.WriteAllTextAsync(_file, Header + Good, TestContext.Current.CancellationToken);
        Assert.Equal(0, await Command(Apply, isTerminal: true).Run(["santefr", _file]));
        Assert.Contains("100%", _error.ToString());
    }

    [Fact]
    public async Task The_register_and_the_map_go_the_same_way()
    {
        Assert.Equal(0, await Command(Apply).Run(["finess", Campaign.SharedData("finess/finess-cs1100507-2016-extrait.csv")]));
        Assert.Equal(["warnings of the kind DamagedSiret: 3", "created 3, updated 0, unchanged 0", "read 3, accepted 3, rejected 0"], Lines()[^3..]);
        Assert.Equal(0, await Command(Apply).Run(["osm", Campaign.SharedData("osm/niort-pharmacies-osm-2019.geojson")]));
        // Every repair is shown, more than are of any other kind of warning.
        Assert.Equal(24, Lines().Count(line => line.Contains("' are read as '", StringComparison.Ordinal)));
        Assert.Equal(["warnings of the kind RepairedHours: 24", "created 31, updated 0, unchanged 0", "read 33, accepted 31, rejected 2"], Lines()[^3..]);
        Assert.Equal([ImportSource.Finess, ImportSource.Osm], _sources);
    }

    [Fact]
    public async Task What_is_no_pharmacy_is_counted_apart()
    {
        await File.WriteAllTextAsync(_file, """{"features":[{"properties":{"amenity":"cafe"}}]}""", TestContext.Current.CancellationToken);
        Assert.Equal(1, await Command(Apply).Run(["osm", _file]));
        Assert.Equal(["skipped 1 that are no pharmacies, or none any more", "created 0, updated 0, unchanged 0", "read 0, accepted 0, rejected 0"], Lines());
    }

    [Fact]
    public async Task The_file_as_published_is_imported_twice()
    {
        var file = Campaign.SharedData("santefr/lieux-vaccination-grippe-pharmacie.csv");
        foreach (var outcomes in new[] { "created 3756, updated 0, unchanged 0", "created 0, updated 0, unchanged 3756" })
        {
            _output.GetStringBuilder().Clear();
            Assert.Equal(0, await Command(Apply).Run(["santefr", file]));
            Assert.Equal([outcomes, "read 3757, accepted 3756, rejected 1"], Lines()[^2..]);
            Assert.Contains("160011565 \"Pharmacie De Vars\"", _output.ToString());
            Assert.Contains("warnings of the kind ReceptionHours: 459", _output.ToString());
        }
    }

    private async Task<int> Import(string content, params string[] options)
    {
        await File.WriteAllTextAsync(_file, content, TestContext.Current.CancellationToken);
        return await Command(Apply).Run(["santefr", _file, .. options]);
    }

    private ImportCommand Command(Func<PharmacyRecord, Task<ImportOutcome>> apply, bool isTerminal = false) =>
        new(source => Task.FromResult(Open(source, apply)), _output, _error, isTerminal);

    private ImportStore Open(ImportSource source, Func<PharmacyRecord, Task<ImportOutcome>> apply)
    {
        _opened++;
        _sources.Add(source);
        return new ImportStore(apply, () =>
        {
            _closed++;
            return ValueTask.CompletedTask;
        });
    }

    private Task<ImportOutcome> Apply(PharmacyRecord record) =>
        Task.FromResult(_stored.TryAdd(record.Id, record) ? ImportOutcome.Created : ImportOutcome.Unchanged);

    private string[] Lines() => _output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
