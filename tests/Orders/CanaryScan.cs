using System.Collections.Concurrent;
using System.Text;

namespace Realtime.Tests.Orders;

/// <summary>
/// Looks for a word in every byte of files: as UTF-8 and UTF-16, as base64 and base64url wherever in its bytes the word begins, as hexadecimal digits, in small and in capital
/// letters.
/// </summary>
/// <param name="words">ASCII, long enough not to come about by chance.</param>
internal sealed class CanaryScan(params string[] words)
{
    private readonly (string Name, byte[] Bytes)[] _forms = [.. words.SelectMany(FormsOf).DistinctBy(form => Encoding.Latin1.GetString(form.Bytes))];
    private long _bytes;

    /// <summary>How many bytes were looked at.</summary>
    public long Megabytes => _bytes >> 20;

    /// <summary>Where a word stands, and in which form; nowhere where the list is empty.</summary>
    public IReadOnlyList<string> In(string folder)
    {
        var found = new ConcurrentQueue<string>();
        // The lock of a data directory is empty, and whoever runs there keeps it to himself.
        Parallel.ForEach(Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)), file =>
        {
            if (Read(file) is { } bytes)
                foreach (var hit in In(Path.GetRelativePath(folder, file), bytes))
                    found.Enqueue(hit);
        });
        return [.. found.Order(StringComparer.Ordinal)];
    }

    /// <inheritdoc cref="In(string)"/>
    public IEnumerable<string> In(string name, byte[] bytes)
    {
        Interlocked.Add(ref _bytes, bytes.Length);
        return _forms.Where(form => bytes.AsSpan().IndexOf(form.Bytes) >= 0).Select(form => $"{name}: {form.Name}");
    }

    // A server that runs removes files of its own at any time.
    private static byte[]? Read(string file)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var all = new MemoryStream();
            stream.CopyTo(all);
            return all.ToArray();
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    private static IEnumerable<(string Name, byte[] Bytes)> FormsOf(string word)
    {
        foreach (var written in (string[])[word, word.ToUpperInvariant(), word.ToLowerInvariant()])
        {
            var bytes = Encoding.UTF8.GetBytes(written);
            yield return ($"{written} in UTF-8", bytes);
            yield return ($"{written} in UTF-16", Encoding.Unicode.GetBytes(written));
            yield return ($"{written} in hexadecimal digits", Encoding.ASCII.GetBytes(Convert.ToHexStringLower(bytes)));
            yield return ($"{written} in hexadecimal capitals", Encoding.ASCII.GetBytes(Convert.ToHexString(bytes)));
            // Three bytes are four letters: behind none, one or two other bytes the letters that the word alone decides are others.
            for (var before = 0; before < 3; before++)
            {
                var letters = Convert.ToBase64String([.. new byte[before], .. bytes]);
                var sure = letters[(before == 0 ? 0 : before + 1)..((before + bytes.Length) * 8 / 6)];
                yield return ($"{written} in base64, {before} behind", Encoding.ASCII.GetBytes(sure));
                yield return ($"{written} in base64url, {before} behind", Encoding.ASCII.GetBytes(sure.Replace('+', '-').Replace('/', '_')));
            }
        }
    }
}
