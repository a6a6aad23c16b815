namespace Realtime.Journal;

/// <summary>The tables, as SQLite has them. Released scripts are never edited.</summary>
internal static class SqliteSchema
{
    public const string Journal =
        """
        CREATE TABLE journal (
            stream  TEXT    NOT NULL,
            seq     INTEGER NOT NULL,
            lane    INTEGER NOT NULL,
            n       INTEGER NOT NULL,
            at      INTEGER NOT NULL, -- Unix ticks of 100 ns
            kind    TEXT    NOT NULL,
            version INTEGER NOT NULL,
            actor   TEXT    NOT NULL,
            reason  TEXT    NOT NULL,
            payload BLOB    NOT NULL,
            hash    BLOB    NOT NULL,
            PRIMARY KEY (stream, seq),
            UNIQUE (lane, n)
        );
        CREATE TABLE lane (
            lane   INTEGER PRIMARY KEY AUTOINCREMENT,
            writer TEXT    NOT NULL,
            opened INTEGER NOT NULL -- Unix ticks of 100 ns
        );
        CREATE TABLE public_state (
            stream  TEXT    NOT NULL PRIMARY KEY,
            seq     INTEGER NOT NULL,
            payload BLOB    NOT NULL
        );
        """;

    /// <summary>
    /// Grain storage for Microsoft.Orleans.Persistence.AdoNet, which ships no SQL of its own for a database to start with: it looks its queries up by key in
    /// OrleansQuery and binds the parameters named here. A write returns the new version; no row says that somebody else has written since the grain read.
    /// </summary>
    public const string Snapshots =
        """
        CREATE TABLE OrleansQuery (QueryKey TEXT NOT NULL PRIMARY KEY, QueryText TEXT NOT NULL);
        CREATE TABLE OrleansStorage (
            ServiceId     TEXT    NOT NULL,
            GrainType     TEXT    NOT NULL,
            KeyN0         INTEGER NOT NULL,
            KeyN1         INTEGER NOT NULL,
            KeyText       TEXT    NOT NULL,
            PayloadBinary BLOB,
            Version       INTEGER NOT NULL,
            PRIMARY KEY (ServiceId, GrainType, KeyN0, KeyN1, KeyText)
        );
        INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES
        ('ReadFromStorageKey',
         'SELECT PayloadBinary, Version FROM OrleansStorage
          WHERE ServiceId = @ServiceId AND GrainType = @GrainTypeString AND KeyN0 = @GrainIdN0 AND KeyN1 = @GrainIdN1
            AND KeyText = coalesce(@GrainIdExtensionString, '''')'),
        ('WriteToStorageKey',
         'INSERT INTO OrleansStorage (ServiceId, GrainType, KeyN0, KeyN1, KeyText, PayloadBinary, Version)
          SELECT @ServiceId, @GrainTypeString, @GrainIdN0, @GrainIdN1, coalesce(@GrainIdExtensionString, ''''), @PayloadBinary, 1
          WHERE @GrainStateVersion IS NULL OR EXISTS (
            SELECT 1 FROM OrleansStorage
            WHERE ServiceId = @ServiceId AND GrainType = @GrainTypeString AND KeyN0 = @GrainIdN0 AND KeyN1 = @GrainIdN1
              AND KeyText = coalesce(@GrainIdExtensionString, ''''))
          ON CONFLICT (ServiceId, GrainType, KeyN0, KeyN1, KeyText)
          DO UPDATE SET PayloadBinary = excluded.PayloadBinary, Version = OrleansStorage.Version + 1
          WHERE OrleansStorage.Version = @GrainStateVersion
          RETURNING Version AS NewGrainStateVersion'),
        ('ClearStorageKey',
         'UPDATE OrleansStorage SET PayloadBinary = NULL, Version = Version + 1
          WHERE ServiceId = @ServiceId AND GrainType = @GrainTypeString AND KeyN0 = @GrainIdN0 AND KeyN1 = @GrainIdN1
            AND KeyText = coalesce(@GrainIdExtensionString, '''') AND Version = @GrainStateVersion
          RETURNING Version AS NewGrainStateVersion'),
        ('DeleteStorageKey',
         'DELETE FROM OrleansStorage
          WHERE ServiceId = @ServiceId AND GrainType = @GrainTypeString AND KeyN0 = @GrainIdN0 AND KeyN1 = @GrainIdN1
            AND KeyText = coalesce(@GrainIdExtensionString, '''') AND Version = @GrainStateVersion
          RETURNING Version + 1 AS NewGrainStateVersion');
        """;

