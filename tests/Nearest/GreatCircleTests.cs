using Realtime.Nearest;

namespace Realtime.Tests.Nearest;

public sealed class GreatCircleTests
{
    private const double HalfWayRound = Math.PI * GreatCircle.EarthRadiusMeters;

    [Theory]
    [InlineData(0, 0, 0, 1, HalfWayRound / 180)]
    [InlineData(0, 0, 0, 90, HalfWayRound / 2)]
    [InlineData(0, 0, 90, 123, HalfWayRound / 2)]
    [InlineData(90, 0, -90, 0, HalfWayRound)]
    [InlineData(0, 0, 0, 180, HalfWayRound)]
    [InlineData(90, 10, 90, -170, 0)]
    [InlineData(-16.8, 180, -16.8, -180, 0)]
    [InlineData(0, 179.5, 0, -179.5, HalfWayRound / 180)]
    [InlineData(60, 0, 60, 180, HalfWayRound / 3)]
    [InlineData(45, 0, 45.001, 0, HalfWayRound / 180_000)]
    public void Arcs_of_known_angle_have_their_length(double latitudeA, double longitudeA, double latitudeB, double longitudeB, double meters) =>
        Assert.Equal(meters, GreatCircle.DistanceMeters(new(latitudeA, longitudeA), new(latitudeB, longitudeB)), 1e-6);

    [Fact]
    public void Paris_to_Lyon_is_392_kilometres() =>
        Assert.Equal(391_500, GreatCircle.DistanceMeters(new(48.8566, 2.3522), new(45.7640, 4.8357)), 100.0);

    [Fact]
    public void It_agrees_with_the_haversine_formula()
    {
        var places = new ScatteredPlaces(Campaign.Seed).Take(2_000);
        for (var i = 1; i < places.Length; i++)
        {
            var (a, b) = (places[i - 1].At, places[i].At);
            var meters = GreatCircle.DistanceMeters(a, b);
            Assert.True(Math.Abs(Haversine(a, b) - meters) <= 1e-7 + (1e-12 * meters), $"{a} to {b}: {meters} m, haversine {Haversine(a, b)} m; seed {Campaign.Seed}");
        }
    }

    [Fact]
    public void A_squared_chord_becomes_its_distance_again()
    {
        for (var meters = 0.001; meters < 19_000_000; meters *= 1.1)
            Assert.Equal(meters, GreatCircle.DistanceMeters(GreatCircle.ChordSquared(meters)), 1e-7);
        Assert.Equal(double.PositiveInfinity, GreatCircle.ChordSquared(double.PositiveInfinity));
    }

    private static double Haversine(Position a, Position b)
    {
        const double degree = Math.PI / 180;
        var (sinLatitude, sinLongitude) = (Math.Sin((b.Latitude - a.Latitude) * degree / 2), Math.Sin((b.Longitude - a.Longitude) * degree / 2));
        var h = (sinLatitude * sinLatitude) + (Math.Cos(a.Latitude * degree) * Math.Cos(b.Latitude * degree) * sinLongitude * sinLongitude);
        return 2 * GreatCircle.EarthRadiusMeters * Math.Asin(Math.Sqrt(h));
    }
}
