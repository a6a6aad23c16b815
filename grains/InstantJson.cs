using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using NodaTime;
using NodaTime.Text;

namespace Realtime;

/// <summary>
/// Instants of the common era in JSON as NodaTime's own converter writes them, <c>2026-11-23T09:00:00.0000001Z</c> without needless zeros, but without allocating: an order has
/// ten of them, and the pattern costs more than all the rest of its JSON. What is not of that shape is left to the pattern, which refuses it or knows better.
/// </summary>
internal sealed class InstantJson : JsonConverter<Instant>
{
    // yyyy-MM-ddTHH:mm:ss, a dot, and nine digits at most; this program keeps seven.
    private const int Whole = 19, Longest = 27, FractionDigits = 7;

    /// <inheritdoc/>
    public override Instant Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader is { TokenType: JsonTokenType.String, HasValueSequence: false, ValueIsEscaped: false } && TryRead(reader.ValueSpan, out var instant))
            return instant;
        return InstantPattern.ExtendedIso.Parse(reader.GetString() ?? "") is { Success: true } parsed ? parsed.Value
            : throw new JsonException($"'{reader.GetString()}' is no instant such as 2026-11-23T09:00:00Z.");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Instant value, JsonSerializerOptions options)
    {
        Span<byte> text = stackalloc byte[Longest + 1];
        if (TryWrite(value, text, out var length))
            writer.WriteStringValue(text[..length]);
        else
            writer.WriteStringValue(InstantPattern.ExtendedIso.Format(value));
    }

    private static bool TryWrite(Instant value, Span<byte> text, out int length)
    {
        length = 0;
        // Before the common era, and finer than 100 ns, it is the pattern's.
        if (value < Instant.FromUtc(1, 1, 1, 0, 0) || Instant.FromUnixTimeTicks(value.ToUnixTimeTicks()) != value)
            return false;
        if (!value.ToDateTimeUtc().TryFormat(text, out length, "yyyy-MM-ddTHH:mm:ss.fffffff", CultureInfo.InvariantCulture))
            return false;
        while (text[length - 1] == '0')
            length--;
        if (text[length - 1] == '.')
            length--;
        text[length++] = (byte)'Z';
        return true;
    }

    private static bool TryRead(ReadOnlySpan<byte> text, out Instant instant)
    {
        instant = default;
        if (text.Length is < Whole + 1 or > Longest + 1 || text[^1] != 'Z' || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':')
            return false;
        if (!(TryNumber(text[..4], out var year) && TryNumber(text[5..7], out var month) && TryNumber(text[8..10], out var day)
            && TryNumber(text[11..13], out var hour) && TryNumber(text[14..16], out var minute) && TryNumber(text[17..19], out var second)))
            return false;
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 59)
            return false;
        if (!TryFraction(text[Whole..^1], out var ticks))
            return false;
        instant = Instant.FromDateTimeUtc(new DateTime(year, month, day, hour, minute, second, DateTimeKind.Utc).AddTicks(ticks));
        return true;
    }

    // A dot and one to seven digits, or nothing.
    private static bool TryFraction(ReadOnlySpan<byte> text, out int ticks)
    {
        ticks = 0;
        if (text.IsEmpty)
            return true;
        if (text[0] != '.' || text.Length is < 2 or > FractionDigits + 1 || !TryNumber(text[1..], out ticks))
            return false;
        for (var digits = text.Length - 1; digits < FractionDigits; digits++)
            ticks *= 10;
        return true;
    }

    private static bool TryNumber(ReadOnlySpan<byte> digits, out int number)
    {
        number = 0;
        foreach (var digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'9')
                return false;
            number = (number * 10) + (digit - '0');
        }
        return true;
    }
}
