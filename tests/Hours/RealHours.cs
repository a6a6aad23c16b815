using Sylvan.Data.Csv;

namespace Realtime.Tests.Hours;

/// <summary>The hours of real pharmacies, as published by Santé.fr and put into OSM syntax.</summary>
internal static class RealHours
{
    /// <summary>Postcode and hours of every pharmacy that has some.</summary>
    public static List<(string Postcode, string Hours)> All()
    {
        var all = new List<(string, string)>();
        using var csv = CsvDataReader.Create(Campaign.SharedData("santefr/pharmacies-clean.csv"), new CsvDataReaderOptions { Delimiter = ';' });
        var (postcode, hours) = (csv.GetOrdinal("code_postal"), csv.GetOrdinal("opening_hours"));
        while (csv.Read())
            if (csv.GetString(hours).Length > 0)
                all.Add((csv.GetString(postcode), csv.GetString(hours)));
        return all;
    }
}
