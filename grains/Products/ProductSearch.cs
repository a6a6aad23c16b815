using System.Buffers;
using System.Numerics;

namespace Realtime.Products;

/// <summary>
/// Finds products as people type and as scanners send: words of the name, the label's form or the substances, in any order, each of them possibly still
/// being typed, without regard to case and accents; a CIP13 or its beginning, a CIP7, a bar code with spaces, a GTIN, a DataMatrix.
/// First the names that begin with what was typed, then those in which every word begins some word of the name, then those found by substance; within each,
/// in the order of the catalogue, in which what may be sold online comes first.
/// A search ORs the posting bits of the words in a range of the sorted vocabulary, ANDs the words, and walks the bits: at most one step per product and word.
/// </summary>
internal sealed class ProductSearch
{
    /// <summary>Fewer digits than these are a strength or a box size rather than the beginning of a code.</summary>
    private const int LeastCode = 5;

    private readonly IReadOnlyList<Product> _products;
    private readonly string[] _names;
    private readonly (long Code, int At)[] _codes;
    private readonly Vocabulary _inName, _anywhere;

    public ProductSearch(IReadOnlyList<Product> products)
    {
        _products = products;
        // A medicine's boxes share its name, and its words.
        var words = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        List<string> WordsOf(string text) => words.TryGetValue(text, out var known) ? known : words[text] = PlainText.Words(text);
        _names = [.. products.Select(product => string.Join(' ', WordsOf(product.Name)))];
        _inName = new Vocabulary(products.Select(product => (IEnumerable<string>)WordsOf(product.Name)));
        _anywhere = new Vocabulary(products.Select(product => WordsOf(product.Name).Concat(product.Facts.Parts.SelectMany(part => WordsOf(part.Substance)))));
        _codes = [.. products.Select((product, at) => (product.Cip13.Number, at))];
        Array.Sort(_codes);
    }

    /// <summary>At most <paramref name="limit"/> products, the likeliest first; nothing but spaces or punctuation finds nothing.</summary>
    public IReadOnlyList<Product> Find(string typed, int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        if (ByCode(typed.Trim(), limit) is { } byCode)
            return byCode;
        var sought = PlainText.Words(typed);
        return sought.Count == 0 ? [] : ByWords(sought, limit);
    }

    // Null where what was typed is no code, be it complete or not.
    private Product[]? ByCode(string typed, int limit)
    {
        if (DataMatrix.TryReadCode(typed, out var scanned))
            return WithPrefix($"{scanned}", limit);
        var digits = typed.Replace(" ", "", StringComparison.Ordinal);
        if (digits.Length < LeastCode || digits.AsSpan().ContainsAnyExceptInRange('0', '9'))
            return null;
        if (digits.Length == Cip13.Length + 1 && digits[0] == '0')
            digits = digits[1..];
        Product[] found = digits.Length > Cip13.Length ? [] : WithPrefix(digits, limit);
        // A CIP7 is the inner part of the code: all but its check digit.
        found = found.Length > 0 || digits.Length != 7 ? found : WithPrefix(Cip13.Prefix + digits, limit);
        // Digits that begin no code may still be words, as "500 1000".
        return found.Length > 0 ? found : null;
    }

    private Product[] WithPrefix(string digits, int limit)
    {
        var scale = (long)Math.Pow(10, Cip13.Length - digits.Length);
        var first = long.Parse(digits, System.Globalization.CultureInfo.InvariantCulture) * scale;
        var start = Array.BinarySearch(_codes, (first, -1));
        start = start < 0 ? ~start : start;
        var matches = new List<int>();
        for (var i = start; i < _codes.Length && _codes[i].Code < first + scale; i++)
            matches.Add(_codes[i].At);
        // The order of the catalogue, not of the codes.
        matches.Sort();
        return [.. matches.Take(limit).Select(at => _products[at])];
    }

    private Product[] ByWords(List<string> sought, int limit)
    {
        var size = (_products.Count + 63) / 64;
        var bits = ArrayPool<ulong>.Shared.Rent(size * 3);
        try
        {
            var named = bits.AsSpan(0, size);
            var any = bits.AsSpan(size, size);
            var word = bits.AsSpan(size * 2, size);
            _inName.Match(sought, named, word);
            _anywhere.Match(sought, any, word);
            var beginning = string.Join(' ', sought);
            List<Product> begins = [], inName = [], others = [];
            Walk(named, at =>
            {
                if (_names[at].StartsWith(beginning, StringComparison.Ordinal))
                    begins.Add(_products[at]);
                else if (inName.Count < limit)
                    inName.Add(_products[at]);
                return begins.Count < limit;
            });
            if (begins.Count + inName.Count < limit)
            {
                for (var i = 0; i < size; i++)
                    any[i] &= ~named[i];
                Walk(any, at =>
                {
                    others.Add(_products[at]);
                    return others.Count < limit;
                });
            }
            return [.. begins.Concat(inName).Concat(others).Take(limit)];
        }
        finally
        {
            ArrayPool<ulong>.Shared.Return(bits);
        }
    }

    private static void Walk(ReadOnlySpan<ulong> bits, Func<int, bool> visit)
    {
        for (var i = 0; i < bits.Length; i++)
            for (var left = bits[i]; left != 0; left &= left - 1)
                if (!visit((i * 64) + BitOperations.TrailingZeroCount(left)))
                    return;
    }

    /// <summary>Words in order, each with the numbers of the products that have it.</summary>
    private sealed class Vocabulary
    {
        private readonly string[] _words;
        private readonly int[][] _postings;

        public Vocabulary(IEnumerable<IEnumerable<string>> wordsOf)
        {
            var postings = new Dictionary<string, List<int>>(StringComparer.Ordinal);
            var at = 0;
            foreach (var words in wordsOf)
            {
                foreach (var word in words)
                {
                    if (!postings.TryGetValue(word, out var list))
                        postings[word] = list = [];
                    if (list.Count == 0 || list[^1] != at)
                        list.Add(at);
                }
                at++;
            }
            _words = [.. postings.Keys.Order(StringComparer.Ordinal)];
            _postings = [.. _words.Select(word => postings[word].ToArray())];
        }

        /// <summary>Sets the bits of the products in which every sought word begins some word.</summary>
        public void Match(List<string> sought, Span<ulong> bits, Span<ulong> word)
        {
            bits.Fill(ulong.MaxValue);
            foreach (var beginning in sought)
            {
                word.Clear();
                Or(beginning, word);
                for (var i = 0; i < bits.Length; i++)
                    bits[i] &= word[i];
            }
        }

        private void Or(string beginning, Span<ulong> bits)
        {
            var at = Array.BinarySearch(_words, beginning, StringComparer.Ordinal);
            for (at = at < 0 ? ~at : at; at < _words.Length && _words[at].StartsWith(beginning, StringComparison.Ordinal); at++)
                foreach (var product in _postings[at])
                    bits[product >> 6] |= 1UL << (product & 63);
        }
    }
}
