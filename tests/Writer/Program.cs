// The process that the kill tests kill: one loop per stream appends as fast as it is answered, and every answer goes to standard output at once.
// Where another process writes the same streams it is fenced now and then, and reads again as a grain would.
// With a secret it also writes checkpoints, as often as it can.
// Usage: Realtime.Tests.Writer DIRECTORY|CONNECTION-STRING STREAMS [SECRET]
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime.Extensions;
using Realtime.Identity;
using Realtime.Journal;

using var data = args[0].Contains('=') ? null : DataDirectory.Open(args[0], Environment.CurrentDirectory);
JournalDialect dialect = data is null ? new PostgresDialect(PostgresSource.Open(args[0])) : new SqliteDialect(data.Database);
using var journal = new SqlJournal(dialect, TimeProvider.System, NullLogger<SqlJournal>.Instance);
await using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
var appending = Enumerable.Range(0, int.Parse(args[1])).Select(stream => Task.Run(() => AppendForever($"s/{stream}")));
await Task.WhenAll(args.Length > 2 ? appending.Append(Task.Run(() => CheckpointForever(new AuditKey(Secret.Parse(args[2]))))) : appending);

async Task AppendForever(string stream)
{
    var last = await Head(stream);
    while (true)
    {
        var seq = (last?.Seq ?? 0) + 1;
        var facts = Encoding.UTF8.GetBytes($$"""{"process":{{Environment.ProcessId}},"seq":{{seq}}}""");
        try
        {
            last = await journal.Append(new Append(stream, seq, last?.Hash ?? default, TimeProvider.System.GetCurrentInstant(), new JournalEvent("Noted", 1, "writer", "kill test", facts), facts));
        }
        catch (JournalException) when (data is null)
        {
            last = await Head(stream);
            continue;
        }
        // The last word shows that the whole line arrived before the kill.
        var line = $"{stream} {seq} {Convert.ToHexString(last.Hash.Span)} durable\n";
        lock (output)
            output.Write(line);
    }
}

async Task CheckpointForever(AuditKey key)
{
    while (true)
    {
        try
        {
            var writer = await CheckpointWriter.Begin(journal, dialect, key);
            while (true)
            {
                await writer.Cover(TimeProvider.System.GetCurrentInstant);
                await Task.Delay(20);
            }
        }
        catch (JournalException) when (data is null)
        {
            // The other process wrote the checkpoint: go on from that one.
        }
    }
}

async Task<JournalRow?> Head(string stream) => await journal.Read(stream, 0) is [.., var row] ? row : null;
