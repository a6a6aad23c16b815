using System.Diagnostics;
using System.Globalization;
using BenchmarkDotNet.Attributes;
using Realtime.Products;

namespace Realtime.Benchmarks.Products;

/// <summary>Finding medicines among all presentations, as people type; the set-up also prints the p99 of single searches.</summary>
[MemoryDiagnoser]
public class ProductSearchBenchmarks
{
    private Catalogue catalogue = null!;
    private string[] typed = null!;
    private int next;

    /// <summary>A fast wrong answer is a failed set-up.</summary>
    [GlobalSetup]
    public void Setup()
    {
        catalogue = Catalogue.Of("benchmark", Medicines.Read(Medicines.Files()), Medicines.Rules, Medicines.Now);
        var random = new Random(1);
        typed = [.. Enumerable.Range(0, 4_096).Select(_ => Typed(random))];
        foreach (var text in typed.Take(200))
        {
            var sought = PlainText.Words(text);
            if (!catalogue.Search(text, 10).All(p => sought.All(word => PlainText.Words($"{p.Name} {string.Join(' ', p.Facts.Parts.Select(part => part.Substance))}").Exists(w => w.StartsWith(word, StringComparison.Ordinal)))))
                throw new InvalidOperationException($"'{text}' found what does not have its words.");
        }
        if (catalogue.Search("3400938358926", 1) is not [{ Name: var name }] || !name.StartsWith("IBUPROFENE BIOGARAN", StringComparison.Ordinal))
            throw new InvalidOperationException("A code did not find its box.");
        PrintPercentiles();
    }

    [Benchmark]
    public int Search() => catalogue.Search(typed[next++ & 4_095], 10).Count;

    private void PrintPercentiles()
    {
        var times = new List<double>();
        for (var round = 0; round < 5; round++)
            foreach (var text in typed)
            {
                var start = Stopwatch.GetTimestamp();
                catalogue.Search(text, 10);
                // The first rounds warm up.
                if (round >= 2)
                    times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
            }
        times.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"// {catalogue.Products.Count} presentations, {times.Count} searches: p50 {times[times.Count / 2]:0} µs, p99 {times[times.Count * 99 / 100]:0} µs, max {times[^1]:0} µs"));
    }

    private string Typed(Random random)
    {
        var words = PlainText.Words(catalogue.Products[random.Next(catalogue.Products.Count)].Name);
        return string.Join(' ', Enumerable.Range(0, random.Next(1, 4)).Select(_ => words[random.Next(words.Count)] is var word ? word[..random.Next(1, word.Length + 1)] : ""));
    }
}

/// <summary>Deciding a basket of ten lines, allowed or not.</summary>
[MemoryDiagnoser]
public class DoseLawBenchmarks
{
    private DoseLine[] allowed = null!;
    private DoseLine[] refused = null!;

    [GlobalSetup]
    public void Setup()
    {
        var catalogue = Catalogue.Of("benchmark", Medicines.Read(Medicines.Files()), Medicines.Rules, Medicines.Now);
        var sellable = catalogue.Products.Where(p => p.Facts.Parts.Count == 1 && DoseLaw.MostBoxes(p.Cip13, p.Facts, Medicines.Rules, Medicines.Now, 9) > 0);
        allowed = [.. sellable.DistinctBy(p => p.Facts.Parts[0].Substance).Take(10).Select(p => new DoseLine(p.Cip13, 1, p.Facts))];
        refused = [.. catalogue.Products.Where(p => p.Facts.Parts is [{ Substance: "ibuprofène", Grams.Grams: > 4 }]).Take(10).Select(p => new DoseLine(p.Cip13, 1, p.Facts))];
        if (allowed.Length != 10 || !DoseLaw.Decide(allowed, Medicines.Rules, Medicines.Now).IsAllowed || DoseLaw.Decide(refused, Medicines.Rules, Medicines.Now).IsAllowed)
            throw new InvalidOperationException("A basket is decided wrongly.");
    }

    [Benchmark]
    public bool TenLinesAllowed() => DoseLaw.Decide(allowed, Medicines.Rules, Medicines.Now).IsAllowed;

    [Benchmark]
    public bool TenLinesRefused() => DoseLaw.Decide(refused, Medicines.Rules, Medicines.Now).IsAllowed;
}

/// <summary>A whole set: from the bytes of the files to what the store keeps, and from that to a catalogue in memory.</summary>
[MemoryDiagnoser]
[ShortRunJob]
public class BdpmBenchmarks
{
    private Dictionary<string, byte[]> files = null!;
    private byte[] payload = null!;

    [GlobalSetup]
    public void Setup()
    {
        files = Medicines.Files();
        payload = CatalogueFile.Write(Medicines.Read(files)).Payload;
        if (CatalogueFile.Read(payload).Count != Medicines.Read(files).Count)
            throw new InvalidOperationException("The store's format loses records.");
    }

    [Benchmark]
    public int FilesToStore() => CatalogueFile.Write(Medicines.Read(files)).Payload.Length;

    [Benchmark]
    public int StoreToCatalogue() => Catalogue.Of("benchmark", CatalogueFile.Read(payload), Medicines.Rules, Medicines.Now).Products.Count;
}
