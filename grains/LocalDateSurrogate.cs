using NodaTime;

namespace Realtime;

/// <summary>A <see cref="LocalDate"/> on the wire between silos: days since 1 January 1970.</summary>
[GenerateSerializer, Alias("realtime.LocalDateSurrogate")]
internal struct LocalDateSurrogate
{
    [Id(0)] public int Days;
}

/// <summary>Tells Orleans how to carry a <see cref="LocalDate"/>.</summary>
[RegisterConverter]
internal sealed class LocalDateConverter : IConverter<LocalDate, LocalDateSurrogate>
{
    private static readonly LocalDate Epoch = new(1970, 1, 1);

    public LocalDate ConvertFromSurrogate(in LocalDateSurrogate surrogate) => Epoch.PlusDays(surrogate.Days);

    public LocalDateSurrogate ConvertToSurrogate(in LocalDate value) => new() { Days = Period.DaysBetween(Epoch, value) };
}
