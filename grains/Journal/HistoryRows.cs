using System.Data.Common;

namespace Realtime.Journal;

/// <summary>How the table <c>order_history</c> is asked: along its key, the newest first. Both stores understand these texts.</summary>
internal static class HistoryRows
{
    private const string Select = "SELECT order_id, state, payload FROM order_history WHERE stream = @stream";

    /// <summary>A page, as <see cref="IJournal.History"/> says.</summary>
    public static DbCommand Page(DbConnection connection, string stream, string? before, IReadOnlyCollection<string>? states, int limit)
    {
        var command = connection.Command(Select, ("@stream", stream), ("@limit", limit));
        if (before is not null)
        {
            command.CommandText += " AND order_id < @before";
            command.Add("@before", before);
        }
        if (states is not null)
            command.CommandText += $" AND state IN ({string.Join(", ", states.Select((state, i) => command.Add($"@state{i}", state).ParameterName))})";
        command.CommandText += " ORDER BY order_id DESC LIMIT @limit";
        return command;
    }

    /// <summary>One order.</summary>
    public static DbCommand One(DbConnection connection, string stream, string orderId) =>
        connection.Command($"{Select} AND order_id = @order", ("@stream", stream), ("@order", orderId));

    public static async Task<IReadOnlyList<HistoryEntry>> Read(DbCommand command, CancellationToken cancellation)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        List<HistoryEntry> entries = [];
        while (await reader.ReadAsync(cancellation))
            entries.Add(new HistoryEntry(reader.GetString(0), reader.GetString(1), reader.GetFieldValue<byte[]>(2)));
        return entries;
    }
}
