using CsCheck;
using ProjNet.CoordinateSystems;
using ProjNet.CoordinateSystems.Transformations;
using Realtime.Nearest;
using Realtime.Pharmacies;

namespace Realtime.Tests.Pharmacies;

/// <summary>The formula written here against ProjNET, which reads the projection's definition.</summary>
public sealed class Lambert93Tests
{
    private const string Definition = """
        PROJCS["RGF93 / Lambert-93",GEOGCS["RGF93",DATUM["Reseau_Geodesique_Francais_1993",SPHEROID["GRS 1980",6378137,298.257222101],TOWGS84[0,0,0,0,0,0,0]],
        PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]],PROJECTION["Lambert_Conformal_Conic_2SP"],PARAMETER["standard_parallel_1",49],
        PARAMETER["standard_parallel_2",44],PARAMETER["latitude_of_origin",46.5],PARAMETER["central_meridian",3],PARAMETER["false_easting",700000],
        PARAMETER["false_northing",6600000],UNIT["metre",1],AXIS["X",EAST],AXIS["Y",NORTH]]
        """;

    private static readonly MathTransform ToDegrees = new CoordinateTransformationFactory()
        .CreateFromCoordinateSystems(new CoordinateSystemFactory().CreateFromWkt(Definition), GeographicCoordinateSystem.WGS84).MathTransform;

    [Fact]
    public void Every_ten_kilometres_of_the_mainland_is_within_a_centimetre_of_the_oracle()
    {
        var (count, worst) = (0, 0d);
        for (var x = 100_000; x <= 1_240_000; x += 10_000)
            for (var y = 6_050_000; y <= 7_110_000; y += 10_000)
                if (Lambert93.TryToDegrees(x, y, out _, out _))
                    (count, worst) = (count + 1, Math.Max(worst, MetersFromOracle(x, y)));
        Assert.True(count > 11_000, $"{count} points");
        Assert.InRange(worst, 0, 0.01);
    }

    [Fact]
    public void Any_point_of_the_mainland_is_within_a_metre_of_the_oracle() =>
        Gen.Double[100_000, 1_240_000].Select(Gen.Double[6_050_000, 7_110_000])
            .Sample((x, y) => !Lambert93.TryToDegrees(x, y, out _, out _) || MetersFromOracle(x, y) < 1, iter: Campaign.Long ? 1_000_000 : 10_000);

    // The origin of the projection is known without any computation, and so is its central meridian.
    [Fact]
    public void The_origin_is_where_it_is_defined()
    {
        Assert.True(Lambert93.TryToDegrees(700_000, 6_600_000, out var latitude, out var longitude));
        Assert.Equal((46.5, 3), (latitude, longitude), (a, b) => Math.Abs(a.Item1 - b.Item1) < 1e-12 && a.Item2 == b.Item2);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(657_242.9, 1_795_384.4)]
    [InlineData(882_538.9, 65_428_858)]
    [InlineData(double.NaN, 6_600_000)]
    public void What_is_not_on_the_mainland_is_no_place(double x, double y) => Assert.False(Lambert93.TryToDegrees(x, y, out _, out _));

    internal static double MetersFromOracle(double x, double y)
    {
        Assert.True(Lambert93.TryToDegrees(x, y, out var latitude, out var longitude));
        return MetersFromOracle(x, y, latitude, longitude);
    }

    internal static double MetersFromOracle(double x, double y, double latitude, double longitude)
    {
        var (east, north) = ToDegrees.Transform(x, y);
        return GreatCircle.DistanceMeters(new Position(latitude, longitude), new Position(north, east));
    }
}
