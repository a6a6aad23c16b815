using System.Security.Cryptography;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Net.Http.Headers;

namespace Realtime.Web.Pages;

/// <summary>Reads what the build of the pages left beside the assembly: some hundred kilobytes, read once.</summary>
internal static class PageFiles
{
    /// <summary>The pages and their assets; a page is served without its ending.</summary>
    /// <param name="root">The directory <c>wwwroot</c> that was copied beside the assembly.</param>
    /// <exception cref="InvalidOperationException">There is no index.html: the pages were not built.</exception>
    public static IReadOnlyList<Page> Read(string root)
    {
        if (!File.Exists(Path.Combine(root, "index.html")))
            throw new InvalidOperationException($"The pages were not built: there is no index.html in {root}. Run 'dotnet build web'.");
        return [.. Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Where(file => !IsCompressed(file)).Select(file => ReadPage(root, file))];
    }

    private static Page ReadPage(string root, string file)
    {
        var address = "/" + Path.GetRelativePath(root, file).Replace(Path.DirectorySeparatorChar, '/');
        return new Page(
            address switch { "/index.html" => "/", "/counter.html" => "/counter", "/order.html" => "/commande", "/pharmacy.html" => "/pharmacie/{id}", "/reserve.html" => "/reserver/{id}", "/coverage.html" => "/coverage", "/oncall.html" => "/oncall", _ => address },
            ContentType(file),
            ReadVariant(file, coding: null),
            File.Exists(file + ".br") ? ReadVariant(file + ".br", "br") : null,
            File.Exists(file + ".gz") ? ReadVariant(file + ".gz", "gzip") : null);
    }

    private static Variant ReadVariant(string file, string? coding)
    {
        var bytes = File.ReadAllBytes(file);
        var digest = Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 12));
        return new Variant(coding, bytes, new EntityTagHeaderValue($"\"{digest}\""));
    }

    private static string ContentType(string file)
    {
        if (!new FileExtensionContentTypeProvider().TryGetContentType(file, out var type))
            type = "application/octet-stream";
        return type.StartsWith("text/", StringComparison.Ordinal) ? type + "; charset=utf-8" : type;
    }

    private static bool IsCompressed(string file) => Path.GetExtension(file) is ".br" or ".gz";
}
