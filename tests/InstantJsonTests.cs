using System.Text.Json;
using CsCheck;
using NodaTime;
using NodaTime.Serialization.SystemTextJson;

namespace Realtime.Tests;

/// <summary>NodaTime's own converter says what is right.</summary>
public sealed class InstantJsonTests
{
    private static readonly JsonSerializerOptions Ours = Options(new InstantJson()), Noda = Options(NodaConverters.InstantConverter);

    // From the first instant that NodaTime knows to the last, to the nanosecond, the second, or as the journal keeps it.
    private static readonly Gen<Instant> Instants = Gen.Select(Gen.Long[-377_673_580_800, 253_402_300_799], Gen.OneOf(Gen.Const(0L), Gen.Long[0, 999_999_999], Gen.Long[0, 9_999_999].Select(ticks => ticks * 100), Gen.Long[0, 999].Select(ms => ms * 1_000_000)))
        .Select((seconds, nanoseconds) => Instant.FromUnixTimeSeconds(seconds).PlusNanoseconds(nanoseconds));

    [Fact]
    public void Every_instant_is_written_and_read_as_NodaTime_does() => Instants.Sample(instant =>
    {
        var written = JsonSerializer.Serialize(instant, Ours);
        Assert.Equal(JsonSerializer.Serialize(instant, Noda), written);
        Assert.Equal(instant, JsonSerializer.Deserialize<Instant>(written, Ours));
    }, iter: 100_000);

    [Theory]
    [InlineData("\"2026-02-29T00:00:00Z\"")]
    [InlineData("\"2026-11-23T09:00:00\"")]
    [InlineData("\"2026-11-23T09:00:00.Z\"")]
    [InlineData("\"2026-11-23T09:00:00.1234567890Z\"")]
    [InlineData("\"2026-13-01T09:00:00Z\"")]
    [InlineData("\"2026-11-23 09:00:00Z\"")]
    [InlineData("\"2O26-11-23T09:00:00Z\"")]
    [InlineData("\"\"")]
    [InlineData("null")]
    [InlineData("17")]
    public void What_is_no_instant_is_refused_where_NodaTime_refuses_it(string json)
    {
        Assert.ThrowsAny<JsonException>(() => JsonSerializer.Deserialize<Instant>(json, Noda));
        Assert.ThrowsAny<JsonException>(() => JsonSerializer.Deserialize<Instant>(json, Ours));
    }

    [Theory]
    [InlineData("\"2026-11-23T09:00:00.1Z\"")]
    [InlineData("\"2026-11-23T24:00:00Z\"")]
    [InlineData("\"2026-11-23T09:00:00.123456789Z\"")]
    [InlineData("\"2026-11-23T09:00:00.0000000Z\"")]
    [InlineData("\"\\u0032026-11-23T09:00:00Z\"")]
    [InlineData("\"-0044-03-15T12:00:00Z\"")]
    public void What_others_wrote_is_read_as_NodaTime_reads_it(string json) =>
        Assert.Equal(JsonSerializer.Deserialize<Instant>(json, Noda), JsonSerializer.Deserialize<Instant>(json, Ours));

    private static JsonSerializerOptions Options(System.Text.Json.Serialization.JsonConverter converter)
    {
        var options = new JsonSerializerOptions();
        options.Converters.Add(converter);
        return options;
    }
}
