using Realtime.Journal;

namespace Realtime.Tests.Journal;

public sealed class DataDirectoryTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("realtime-data-");

    [Fact]
    public void It_lies_beside_the_nearest_solution_above()
    {
        File.WriteAllText(Path.Combine(_directory.FullName, "Realtime.sln"), "");
        var below = _directory.CreateSubdirectory("web/bin").FullName;
        Assert.Equal(Path.Combine(_directory.FullName, ".data"), DataDirectory.Resolve(null, below));
        Assert.Equal(Path.Combine(_directory.FullName, ".data"), DataDirectory.Resolve("", _directory.FullName));
    }

    [Fact]
    public void Without_a_solution_it_lies_in_the_current_directory() =>
        Assert.Equal(Path.Combine(_directory.FullName, ".data"), DataDirectory.Resolve(null, _directory.FullName));

    [Theory]
    [InlineData("elsewhere", "elsewhere")]
    [InlineData("../other", "../other")]
    public void The_setting_wins_and_is_relative_to_the_current_directory(string setting, string expected) =>
        Assert.Equal(Path.GetFullPath(Path.Combine(_directory.FullName, expected)), DataDirectory.Resolve(setting, _directory.FullName));

    [Fact]
    public void It_is_created_and_given_back()
    {
        var path = Path.Combine(_directory.FullName, "a/b");
        using (var first = DataDirectory.Open(path, _directory.FullName))
            Assert.True(Directory.Exists(first.Path));
        DataDirectory.Open(path, _directory.FullName).Dispose();
    }

    [Fact]
    public void One_that_is_in_use_is_refused_in_a_sentence_that_names_it_and_the_mend()
    {
        using var first = DataDirectory.Open(_directory.FullName, "/");
        var refusal = Assert.Throws<DataDirectoryException>(() => DataDirectory.Open(_directory.FullName, "/"));
        Assert.Contains($"{_directory.FullName} is in use by another process", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Realtime__DataDirectory", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_in_its_place_is_refused_in_a_sentence_of_its_own()
    {
        var file = Path.Combine(_directory.FullName, "file");
        File.WriteAllText(file, "");
        var refusal = Assert.Throws<DataDirectoryException>(() => DataDirectory.Open(file, "/"));
        Assert.Contains("cannot be written", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_and_the_store_in_it_are_their_owners_alone()
    {
        if (OperatingSystem.IsWindows())
            return;
        var path = Path.Combine(_directory.FullName, "a/b");
        await using (var host = await RealtimeHost.Start(demo: false, dataDirectory: path))
            AssertOwn(path);
        // A store that an earlier version made, or a backup brought, is taken back too.
        foreach (var file in Directory.EnumerateFiles(path))
            File.SetUnixFileMode(file, (UnixFileMode)0b110_100_100);
        await using (var host = await RealtimeHost.Start(demo: false, dataDirectory: path))
            AssertOwn(path);
    }

    private static void AssertOwn(string path)
    {
        const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        if (OperatingSystem.IsWindows())
            return;
        Assert.Equal(owner | UnixFileMode.UserExecute, File.GetUnixFileMode(path));
        var files = Directory.GetFiles(path);
        Assert.Contains(files, file => Path.GetFileName(file) == "realtime.db-wal");
        foreach (var file in files)
            Assert.Equal((Path.GetFileName(file), owner), (Path.GetFileName(file), File.GetUnixFileMode(file)));
    }

    public void Dispose() => _directory.Delete(recursive: true);
}
