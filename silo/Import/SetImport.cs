using System.Diagnostics.CodeAnalysis;

namespace Realtime.Silo.Import;

/// <summary>A store that is open for a set that is taken whole.</summary>
/// <param name="Publish">Keeps the set, packed under its hash and so many records, and puts it in force; false where it is in force already.</param>
/// <param name="Close">Lets go of the store.</param>
internal sealed record SetImport(Func<(byte[] Payload, string Hash), int, Task<bool>> Publish, Func<ValueTask> Close) : IAsyncDisposable
{
    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Close();
}

/// <summary>What stands after <c>import</c> and the word of a set.</summary>
/// <param name="Path">The file or folder.</param>
/// <param name="DryRun">Whether to read and report only.</param>
internal sealed record SetArguments(string Path, bool DryRun)
{
    private const string DryRunOption = "--dry-run";

    /// <summary>Reads the words; false with a sentence that names what is wrong.</summary>
    /// <param name="words">What stands there.</param>
    /// <param name="what">What is imported: <c>file</c> or <c>folder</c>.</param>
    /// <param name="arguments">What it means.</param>
    /// <param name="sentence">What is wrong.</param>
    public static bool TryParse(IReadOnlyList<string> words, string what, [NotNullWhen(true)] out SetArguments? arguments, out string sentence)
    {
        var (options, paths) = (words.Where(IsOption).ToList(), words.Where(word => !IsOption(word)).ToList());
        sentence = options.FirstOrDefault(option => option != DryRunOption) is { } unknown ? $"Unknown option '{unknown}'."
            : paths.Count == 0 ? $"Which {what} is to be imported?"
            : paths.Count > 1 ? $"One {what} at a time: '{paths[1]}' is one too many."
            : "";
        arguments = sentence.Length == 0 ? new(paths[0], options.Count > 0) : null;
        return arguments is not null;

        static bool IsOption(string word) => word.StartsWith("--", StringComparison.Ordinal);
    }

    /// <summary>Opens the store and puts a set in force; null, or why it could not be.</summary>
    public static async Task<string?> Publish(Func<Task<SetImport>> open, (byte[] Payload, string Hash) packed, int count, TextWriter output)
    {
        try
        {
            await using var store = await open();
            output.WriteLine(await store.Publish(packed, count) ? "this set is in force now" : "this very set was in force already: nothing was written");
            return null;
        }
        // Whatever a store may throw, its own words say what it is and what mends it; the set is in force as a whole or not at all.
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return failure.Message;
        }
    }
}
