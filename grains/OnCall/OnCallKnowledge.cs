using Microsoft.Extensions.Logging;
using Realtime.Journal;
using Realtime.Pharmacies;

namespace Realtime.OnCall;

/// <summary>
/// In every silo: what is known of on-call duty, at most a quarter of a second old, for grains that must know who serves when. Until it has been read once, whoever asks waits.
/// </summary>
internal sealed class OnCallKnowledge(IJournal journal, Clock clock, DemoWorld demo, ILogger<OnCallKnowledge> log)
    : FactsFollower("On-call duty", RotaStreams.Prefix, TimeSpan.FromMilliseconds(250), journal, clock, log)
{
    private volatile OnCallBook _book = OnCallBook.Of(demo);

    /// <summary>What is known.</summary>
    public ValueTask<OnCallBook> Current => Begun.IsCompletedSuccessfully ? new(_book) : OnceBegun();

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Kinds => RotaJson.Kinds;

    /// <inheritdoc/>
    protected override void Take(PublicState state) => _book = _book.With(RotaJson.ReadFacts(state.Payload.Span), out _);

    private async ValueTask<OnCallBook> OnceBegun()
    {
        await Begun;
        return _book;
    }
}