    /// <summary>Where a lane ends, once that is certain, so that readers need not look at it again.</summary>
    public const string LaneEnds =
        """
        ALTER TABLE lane ADD COLUMN ended INTEGER; -- its last n; null while its writer may live
        CREATE INDEX lane_live ON lane (lane) WHERE ended IS NULL;
        """;

    /// <summary>Which life of the store this is; whoever restores a backup writes another.</summary>
    public const string Epoch =
        """
        CREATE TABLE store (epoch TEXT NOT NULL);
        INSERT INTO store (epoch) VALUES (lower(hex(randomblob(8))));
        """;

    /// <summary>Sets of the medicines database by their hash; the journal's stream <c>catalogue</c> names the one in force.</summary>
    public const string Catalogue =
        """
        CREATE TABLE catalogue (
            hash    TEXT    NOT NULL PRIMARY KEY,
            at      INTEGER NOT NULL, -- Unix ticks of 100 ns
            payload BLOB    NOT NULL
        );
        """;

    /// <summary>Orders that their stream's state no longer holds, found by their id from the newest on.</summary>
    public const string OrderHistory =
        """
        CREATE TABLE order_history (
            stream   TEXT    NOT NULL,
            order_id TEXT    NOT NULL,
            state    TEXT    NOT NULL,
            seq      INTEGER NOT NULL, -- the row that left it so
            payload  BLOB    NOT NULL,
            PRIMARY KEY (stream, order_id)
        );
        """;

    /// <summary>
    /// Reminders for Microsoft.Orleans.Reminders.AdoNet, which likewise ships no SQL for SQLite. Instants are UTC, as text that Microsoft.Data.Sqlite writes and reads.
    /// A range that does not wrap is ]begin, end]; one that wraps goes up from begin and down from end.
    /// </summary>
    public const string Reminders =
        """
        CREATE TABLE OrleansRemindersTable (
            ServiceId    TEXT    NOT NULL,
            GrainId      TEXT    NOT NULL,
            ReminderName TEXT    NOT NULL,
            StartTime    TEXT    NOT NULL,
            Period       INTEGER NOT NULL, -- milliseconds
            GrainHash    INTEGER NOT NULL,
            Version      INTEGER NOT NULL,
            PRIMARY KEY (ServiceId, GrainId, ReminderName)
        );
        CREATE INDEX OrleansRemindersHash ON OrleansRemindersTable (ServiceId, GrainHash);
        INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES
        ('ReadReminderRowsKey',
         'SELECT GrainId, ReminderName, StartTime, Period, Version FROM OrleansRemindersTable WHERE ServiceId = @ServiceId AND GrainId = @GrainId'),
        ('ReadReminderRowKey',
         'SELECT GrainId, ReminderName, StartTime, Period, Version FROM OrleansRemindersTable
          WHERE ServiceId = @ServiceId AND GrainId = @GrainId AND ReminderName = @ReminderName'),
        ('ReadRangeRows1Key',
         'SELECT GrainId, ReminderName, StartTime, Period, Version FROM OrleansRemindersTable
          WHERE ServiceId = @ServiceId AND GrainHash > @BeginHash AND GrainHash <= @EndHash'),
        ('ReadRangeRows2Key',
         'SELECT GrainId, ReminderName, StartTime, Period, Version FROM OrleansRemindersTable
          WHERE ServiceId = @ServiceId AND (GrainHash > @BeginHash OR GrainHash <= @EndHash)'),
        ('UpsertReminderRowKey',
         'INSERT INTO OrleansRemindersTable (ServiceId, GrainId, ReminderName, StartTime, Period, GrainHash, Version)
          VALUES (@ServiceId, @GrainId, @ReminderName, @StartTime, @Period, @GrainHash, 0)
          ON CONFLICT (ServiceId, GrainId, ReminderName)
          DO UPDATE SET StartTime = excluded.StartTime, Period = excluded.Period, GrainHash = excluded.GrainHash, Version = OrleansRemindersTable.Version + 1
          RETURNING Version'),
        ('DeleteReminderRowKey',
         'DELETE FROM OrleansRemindersTable
          WHERE ServiceId = @ServiceId AND GrainId = @GrainId AND ReminderName = @ReminderName AND Version = @Version;
          SELECT changes() > 0'),
        ('DeleteReminderRowsKey',
         'DELETE FROM OrleansRemindersTable WHERE ServiceId = @ServiceId');
        """;
}
