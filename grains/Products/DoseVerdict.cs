using System.Text.Json.Serialization;
using NodaTime;

namespace Realtime.Products;

/// <summary>One line of a basket.</summary>
/// <param name="Cip13">Which presentation.</param>
/// <param name="Quantity">Boxes, 1 or more.</param>
/// <param name="Facts">What is known of it at that moment.</param>
internal sealed record DoseLine(Cip13 Cip13, int Quantity, DoseFacts Facts);

/// <summary>Why a basket cannot be sold online as it is. Stored by name, and the words of the public interface.</summary>
internal enum DoseProblemKind : byte
{
    /// <summary>The medicine is not on the market.</summary>
    [JsonStringEnumMemberName("not-marketed")]
    NotMarketed,

    /// <summary>It needs a prescription.</summary>
    [JsonStringEnumMemberName("prescription-only")]
    PrescriptionOnly,

    /// <summary>The mass of a limited substance in its box is not known.</summary>
    [JsonStringEnumMemberName("mass-unknown")]
    MassUnknown,

    /// <summary>More of a substance than an order, or a box, may hold.</summary>
    [JsonStringEnumMemberName("dose-limit-exceeded")]
    DoseLimitExceeded,

    /// <summary>More boxes than may be sold online, which may be none for now.</summary>
    [JsonStringEnumMemberName("quantity-limit")]
    QuantityLimit,
}

/// <summary>All of one substance in a basket, in the forms that share a limit.</summary>
/// <param name="Substance">Which.</param>
/// <param name="Forms">The forms of its limit, or, without one, of the medicines.</param>
/// <param name="Grams">The mass that is known.</param>
/// <param name="Incomplete">Whether a box beside it has an unknown mass of it.</param>
/// <param name="Limit">The limit in force; null where there is none.</param>
/// <param name="Share">Part of the limit that is taken, 1 being all of it; null without a limit.</param>
internal sealed record Dose(string Substance, DoseForms Forms, Mass Grams, bool Incomplete, DoseRule? Limit, double? Share);

/// <summary>One reason against a basket.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Cip13s">The lines it bears on, in ascending order, each once.</param>
/// <param name="Substance">The substance it bears on; null where it bears on the box as a whole.</param>
/// <param name="Rule">The rule that says so; null where the medicine's own record does.</param>
[GenerateSerializer, Immutable, Alias("realtime.DoseProblem")]
internal sealed record DoseProblem([property: Id(0)] DoseProblemKind Kind, [property: Id(1)] IReadOnlyList<Cip13> Cip13s, [property: Id(2)] string? Substance, [property: Id(3)] DoseRule? Rule)
{
    /// <summary>For a dose: all of the substance in the basket, or in the box that is too large.</summary>
    [Id(4)] public Mass? Grams { get; init; }

    /// <summary>For a dose: part of the limits that is taken, over all forms.</summary>
    [Id(5)] public double? Share { get; init; }

    /// <summary>For a number of boxes: how many are asked for.</summary>
    [Id(6)] public long? Requested { get; init; }

    /// <summary>For a number of boxes: how many may be sold.</summary>
    [Id(7)] public long? Allowed { get; init; }
}

/// <summary>
/// What the law says of a basket at an instant, with all that made it: the lines, and every rule that bore on them. Deciding <see cref="Lines"/> again at
/// <see cref="At"/> under <see cref="Rules"/> alone gives the same verdict, whatever rules were added since.
/// </summary>
/// <param name="At">When.</param>
/// <param name="Lines">The basket as it was given.</param>
/// <param name="Doses">By substance and form.</param>
/// <param name="Problems">Empty where the basket may be sold.</param>
/// <param name="Rules">The rules.</param>
internal sealed record DoseVerdict(Instant At, IReadOnlyList<DoseLine> Lines, IReadOnlyList<Dose> Doses, IReadOnlyList<DoseProblem> Problems, IReadOnlyList<DoseRule> Rules)
{
    /// <summary>Whether the basket may be sold online.</summary>
    [JsonIgnore]
    public bool IsAllowed => Problems.Count == 0;
}
