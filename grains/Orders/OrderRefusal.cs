using NodaTime;
using Realtime.Products;
using Realtime.Webhooks;

namespace Realtime.Orders;

/// <summary>The expected "no" of this slice; a sentence is made of it where it meets a person.</summary>
/// <param name="Kind">Why.</param>
[GenerateSerializer, Immutable, Alias("realtime.OrderRefusal")]
internal sealed record OrderRefusal([property: Id(0)] OrderRefusalKind Kind)
{
    /// <summary>The version that stands, where the caller knew another; the most that is allowed, where there was too much.</summary>
    [Id(1)] public long Number { get; init; }

    /// <summary>The product that is not known.</summary>
    [Id(2)] public Cip13? Cip13 { get; init; }

    /// <summary>What is missing.</summary>
    [Id(3)] public IReadOnlyList<MissingBoxes> Missing { get; init; } = [];

    /// <summary>What the dose law has against it.</summary>
    [Id(4)] public IReadOnlyList<DoseProblem> Doses { get; init; } = [];

    /// <summary>Where the order stands, which is not where it would have to.</summary>
    [Id(5)] public OrderState? State { get; init; }

    /// <summary>Until when the pharmacy is paused; null where nobody has said.</summary>
    [Id(6)] public Instant? Until { get; init; }

    /// <summary>What is wrong with the address that a browser is to be told at.</summary>
    [Id(7)] public AddressFault? Address { get; init; }
}

/// <summary>Boxes that cannot be promised.</summary>
/// <param name="Cip13">Of which product.</param>
/// <param name="Requested">Boxes asked for.</param>
/// <param name="Available">Boxes that could be promised.</param>
[GenerateSerializer, Immutable, Alias("realtime.MissingBoxes")]
internal sealed record MissingBoxes([property: Id(0)] Cip13 Cip13, [property: Id(1)] int Requested, [property: Id(2)] int Available);

/// <summary>Why a command about stock or orders was refused.</summary>
internal enum OrderRefusalKind : byte
{
    /// <summary>No pharmacy has this number.</summary>
    UnknownPharmacy,

    /// <summary>The catalogue has no such product.</summary>
    UnknownProduct,

    /// <summary>The pharmacy has no such order.</summary>
    UnknownOrder,

    /// <summary>What is needed to decide is not there yet: try again.</summary>
    NotReady,

    /// <summary>The key came before, with another command.</summary>
    KeyReused,

    /// <summary>The order has changed since the caller read it.</summary>
    Stale,

    /// <summary>Fewer boxes can be promised than are asked for.</summary>
    OutOfStock,

    /// <summary>The pharmacy takes no orders here, or not during its public duty.</summary>
    ClickAndCollectOff,

    /// <summary>The pharmacy takes no orders for a while.</summary>
    Paused,

    /// <summary>The contact has as many open orders here as it may.</summary>
    TooManyOpenOrders,

    /// <summary>The dose law does not allow it: its problems say why.</summary>
    DoseLaw,

    /// <summary>The buyer is too young.</summary>
    Age,

    /// <summary>The buyer did not consent.</summary>
    Consent,

    /// <summary>The pharmacy asks questions that were not answered.</summary>
    AnswersMissing,

    /// <summary>The order does not stand where this can be done.</summary>
    WrongState,

    /// <summary>No pharmacist stands behind the order yet.</summary>
    NotValidated,

    /// <summary>An offer must be fewer boxes of what was ordered, and not none.</summary>
    InvalidOffer,

    /// <summary>The pick-up code is wrong.</summary>
    WrongCode,

    /// <summary>Too many wrong codes were given: a pharmacist must check who collects.</summary>
    CodeLocked,

    /// <summary>Nothing can be undone, or not any more.</summary>
    NothingToUndo,

    /// <summary>Only a pharmacist may, and says why.</summary>
    PharmacistOnly,

    /// <summary>The product is not short.</summary>
    NotShort,

    /// <summary>More is promised to those who are to be served than there is.</summary>
    StillShort,

    /// <summary>There is as much as the conversation, or the waiting list, may hold.</summary>
    TooMany,

    /// <summary>The address waits for this product already.</summary>
    AlreadyWaiting,

    /// <summary>The feed is not the next one.</summary>
    SequenceGap,

    /// <summary>Another feed of this number was taken.</summary>
    SequenceReused,

    /// <summary>A box is, or may be, of a recalled lot.</summary>
    LotRecalled,

    /// <summary>A box is past its last day.</summary>
    LotExpired,

    /// <summary>A box that was scanned was not ordered.</summary>
    ScanMismatch,

    /// <summary>The address that a browser is to be told at cannot be called.</summary>
    PushAddress,
}
