using Realtime.Products;

namespace Realtime.Tests.Products;

/// <summary>A folder with a small set of the medicines database: two brands of ibuprofen, a codeine on prescription, a gel whose mass nobody can compute.</summary>
internal sealed class MedicineFolder : IDisposable
{
    public const string Advil = "3400938358926", Other = "3400936251892";

    private readonly Dictionary<string, List<string>> _lines = new(StringComparer.Ordinal)
    {
        [BdpmFolder.SpecialitiesFile] =
        [
            "61266250\tPREMIER 400 mg, comprimé\tcomprimé\torale\tAutorisation active\tx\tCommercialisée\t12/03/1998\t\t\tA\tNon",
            "61266251\tSECOND 400 mg, comprimé\tcomprimé\torale\tAutorisation active\tx\tCommercialisée\t12/03/1998\t\t\tB\tNon",
        ],
        [BdpmFolder.PresentationsFile] =
        [
            $"61266250\t3835892\tplaquette(s) de 10 comprimé(s)\tPrésentation active\tDéclaration de commercialisation\t16/03/2011\t{Advil}\tnon\t\t\t\t\t",
            $"61266251\t3625189\tplaquette(s) de 12 comprimé(s)\tPrésentation active\tDéclaration de commercialisation\t16/03/2011\t{Other}\tnon\t\t\t5,40\t\t",
        ],
        [BdpmFolder.ComponentsFile] = ["61266250\tcomprimé\t02092\tIBUPROFÈNE\t400 mg\tun comprimé\tSA\t1\t", "61266251\tcomprimé\t02092\tIBUPROFÈNE\t400 mg\tun comprimé\tSA\t1\t"],
        [BdpmFolder.ConditionsFile] = ["61266259\tliste I"],
        [BdpmFolder.GroupsFile] = ["1\tIBUPROFENE\t61266250\t0\t1\t", "1\tIBUPROFENE\t61266251\t1\t2\t"],
        [BdpmFolder.DisruptionsFile] = ["61266251\t\t2\tTension d'approvisionnement\t03/07/2025\t04/07/2025\t\thttps://ansm.sante.fr/x"],
        [BdpmFolder.MajorInterestsFile] = ["61266250\tM01AE01\tPREMIER\thttps://x"],
    };

    public MedicineFolder() => Write();

    public string Path { get; } = Directory.CreateTempSubdirectory("realtime-bdpm-").FullName;

    /// <summary>Puts a medicine on prescription.</summary>
    public void Prescribe(string cis) => Add(BdpmFolder.ConditionsFile, $"{cis}\tliste I");

    /// <summary>Adds a line to a file.</summary>
    public void Add(string file, string line)
    {
        _lines[file].Add(line);
        Write();
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private void Write()
    {
        foreach (var (file, lines) in _lines)
            File.WriteAllText(System.IO.Path.Combine(Path, file), string.Concat(lines.Select(line => line + "\r\n")));
    }
}
