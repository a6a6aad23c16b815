using Realtime.Journal;

namespace Realtime.Benchmarks.Orders;

/// <summary>What anybody would write first: a grain that keeps all its state by <c>WriteStateAsync</c> and nothing else.</summary>
[Alias("realtime.benchmarks.IPlainGrain")]
public interface IPlainGrain : IGrainWithStringKey
{
    /// <summary>Changes the state, which is 1 KB in the store, and writes it; how often that was done.</summary>
    [Alias("Write")]
    Task<long> Write();
}

/// <inheritdoc cref="IPlainGrain"/>
[GrainType("benchmarks-plain")]
public sealed class PlainGrain([PersistentState("plain", JournalRegistration.Snapshots)] IPersistentState<Snapshot> state) : Grain, IPlainGrain
{
    // As base64 in its JSON it makes the row 1,024 bytes long.
    private const int Bytes = 720;

    /// <inheritdoc/>
    public async Task<long> Write()
    {
        var seq = state.State.Seq + 1;
        var payload = new byte[Bytes];
        new Random((int)seq).NextBytes(payload);
        state.State = new Snapshot { Version = 1, Seq = seq, Hash = [], State = payload };
        await state.WriteStateAsync();
        return seq;
    }
}
