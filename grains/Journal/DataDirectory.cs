namespace Realtime.Journal;

/// <summary>
/// Where one process keeps its data, held for it alone while it lives: the operating system gives the lock back however the process ends.
/// Orleans would let a second process start silently on the same ports; this is what stops it.
/// </summary>
public sealed class DataDirectory : IDisposable
{
    /// <summary>The setting that names the directory.</summary>
    public const string Setting = "Realtime:DataDirectory";

    private const UnixFileMode OwnersAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly string[] Files = ["realtime.lock", "realtime.db", "realtime.db-wal", "realtime.db-shm", "keys.db", "keys.db-wal", "keys.db-shm", "secret.key"];

    private readonly FileStream _lock;

    private DataDirectory(string path, FileStream held) => (Path, _lock) = (path, held);

    /// <summary>The full path.</summary>
    public string Path { get; }

    /// <summary>The embedded store: journal, public states and snapshots.</summary>
    public string Database => System.IO.Path.Combine(Path, "realtime.db");

    /// <summary>The embedded store of the keys of orders, apart from what they seal.</summary>
    public string Keys => System.IO.Path.Combine(Path, "keys.db");

    /// <summary>Creates the directory where it is missing, for its owner alone, and takes it for this process; the store in it becomes its owner's alone too.</summary>
    /// <param name="setting">Value of <see cref="Setting"/>; null or empty for the default.</param>
    /// <param name="current">The directory the process was started in.</param>
    /// <exception cref="DataDirectoryException">Another process has it, or it cannot be written; the message says what to do.</exception>
    public static DataDirectory Open(string? setting, string current)
    {
        var path = Resolve(setting, current);
        try
        {
            Create(path);
            var held = new FileStream(System.IO.Path.Combine(path, "realtime.lock"), Own(FileMode.OpenOrCreate, FileAccess.ReadWrite));
            try
            {
                var directory = new DataDirectory(path, held);
                directory.Keep();
                return directory;
            }
            catch
            {
                held.Dispose();
                throw;
            }
        }
        catch (IOException failure) when (IsHeld(failure))
        {
            throw new DataDirectoryException($"The data directory {path} is in use by another process of Realtime: stop that one, or give this one a directory of its own with Realtime__DataDirectory.", failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new DataDirectoryException($"The data directory {path} cannot be written ({failure.Message}): mend its permissions, or name another with Realtime__DataDirectory.", failure);
        }
    }

    /// <summary>The path that <see cref="Open"/> takes: the setting, else <c>.data</c> beside the nearest Realtime.sln above <paramref name="current"/>, else <c>.data</c> in it.</summary>
    public static string Resolve(string? setting, string current)
    {
        if (!string.IsNullOrWhiteSpace(setting))
            return System.IO.Path.GetFullPath(setting, current);
        for (var directory = new DirectoryInfo(current); directory is not null; directory = directory.Parent)
            if (File.Exists(System.IO.Path.Combine(directory.FullName, "Realtime.sln")))
                return System.IO.Path.Combine(directory.FullName, ".data");
        return System.IO.Path.Combine(System.IO.Path.GetFullPath(current), ".data");
    }

    /// <summary>Lets another process have it.</summary>
    public void Dispose() => _lock.Dispose();

    // Names, hashes and sealed orders are nobody else's to copy. A directory that was there is as whoever made it wants it: it may be anybody's.
    private static void Create(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, OwnersAlone | UnixFileMode.UserExecute);
    }

    // Databases are made here, before SQLite makes them for everybody to read: what SQLite puts beside one gets the mode of the database.
    private void Keep()
    {
        foreach (var database in new[] { Database, Keys })
            new FileStream(database, Own(FileMode.OpenOrCreate, FileAccess.Write)).Dispose();
        if (OperatingSystem.IsWindows())
            return;
        foreach (var file in Files.Select(name => System.IO.Path.Combine(Path, name)).Where(File.Exists))
            File.SetUnixFileMode(file, OwnersAlone);
    }

    private static FileStreamOptions Own(FileMode mode, FileAccess access)
    {
        var options = new FileStreamOptions { Mode = mode, Access = access, Share = access == FileAccess.Write ? FileShare.ReadWrite : FileShare.None };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnersAlone;
        return options;
    }

    /// <summary>A lock held by another is reported with the system's own number: 11 on Linux, 35 on macOS, 32 (sharing violation) on Windows.</summary>
    private static bool IsHeld(IOException failure) => (failure.HResult & 0xFFFF) is 11 or 35 or 32;
}

/// <summary>The data directory cannot be used; the message is one sentence with the cause and the mend.</summary>
public sealed class DataDirectoryException(string message, Exception inner) : Exception(message, inner);
