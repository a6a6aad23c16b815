using System.Data.Common;
using NodaTime;

namespace Realtime.Journal;

/// <summary>How a row of the table <c>journal</c> becomes a <see cref="JournalRow"/>; instants are stored as Unix ticks of 100 ns.</summary>
internal static class JournalRows
{
    public const string Columns = "stream, seq, lane, n, at, kind, version, actor, reason, payload, hash";

    public static JournalRow Read(DbDataReader reader) => new(
        reader.GetString(0),
        reader.GetInt64(1),
        reader.GetInt64(2),
        reader.GetInt64(3),
        Instant.FromUnixTimeTicks(reader.GetInt64(4)),
        new JournalEvent(reader.GetString(5), reader.GetInt32(6), reader.GetString(7), reader.GetString(8), reader.GetFieldValue<byte[]>(9)),
        reader.GetFieldValue<byte[]>(10));

    /// <summary>The instant as it will be read back, so that what is computed before and after storage is the same.</summary>
    public static Instant AsStored(Instant at) => Instant.FromUnixTimeTicks(at.ToUnixTimeTicks());

    /// <summary>A command of <paramref name="sql"/> with the named values, in the order given.</summary>
    public static DbCommand Command(this DbConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> values)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values)
            command.Add(name, value);
        return command;
    }

    /// <summary>Adds a parameter and returns it, so that a prepared command can be given its next values.</summary>
    public static DbParameter Add(this DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value;
        command.Parameters.Add(parameter);
        return parameter;
    }
}
