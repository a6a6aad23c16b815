using System.Diagnostics.CodeAnalysis;
using Realtime.Pharmacies;

namespace Realtime.Silo.Import;

/// <summary>What stands after <c>import</c> on the command line.</summary>
/// <param name="Kind">What kind of file it is.</param>
/// <param name="File">The file to import.</param>
/// <param name="DryRun">Whether to read and report only.</param>
internal sealed record ImportArguments(ImportKind Kind, string File, bool DryRun)
{
    /// <summary>How to call the command.</summary>
    public static readonly string Usage = $"usage: import {string.Join('|', ImportKind.All.Select(kind => kind.Word))} FILE [--dry-run]";

    private static readonly string Supported = $"Supported: {string.Join(", ", ImportKind.All.Select(kind => kind.Word))}, {BdpmImport.Word}, {CommunesImport.Word}, {OnCallImport.Word}, {SchoolImport.Word}.";
    private const string DryRunOption = "--dry-run";

    /// <summary>Reads the words after <c>import</c>; false with a sentence that names what is wrong.</summary>
    public static bool TryParse(IReadOnlyList<string> words, [NotNullWhen(true)] out ImportArguments? arguments, out string sentence)
    {
        var (options, names) = (words.Where(IsOption).ToList(), words.Where(word => !IsOption(word)).ToList());
        var kind = ImportKind.All.FirstOrDefault(kind => names.Count > 0 && kind.Word == names[0]);
        arguments = null;
        sentence = options.FirstOrDefault(option => option != DryRunOption) is { } unknown ? $"Unknown option '{unknown}'."
            : names.Count == 0 ? $"What kind of file is to be imported? {Supported}"
            : kind is null ? $"'{names[0]}' is not a kind of file that can be imported. {Supported}"
            : names.Count == 1 ? "Which file is to be imported?"
            : names.Count > 2 ? $"One file at a time: '{names[2]}' is one too many."
            : "";
        if (sentence.Length == 0)
            arguments = new ImportArguments(kind!, names[1], options.Count > 0);
        return arguments is not null;

        static bool IsOption(string word) => word.StartsWith("--", StringComparison.Ordinal);
    }
}
