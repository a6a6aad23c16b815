using Realtime.Journal;

namespace Realtime.Schools;

/// <summary>The table of school holidays. One activation, key <c>all</c>.</summary>
[Alias("realtime.ISchoolGrain")]
public interface ISchoolGrain : IGrainWithStringKey
{
    /// <summary>Its only key.</summary>
    const string Key = "all";

    /// <summary>States school years; how many of them were new or changed.</summary>
    [Alias("Put")]
    Task<int> Put(SchoolYear[] years, string actor);

    /// <summary>Every year that was stated.</summary>
    [Alias("Years")]
    Task<SchoolYear[]> Years();
}

/// <summary>The one owner of the table.</summary>
[GrainType("school")]
public sealed class SchoolGrain(IJournal journal, [PersistentState("school", JournalRegistration.Snapshots)] IPersistentState<Snapshot> snapshot, Clock clock)
    : JournaledGrain<SchoolTable, SchoolYearsStated>(journal, snapshot), ISchoolGrain
{
    /// <inheritdoc/>
    protected override string Stream => SchoolRules.Stream;

    /// <inheritdoc/>
    protected override SchoolTable Empty => SchoolTable.Empty;

    /// <inheritdoc/>
    protected override int StateVersion => 1;

    /// <inheritdoc/>
    public async Task<int> Put(SchoolYear[] years, string actor)
    {
        var news = SchoolRules.News(State, years);
        if (news.Length > 0)
            await Append(new SchoolYearsStated(news), actor, "imported from the official calendar", clock.Now);
        return news.Length;
    }

    /// <inheritdoc/>
    public Task<SchoolYear[]> Years() => Task.FromResult(State.Years);

    /// <inheritdoc/>
    protected override SchoolTable Evolve(SchoolTable state, SchoolYearsStated change, long seq, NodaTime.Instant at) => SchoolRules.Evolve(state, change);

    /// <inheritdoc/>
    protected override (string Kind, int Version, byte[] Payload) Write(SchoolYearsStated change) => SchoolJson.Write(change);

    /// <inheritdoc/>
    protected override SchoolYearsStated Read(string kind, int version, ReadOnlyMemory<byte> payload) => SchoolJson.Read(kind, version, payload.Span);

    /// <inheritdoc/>
    protected override byte[] WriteState(SchoolTable state) => SchoolJson.WriteTable(state);

    /// <inheritdoc/>
    protected override SchoolTable ReadState(ReadOnlyMemory<byte> state) => SchoolJson.ReadTable(state.Span);

    /// <inheritdoc/>
    protected override byte[]? PublicState(SchoolYearsStated change, SchoolTable before, SchoolTable after) => WriteState(after);
}
