using System.Security.Cryptography;
using NodaTime;
using Realtime.Identity;
using Realtime.Journal;
using Realtime.Pharmacies;

namespace Realtime.Webhooks;

/// <summary>
/// The one owner of a pharmacy's webhooks: decide, append, evolve. How messages are read, sent and written down stands in <c>WebhookGrain.Delivering.cs</c>. No call is made
/// within a turn of this grain: <see cref="WebhookSender"/> makes them.
/// </summary>
[GrainType("webhooks")]
internal sealed partial class WebhookGrain(
    IJournal journal, [PersistentState("webhooks", JournalRegistration.Snapshots)] IPersistentState<Snapshot> snapshot, Clock clock, Sealing sealing, RealtimeOptions options,
    WebhookGuard guard, WebhookSender sender)
    : JournaledGrain<WebhookState, WebhookEvent>(journal, snapshot), IWebhookGrain, IRemindable
{
    // A snapshot costs what the state weighs: taken after as many rows as half of that, its cost per row stays the same.
    private const int LeastRows = 64, Half = 2;

    // Tests that are remembered; who asks for an older one is told that nothing is known of it.
    private const int MostTests = 20;

    // What has not been reported for so long was lost on the way: nobody waits for it any more.
    private static readonly Duration TestAge = Duration.FromSeconds(20);

    private readonly IJournal _journal = journal;
    private readonly OrderedDictionary<MessageId, TestCall> _tests = [];

    private PharmacyId Id => PharmacyId.Parse(this.GetPrimaryKeyString());

    /// <inheritdoc/>
    protected override string Stream => WebhookStreams.Of(Id);

    /// <inheritdoc/>
    protected override WebhookState Empty => WebhookState.Empty;

    /// <inheritdoc/>
    protected override int StateVersion => 1;

    /// <inheritdoc/>
    protected override int SnapshotEvery => Math.Max(LeastRows, State.Endpoints.Sum(endpoint => endpoint.Waiting.Count + endpoint.Dead.Count) / Half);

    /// <inheritdoc/>
    public Task<IReadOnlyList<WebhookView>> All() => Task.FromResult<IReadOnlyList<WebhookView>>([.. State.Endpoints.Select(ViewOf)]);

    /// <inheritdoc/>
    public async Task<WebhookAnswer> Add(string url, IReadOnlyList<string> events, string? description, string actor)
    {
        if (guard.Refuse(url) is { } fault)
            return new(WebhookRefusal.Address, Fault: fault);
        var secret = NewSecret();
        var added = new EndpointAdded(url, [.. WebhookMessages.Types.Where(events.Contains)], description, sealing.Seal(secret, Stream), await Ends());
        var answer = await Change(WebhookRules.DecideAdding(State, added), actor, "events asked for by the titulaire");
        return answer.Refusal is null ? answer with { Webhook = ViewOf(State.Endpoints[^1]), Secret = secret } : answer;
    }

    /// <inheritdoc/>
    public Task<WebhookAnswer> Remove(string webhook, string actor) => Change(WebhookRules.DecideRemoval(State, webhook), actor, "taken out by the titulaire");

    /// <inheritdoc/>
    public async Task<WebhookAnswer> Rotate(string webhook, string actor)
    {
        var (secret, now) = (NewSecret(), clock.Now);
        var answer = await Change(WebhookRules.DecideRotation(State, webhook, sealing.Seal(secret, Stream), now), actor, "another secret made by the titulaire");
        return answer.Refusal is null && State.Find(webhook) is { } endpoint ? answer with { Webhook = ViewOf(endpoint), Secret = secret, OldUntil = endpoint.OldUntil } : answer with { OldUntil = State.Find(webhook)?.OldUntil };
    }

    /// <inheritdoc/>
    public Task<WebhookAnswer> Test(string webhook)
    {
        if (State.Find(webhook) is not { } endpoint)
            return Task.FromResult(new WebhookAnswer(WebhookRefusal.UnknownWebhook));
        var now = clock.Now;
        if (_tests.Values.Any(test => test.Endpoint == webhook && test.Outcome is null && now - test.Since < TestAge))
            return Task.FromResult(new WebhookAnswer(WebhookRefusal.TestUnderWay));
        var message = NextTest(now);
        if (_tests.Count >= MostTests)
            _tests.RemoveAt(0);
        _tests[message.Id] = new(webhook, now, null);
        Put(endpoint, message);
        return Task.FromResult(new WebhookAnswer(null, ViewOf(endpoint), Test: message.Id));
    }

    /// <inheritdoc/>
    public Task<DeliveryOutcome?> OutcomeOf(MessageId test) => Task.FromResult(_tests.TryGetValue(test, out var call) ? call.Outcome : null);

    /// <inheritdoc/>
    public Task<IReadOnlyList<DeadLetter>?> Dead(string webhook) =>
        Task.FromResult<IReadOnlyList<DeadLetter>?>(State.Find(webhook) is { } endpoint ? [.. WebhookRules.LettersAt(endpoint, clock.Now)] : null);

    /// <inheritdoc/>
    public async Task<WebhookAnswer> Redeliver(string webhook, MessageId message, string actor)
    {
        var answer = await Change(WebhookRules.DecideRedelivery(State, webhook, message, clock.Now), actor, "sent again for the titulaire");
        if (answer.Refusal is null)
            await Deliver();
        return answer;
    }

    /// <inheritdoc/>
    protected override WebhookState Evolve(WebhookState state, WebhookEvent change, long seq, Instant at) => WebhookRules.Evolve(state, change, seq, at);

    /// <inheritdoc/>
    protected override (string Kind, int Version, byte[] Payload) Write(WebhookEvent change) => WebhookJson.Write(change);

    /// <inheritdoc/>
    protected override WebhookEvent Read(string kind, int version, ReadOnlyMemory<byte> payload) => WebhookJson.Read(kind, version, payload.Span);

    /// <inheritdoc/>
    protected override byte[] WriteState(WebhookState state) => WebhookJson.WriteState(state);

    /// <inheritdoc/>
    protected override WebhookState ReadState(ReadOnlyMemory<byte> state) => WebhookJson.ReadState(state.Span);

    /// <inheritdoc/>
    protected override byte[]? PublicState(WebhookEvent change, WebhookState before, WebhookState after) => WebhookFacts.Changed(before, after) is { } facts ? WebhookJson.WriteFacts(facts) : null;

    // Tests are named after their millisecond: two of the same would be one.
    private WebhookMessage NextTest(Instant at)
    {
        var message = WebhookMessages.OfTest(Id, at);
        return _tests.ContainsKey(message.Id) ? NextTest(at + Duration.FromMilliseconds(1)) : message;
    }

    private static string NewSecret() => WebhookSignature.SecretOf(RandomNumberGenerator.GetBytes(WebhookSignature.SecretSize));

    private WebhookView ViewOf(WebhookEndpoint endpoint) => new(
        endpoint.Id, endpoint.Url, endpoint.Events, endpoint.Description, endpoint.AddedAt, endpoint.GoneAt, endpoint.Waiting.Count, WebhookRules.LettersAt(endpoint, clock.Now).Count());

    private async Task<WebhookAnswer> Change((WebhookEvent?, WebhookRefusal?) decision, string actor, string reason)
    {
        if (decision is not ({ } happened, null))
            return new(decision.Item2);
        await Append(happened, actor, reason, clock.Now);
        return new(null);
    }

    /// <summary>A test that somebody asked for.</summary>
    private sealed record TestCall(string Endpoint, Instant Since, DeliveryOutcome? Outcome);

    private async Task<WebhookCursor> Ends() => new(await _journal.LastOf(Orders.OrderJson.StreamOf(Id)), await _journal.LastOf(PharmacyStreams.Of(Id)));
}
