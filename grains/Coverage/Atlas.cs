using Microsoft.Extensions.Logging;
using Realtime.Journal;
using Realtime.Pharmacies;
using Realtime.Sets;

namespace Realtime.Coverage;

/// <summary>The communes this node works with. The <see cref="CommunesFollower"/> alone swaps them, whole; readers take no lock.</summary>
internal sealed class Atlas
{
    private volatile Communes? _communes;

    /// <summary>The communes; null until it is known which set is in force, or while the one in force cannot be read.</summary>
    public Communes? Communes => _communes;

    /// <summary>Whether the journal was asked once which set is in force, be the answer good or not.</summary>
    public bool IsSettled { get; private set; }

    /// <summary>Notes that it was asked.</summary>
    public void Settle() => IsSettled = true;

    /// <summary>Puts others in the place of the present ones.</summary>
    public void Swap(Communes communes) => _communes = communes;
}

/// <summary>Keeps this node's <see cref="Atlas"/> as the journal says; in the demo the towns that the product ships stand in for communes where none were imported.</summary>
internal sealed class CommunesFollower(IJournal journal, SetStore store, Atlas atlas, DemoWorld demo, ILogger<CommunesFollower> log)
    : SetFollower(ISetGrain.Communes, journal, store, log)
{
    protected override string? InUse => atlas.Communes?.Version;

    protected override void Take(string hash, byte[] payload) => atlas.Swap(Communes.Of(hash, CommunesFile.Unpack(payload)));

    protected override void TakeNone() => atlas.Swap(atlas.Communes ?? (demo.IsOn ? Communes.OfTowns() : Communes.None));

    protected override void Settle() => atlas.Settle();
}
