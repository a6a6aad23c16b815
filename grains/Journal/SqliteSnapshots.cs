using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace Realtime.Journal;

/// <summary>
/// Orleans' ADO.NET grain storage on the journal's SQLite file, each write taking its turn with the journal's writer. Without turns a snapshot would
/// meet SQLite's write lock held almost all the time under load, and sleep and retry: the slowest of 100 beside 64 busy streams took 2.7 s; with turns 8 to 22 ms.
/// </summary>
internal sealed class SqliteSnapshots(SqliteDialect dialect, [FromKeyedServices(SqliteSnapshots.Inner)] IGrainStorage storage) : IGrainStorage
{
    /// <summary>The name under which the storage without turns is registered.</summary>
    public const string Inner = "snapshots-sqlite";

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => storage.ReadStateAsync(stateName, grainId, grainState);

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        dialect.BesideWriter(() => storage.WriteStateAsync(stateName, grainId, grainState));

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        dialect.BesideWriter(() => storage.ClearStateAsync(stateName, grainId, grainState));
}
