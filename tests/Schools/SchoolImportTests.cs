using System.Text;
using Microsoft.Data.Sqlite;
using Realtime.Schools;
using Realtime.Silo.Import;

namespace Realtime.Tests.Schools;

/// <summary>The import command, alone and over a real store.</summary>
public sealed class SchoolImportTests : IDisposable
{
    private const string Text = """
        Description;Population;Date de début;Date de fin;Académies;Zones;annee_scolaire
        Vacances de la Toussaint;-;2026-10-16T22:00:00+00:00;2026-11-01T23:00:00+00:00;Paris;Zone C;2026-2027
        Vacances de Noël;-;2026-12-18T23:00:00+00:00;2027-01-03T23:00:00+00:00;Paris;Zone C;2026-2027
        Prérentrée des enseignants;Enseignants;2026-08-30T22:00:00+00:00;2026-08-30T22:00:00+00:00;Paris;Zone C;2026-2027

        """;

    private readonly string _data = Directory.CreateTempSubdirectory("realtime-schools-").FullName;
    private readonly string _file = Path.GetTempFileName();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();
    private readonly List<SchoolYear[]> _put = [];

    public void Dispose()
    {
        File.Delete(_file);
        Directory.Delete(_data, recursive: true);
        _output.Dispose();
        _error.Dispose();
    }

    [Fact]
    public async Task The_years_of_a_file_are_stated_and_counted()
    {
        Assert.Equal(0, await Import(Text));
        Assert.Equal(SchoolZone.C, Assert.Single(Assert.Single(_put)).Zone);
        Assert.Equal(["new or changed: 1", "read 2, accepted 2, rejected 0"], Lines()[^2..]);
    }

    [Fact]
    public async Task A_dry_run_opens_no_store()
    {
        Assert.Equal(0, await Import(Text, "--dry-run"));
        Assert.Equal(["dry run: nothing was written", "read 2, accepted 2, rejected 0"], Lines()[^2..]);
        Assert.Empty(_put);
    }

    [Fact]
    public async Task One_wrong_line_imports_nothing_and_fails()
    {
        Assert.Equal(1, await Import(Text + "Vacances d'hiver;-;2027-02-30T00:00:00Z;2027-03-08T00:00:00Z;Paris;Zone C;2026-2027\n"));
        Assert.Contains("line 5: Vacances d'hiver: '2027-02-30T00:00:00Z' is not an instant as 2026-10-17T00:00:00+02:00.", Lines());
        Assert.Equal("read 3, accepted 0, rejected 3", Lines()[^1]);
        Assert.Empty(_put);
    }

    [Theory]
    [InlineData("usage: import schoolholidays FILE", "--wet-run")]
    [InlineData("One file at a time", "another")]
    public async Task A_command_that_is_not_understood_says_how_to_call_it(string expected, string word)
    {
        Assert.Equal(1, await Import(Text, word));
        Assert.Contains(expected, _error.ToString());
        Assert.Empty(_put);
    }

    [Fact]
    public async Task A_table_is_imported_into_a_store_and_whoever_alters_it_is_found()
    {
        await File.WriteAllTextAsync(_file, Text);
        Assert.Equal(["new or changed: 1", "read 2, accepted 2, rejected 0"], (await Silo("import", "schoolholidays", _file)).Output[^2..]);
        Assert.Equal(0, (await Silo("audit", "verify")).Exit);

        Query("UPDATE public_state SET payload = CAST(replace(CAST(payload AS TEXT), '2026-11-01', '2026-11-08') AS BLOB) WHERE stream = 'school/all' RETURNING 'done'");

        var (exit, output) = await Silo("audit", "verify");
        Assert.Equal(1, exit);
        Assert.Contains(output, line => line.Contains("broken: school/all row 1", StringComparison.Ordinal));
    }

    private async Task<int> Import(string text, params string[] words)
    {
        await File.WriteAllTextAsync(_file, text, Encoding.UTF8);
        return await new SchoolImport(
            () => Task.FromResult(new SchoolStore(
                years =>
                {
                    _put.Add(years);
                    return Task.FromResult(years.Length);
                },
                () => ValueTask.CompletedTask)), _output, _error).Run([_file, .. words]);
    }

    private string[] Lines() => _output.ToString().TrimEnd().Split(Environment.NewLine);

    private async Task<(int Exit, string[] Output)> Silo(params string[] words)
    {
        using var silo = ProductProcess.Silo(_data, words);
        var (exit, output, errors) = await silo.End(TimeSpan.FromMinutes(1));
        return (exit, errors.Length == 0 ? output : [.. output, errors]);
    }

    private void Query(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_data, "realtime.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        Assert.Equal("done", command.ExecuteScalar());
    }
}
