using NodaTime;

namespace Realtime;

/// <summary>An <see cref="Instant"/> on the wire between silos: whole seconds since the Unix epoch, rounded down, and nanoseconds since then.</summary>
[GenerateSerializer, Alias("realtime.InstantSurrogate")]
internal struct InstantSurrogate
{
    [Id(0)] public long Seconds;
    [Id(1)] public int Nanoseconds;
}

/// <summary>Tells Orleans how to carry an <see cref="Instant"/>.</summary>
[RegisterConverter]
internal sealed class InstantConverter : IConverter<Instant, InstantSurrogate>
{
    public Instant ConvertFromSurrogate(in InstantSurrogate surrogate) =>
        Instant.FromUnixTimeSeconds(surrogate.Seconds).PlusNanoseconds(surrogate.Nanoseconds);

    public InstantSurrogate ConvertToSurrogate(in Instant value)
    {
        var seconds = value.ToUnixTimeSeconds();
        return new() { Seconds = seconds, Nanoseconds = (int)(value - Instant.FromUnixTimeSeconds(seconds)).TotalNanoseconds };
    }
}
