namespace Realtime.Journal;

/// <summary>
/// What Microsoft.Orleans' ADO.NET packages look up in <c>OrleansQuery</c>: they ship no SQL, only the keys, the parameters and the columns they read. The texts are ours.
/// A parameter that may be null is cast, since PostgreSQL must know its type. Released scripts are never edited.
/// </summary>
internal static class PostgresOrleans
{
    /// <summary>Grain storage. A write returns the new version; no row says that somebody else has written since the grain read.</summary>
    public const string Snapshots =
        """
        CREATE TABLE OrleansQuery (QueryKey text NOT NULL PRIMARY KEY, QueryText text NOT NULL);
        CREATE TABLE OrleansStorage (
            ServiceId     text    NOT NULL,
            GrainType     text    NOT NULL,
            KeyN0         bigint  NOT NULL,
            KeyN1         bigint  NOT NULL,
            KeyText       text    NOT NULL,
            PayloadBinary bytea,
            Version       integer NOT NULL,
            PRIMARY KEY (ServiceId, GrainType, KeyN0, KeyN1, KeyText)
        );
        INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES
        ('ReadFromStorageKey',
         'SELECT PayloadBinary, Version FROM OrleansStorage
          WHERE ServiceId = @ServiceId AND GrainType = @GrainTypeString AND KeyN0 = @GrainIdN0 AND KeyN1 = @GrainIdN1
            AND KeyText = coalesce(@GrainIdExtensionString::text, '''')'),
        ('WriteToStorageKey',
         'INSERT INTO OrleansStorage (ServiceId, GrainType, KeyN0, KeyN1, KeyText, PayloadBinary, Version)
          SELECT @ServiceId, @GrainTypeString, @GrainIdN0, @GrainIdN1, coalesce(@GrainIdExtensionString::text, ''''), @PayloadBinary::bytea, 1
          WHERE @GrainStateVersion::int IS NULL OR EXISTS (
            SELECT 1 FROM OrleansStorage
            WHERE ServiceId = @ServiceId AND GrainType = @GrainTypeString AND KeyN0 = @GrainIdN0 AND KeyN1 = @GrainIdN1
              AND KeyText = coalesce(@GrainIdExtensionString::text, ''''))
          ON CONFLICT (ServiceId, GrainType, KeyN0, KeyN1, KeyText)
          DO UPDATE SET PayloadBinary = excluded.PayloadBinary, Version = OrleansStorage.Version + 1
          WHERE OrleansStorage.Version = @GrainStateVersion::int
          RETURNING Version AS NewGrainStateVersion'),
        ('ClearStorageKey',
         'UPDATE OrleansStorage SET PayloadBinary = NULL, Version = Version + 1
          WHERE ServiceId = @ServiceId AND GrainType = @GrainTypeString AND KeyN0 = @GrainIdN0 AND KeyN1 = @GrainIdN1
            AND KeyText = coalesce(@GrainIdExtensionString::text, '''') AND Version = @GrainStateVersion::int
          RETURNING Version AS NewGrainStateVersion'),
        ('DeleteStorageKey',
         'DELETE FROM OrleansStorage
          WHERE ServiceId = @ServiceId AND GrainType = @GrainTypeString AND KeyN0 = @GrainIdN0 AND KeyN1 = @GrainIdN1
            AND KeyText = coalesce(@GrainIdExtensionString::text, '''') AND Version = @GrainStateVersion::int
          RETURNING Version + 1 AS NewGrainStateVersion');
        """;

