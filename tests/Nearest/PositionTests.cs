using Realtime.Nearest;

namespace Realtime.Tests.Nearest;

public sealed class PositionTests
{
    [Theory]
    [InlineData(90, 180)]
    [InlineData(-90, -180)]
    [InlineData(48.8566, 2.3522)]
    public void A_position_on_Earth_is_taken(double latitude, double longitude)
    {
        Assert.True(Position.TryCreate(latitude, longitude, out var position));
        Assert.Equal((latitude, longitude), (position.Latitude, position.Longitude));
    }

    [Theory]
    [InlineData(90.0000001, 0)]
    [InlineData(-91, 0)]
    [InlineData(0, 180.0000001)]
    [InlineData(0, -181)]
    [InlineData(double.NaN, 0)]
    [InlineData(0, double.NaN)]
    [InlineData(double.PositiveInfinity, 0)]
    [InlineData(0, double.NegativeInfinity)]
    public void Anything_else_is_refused(double latitude, double longitude)
    {
        Assert.False(Position.TryCreate(latitude, longitude, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Position(latitude, longitude));
    }
}
