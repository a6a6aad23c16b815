using System.Globalization;

namespace Realtime.Pharmacies;

/// <summary>Signs, streets and telephones of the demo country: words found in any French town, and numbers that ring nowhere.</summary>
internal static class DemoNames
{
    private static readonly string[] Signs =
    [
        "de la Gare", "du Marché", "du Centre", "de la Mairie", "de l'Église", "des Halles", "du Pont", "de la Place", "du Lavoir", "des Tilleuls",
        "des Lilas", "du Parc", "du Château", "de la Fontaine", "des Quatre Saisons", "du Moulin", "de la Poste", "des Écoles", "du Stade",
        "de la République", "du Soleil", "de la Liberté", "Principale", "Centrale", "Nouvelle", "du Lac", "de la Rivière", "de la Forêt", "du Théâtre",
        "du Musée", "des Arts", "du Canal", "de la Vallée", "des Remparts", "du Beffroi", "de l'Horloge", "des Jardins", "du Verger", "de la Paix",
        "de l'Hôtel de Ville", "du Faubourg", "de la Tour", "des Platanes", "du Rond-Point", "de l'Avenue", "du Boulevard", "de la Croix Verte",
        "des Marronniers", "du Belvédère", "de la Colline", "de l'Étoile", "du Grand Chêne", "de l'Olivier",
    ];

    private static readonly string[] Streets =
    [
        "rue de la Gare", "place du Marché", "rue Victor Hugo", "avenue Jean Jaurès", "rue Pasteur", "place de l'Église", "rue de la République",
        "Grande Rue", "rue du Moulin", "avenue de la Libération", "rue des Écoles", "boulevard Gambetta", "rue du Château", "rue des Jardins",
        "avenue du Général de Gaulle", "rue de la Fontaine", "rue Émile Zola", "place de la Mairie", "rue des Tilleuls", "rue du Stade", "rue de Verdun",
        "route de la Forêt", "rue Jules Ferry", "cours de l'Hôpital", "rue Saint-Jean", "avenue Aristide Briand", "rue du 8 Mai 1945", "rue des Lilas",
        "boulevard Carnot", "rue Nationale", "rue du Lavoir",
    ];

    /// <summary>
    /// Blocks of 10,000 numbers that are never given to anyone, one per telephone area (01 to 05), kept for films and plays. Source: national
    /// numbering plan, ARCEP decision 2018-0881 as amended, numbers for audiovisual works (read 2026-11-22).
    /// </summary>
    private static readonly string[] FictionBlocks = ["01 99 00", "02 61 91", "03 53 01", "04 65 71", "05 36 49"];

    private static readonly HashSet<string>[] Areas =
    [
        ["75", "77", "78", "91", "92", "93", "94", "95"],
        ["14", "18", "22", "27", "28", "29", "35", "36", "37", "41", "44", "45", "49", "50", "53", "56", "61", "72", "76", "85", "974", "976"],
        ["02", "08", "10", "21", "25", "39", "51", "52", "54", "55", "57", "58", "59", "60", "62", "67", "68", "70", "71", "80", "88", "89", "90"],
        ["01", "03", "04", "05", "06", "07", "11", "13", "15", "26", "2A", "2B", "30", "34", "38", "42", "43", "48", "63", "66", "69", "73", "74", "83", "84"],
    ];

    /// <summary>The sign over the door; neighbours in one town differ, up to as many as there are signs.</summary>
    /// <param name="town">The town.</param>
    /// <param name="number">Which of the town's pharmacies, from 0.</param>
    public static string Sign(Town town, int number) => $"Pharmacie {Signs[(town.Population + (number * 17)) % Signs.Length]}";

    /// <summary>A house number and a street.</summary>
    public static string Street(ref DemoDraw draw) => string.Create(CultureInfo.InvariantCulture, $"{draw.Below(120) + 1} {Streets[draw.Below(Streets.Length)]}");

    /// <summary>Which telephone area a department is in, 0 for 01 to 4 for 05; the Atlantic and Pacific territories count as the last.</summary>
    public static int AreaOf(string department)
    {
        var area = Array.FindIndex(Areas, departments => departments.Contains(department));
        return area < 0 ? FictionBlocks.Length - 1 : area;
    }

    /// <summary>The <paramref name="number"/>-th telephone of an area; distinct for 0 to 9,999.</summary>
    public static string Phone(int area, int number)
    {
        // 7919 is coprime with 10,000: every last four digits come once.
        var last = number * 7919 % 10_000;
        return string.Create(CultureInfo.InvariantCulture, $"{FictionBlocks[area]} {last / 100:D2} {last % 100:D2}");
    }
}