    /// <summary>
    /// Who is in the cluster. Every change of the table counts its version up, in the same statement, and is refused where the version is no longer the one the silo read;
    /// the row of the version is locked by that, so of two silos that change it at once one is refused.
    /// </summary>
    public const string Clustering =
        """
        CREATE TABLE OrleansMembershipVersionTable (
            DeploymentId text    NOT NULL PRIMARY KEY,
            Version      integer NOT NULL DEFAULT 0
        );
        CREATE TABLE OrleansMembershipTable (
            DeploymentId text        NOT NULL REFERENCES OrleansMembershipVersionTable (DeploymentId),
            Address      text        NOT NULL,
            Port         integer     NOT NULL,
            Generation   integer     NOT NULL,
            SiloName     text        NOT NULL,
            HostName     text        NOT NULL,
            Status       integer     NOT NULL,
            ProxyPort    integer     NOT NULL,
            SuspectTimes text,
            StartTime    timestamptz NOT NULL,
            IAmAliveTime timestamptz NOT NULL,
            PRIMARY KEY (DeploymentId, Address, Port, Generation)
        );
        INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES
        ('GatewaysQueryKey',
         'SELECT Address, ProxyPort, Generation FROM OrleansMembershipTable
          WHERE DeploymentId = @DeploymentId AND Status = @Status AND ProxyPort > 0'),
        ('MembershipReadRowKey',
         'SELECT v.DeploymentId, m.Address, m.Port, m.Generation, m.SiloName, m.HostName, m.Status, m.ProxyPort, m.SuspectTimes, m.StartTime, m.IAmAliveTime, v.Version
          FROM OrleansMembershipVersionTable v LEFT JOIN OrleansMembershipTable m
            ON m.DeploymentId = v.DeploymentId AND m.Address = @Address AND m.Port = @Port AND m.Generation = @Generation
          WHERE v.DeploymentId = @DeploymentId'),
        ('MembershipReadAllKey',
         'SELECT v.DeploymentId, m.Address, m.Port, m.Generation, m.SiloName, m.HostName, m.Status, m.ProxyPort, m.SuspectTimes, m.StartTime, m.IAmAliveTime, v.Version
          FROM OrleansMembershipVersionTable v LEFT JOIN OrleansMembershipTable m ON m.DeploymentId = v.DeploymentId
          WHERE v.DeploymentId = @DeploymentId'),
        ('InsertMembershipVersionKey',
         'WITH added AS (
            INSERT INTO OrleansMembershipVersionTable (DeploymentId) VALUES (@DeploymentId) ON CONFLICT (DeploymentId) DO NOTHING RETURNING 1)
          SELECT count(*) > 0 FROM added'),
        ('InsertMembershipKey',
         'WITH counted AS (
            UPDATE OrleansMembershipVersionTable SET Version = Version + 1
            WHERE DeploymentId = @DeploymentId AND Version = @Version AND NOT EXISTS (
              SELECT 1 FROM OrleansMembershipTable WHERE DeploymentId = @DeploymentId AND Address = @Address AND Port = @Port AND Generation = @Generation)
            RETURNING DeploymentId),
          added AS (
            INSERT INTO OrleansMembershipTable (DeploymentId, Address, Port, Generation, SiloName, HostName, Status, ProxyPort, StartTime, IAmAliveTime)
            SELECT DeploymentId, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime FROM counted
            RETURNING 1)
          SELECT count(*) > 0 FROM added'),
        ('UpdateMembershipKey',
         'WITH counted AS (
            UPDATE OrleansMembershipVersionTable SET Version = Version + 1
            WHERE DeploymentId = @DeploymentId AND Version = @Version AND EXISTS (
              SELECT 1 FROM OrleansMembershipTable WHERE DeploymentId = @DeploymentId AND Address = @Address AND Port = @Port AND Generation = @Generation)
            RETURNING DeploymentId),
          changed AS (
            UPDATE OrleansMembershipTable m SET Status = @Status, SuspectTimes = @SuspectTimes::text, IAmAliveTime = @IAmAliveTime
            FROM counted WHERE m.DeploymentId = counted.DeploymentId AND m.Address = @Address AND m.Port = @Port AND m.Generation = @Generation
            RETURNING 1)
          SELECT count(*) > 0 FROM changed'),
        ('UpdateIAmAlivetimeKey',
         'UPDATE OrleansMembershipTable SET IAmAliveTime = @IAmAliveTime
          WHERE DeploymentId = @DeploymentId AND Address = @Address AND Port = @Port AND Generation = @Generation'),
        ('DeleteMembershipTableEntriesKey',
         'WITH gone AS (DELETE FROM OrleansMembershipTable WHERE DeploymentId = @DeploymentId)
          DELETE FROM OrleansMembershipVersionTable WHERE DeploymentId = @DeploymentId'),
        ('CleanupDefunctSiloEntriesKey',
         'DELETE FROM OrleansMembershipTable WHERE DeploymentId = @DeploymentId AND IAmAliveTime < @IAmAliveTime AND Status <> 3'); -- 3 = active
        """;

    /// <summary>Reminders. A range that does not wrap is ]begin, end]; one that wraps goes up from begin and down from end.</summary>
    public const string Reminders =
        """
        CREATE TABLE OrleansRemindersTable (
            ServiceId    text        NOT NULL,
            GrainId      text        NOT NULL,
            ReminderName text        NOT NULL,
            StartTime    timestamptz NOT NULL,
            Period       bigint      NOT NULL, -- milliseconds
            GrainHash    integer     NOT NULL,
            Version      integer     NOT NULL,
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
         'WITH gone AS (
            DELETE FROM OrleansRemindersTable
            WHERE ServiceId = @ServiceId AND GrainId = @GrainId AND ReminderName = @ReminderName AND Version = @Version RETURNING 1)
          SELECT count(*) > 0 FROM gone'),
        ('DeleteReminderRowsKey',
         'DELETE FROM OrleansRemindersTable WHERE ServiceId = @ServiceId');
        """;
}
