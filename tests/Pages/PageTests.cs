using System.Text;
using Microsoft.Net.Http.Headers;
using Realtime.Web.Pages;

namespace Realtime.Tests.Pages;

public sealed class PageTests
{
    private static readonly Page Compressed = new("/assets/a-1.js", "text/javascript; charset=utf-8", Form(null), Form("br"), Form("gzip"));
    private static readonly Page Bare = Compressed with { Path = "/assets/a-1.woff2", Brotli = null, Gzip = null };

    [Theory]
    [InlineData("gzip, deflate, br", "br")]
    [InlineData("gzip, deflate", "gzip")]
    [InlineData("br;q=0.5, gzip;q=0.8", "gzip")]
    [InlineData("br;q=0, *", "gzip")]
    [InlineData("*", "br")]
    [InlineData("BR", "br")]
    [InlineData("deflate", null)]
    [InlineData("identity", null)]
    [InlineData("identity;q=0", null)]
    [InlineData("", null)]
    public void The_form_sent_is_the_best_one_accepted_and_there_always_is_one(string accepted, string? coding) =>
        Assert.Equal(coding, Compressed.For(Accepting(accepted)).Coding);

    [Fact]
    public void A_file_that_the_build_did_not_compress_is_sent_as_it_is() => Assert.Null(Bare.For(Accepting("br, gzip")).Coding);

    [Fact]
    public void What_the_build_made_is_found_beside_the_assembly_with_tags_that_differ_by_form()
    {
        var pages = PageFiles.Read(Path.Combine(AppContext.BaseDirectory, "wwwroot"));

        var index = Assert.Single(pages, page => page.Path == "/");
        Assert.Contains("<html lang=\"fr\">", Encoding.UTF8.GetString(index.Plain.Bytes.Span), StringComparison.Ordinal);
        Assert.False(index.IsFingerprinted);
        var scripts = pages.Where(page => page.Path.EndsWith(".js", StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(scripts);
        Assert.All(scripts, script =>
        {
            // Browsers ask for the service worker by one name for ever.
            Assert.Equal(script.Path != "/sw.js", script.IsFingerprinted);
            Assert.True(script.Brotli!.Bytes.Length < script.Gzip!.Bytes.Length && script.Gzip.Bytes.Length < script.Plain.Bytes.Length);
            Assert.Equal(3, new[] { script.Plain.Tag, script.Brotli.Tag, script.Gzip.Tag }.Distinct().Count());
        });
    }

    [Fact]
    public void Browsers_that_ask_for_the_usual_icon_get_one()
    {
        var icon = Assert.Single(PageFiles.Read(Path.Combine(AppContext.BaseDirectory, "wwwroot")), page => page.Path == "/favicon.ico");

        Assert.Equal("image/x-icon", icon.ContentType);
        Assert.Equal([0, 0, 1, 0], icon.Plain.Bytes[..4].ToArray());
    }

    [Fact]
    public void The_first_route_loads_at_most_60_kB_of_compressed_script()
    {
        var pages = PageFiles.Read(Path.Combine(AppContext.BaseDirectory, "wwwroot"));
        var index = Encoding.UTF8.GetString(pages.Single(page => page.Path == "/").Plain.Bytes.Span);
        var first = pages.Where(page => page.Path.EndsWith(".js", StringComparison.Ordinal) && index.Contains(page.Path, StringComparison.Ordinal)).ToArray();

        Assert.NotEmpty(first);
        Assert.InRange(first.Sum(page => page.Gzip!.Bytes.Length), 1, 60_000);
    }

    [Fact]
    public void Without_the_pages_the_service_does_not_start_and_says_why()
    {
        var empty = Directory.CreateTempSubdirectory("realtime-pages-");
        try
        {
            Assert.Contains("were not built", Assert.Throws<InvalidOperationException>(() => PageFiles.Read(empty.FullName)).Message, StringComparison.Ordinal);
        }
        finally
        {
            empty.Delete();
        }
    }

    private static Variant Form(string? coding) => new(coding, Encoding.UTF8.GetBytes(coding ?? "plain"), new EntityTagHeaderValue($"\"{coding ?? "plain"}\""));

    private static IList<StringWithQualityHeaderValue> Accepting(string header) => header.Length == 0 ? [] : StringWithQualityHeaderValue.ParseList([header]);
}
