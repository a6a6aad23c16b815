namespace Realtime.Hours;

/// <summary>A place in an opening-hours text. White space between tokens means nothing and is skipped before each of them.</summary>
internal ref struct HoursCursor(string text)
{
    /// <summary>The first year that a text may name.</summary>
    public const int FirstYear = 1901;

    private readonly ReadOnlySpan<char> _text = text;
    private int _at;

    /// <summary>1-based place of the next token.</summary>
    public int Column
    {
        get
        {
            SkipWhiteSpace();
            return _at + 1;
        }
    }

    /// <summary>Whether nothing but white space is left.</summary>
    public bool AtEnd
    {
        get
        {
            SkipWhiteSpace();
            return _at == _text.Length;
        }
    }

    /// <summary>Whether a digit comes next.</summary>
    public bool AtDigit => !AtEnd && char.IsAsciiDigit(_text[_at]);

    /// <summary>Whether this character comes next; it is not taken.</summary>
    public bool At(char expected) => !AtEnd && _text[_at] == expected;

    /// <summary>Takes this character if it comes next.</summary>
    public bool Take(char expected)
    {
        if (!At(expected))
            return false;
        _at++;
        return true;
    }

    /// <summary>Whether these characters come next, without white space between them; they are not taken.</summary>
    public bool At(string expected) => !AtEnd && _text[_at..].StartsWith(expected, StringComparison.Ordinal);

    /// <summary>Takes these characters if they come next.</summary>
    public bool Take(string expected)
    {
        if (!At(expected))
            return false;
        _at += expected.Length;
        return true;
    }

    /// <summary>The ASCII letters that come next, possibly none; not taken.</summary>
    public ReadOnlySpan<char> PeekWord()
    {
        SkipWhiteSpace();
        var end = _at;
        while (end < _text.Length && char.IsAsciiLetter(_text[end]))
            end++;
        return _text[_at..end];
    }

    /// <summary>Takes the letters that come next.</summary>
    public void TakeWord() => _at += PeekWord().Length;

    /// <summary>Takes what stands in quotation marks, without them; null where no mark comes next or none follows it.</summary>
    public string? TakeComment()
    {
        if (!At('"') || _text[(_at + 1)..].IndexOf('"') is not (>= 0 and var length))
            return null;
        var comment = _text.Slice(_at + 1, length).Trim().ToString();
        _at += length + 2;
        return comment;
    }

    /// <summary>The digits that come next as a number; −1 where there is none. At most four are read as a value; more make it larger than any value allowed.</summary>
    public int TakeNumber(out int digits)
    {
        SkipWhiteSpace();
        var (start, value) = (_at, 0);
        for (; _at < _text.Length && char.IsAsciiDigit(_text[_at]); _at++)
            value = Math.Min((value * 10) + _text[_at] - '0', 100_000);
        digits = _at - start;
        return digits == 0 ? -1 : value;
    }

    /// <summary>Whether a number comes next that a colon and another number follow, as in a time.</summary>
    public readonly bool AtTime()
    {
        var ahead = this;
        return ahead.TakeNumber(out _) >= 0 && ahead.Take(':') && ahead.AtDigit;
    }

    /// <summary>Whether four digits come next that are a year and no time written without a colon.</summary>
    public readonly bool AtYear()
    {
        var ahead = this;
        return ahead.TakeNumber(out var digits) >= FirstYear && digits == 4;
    }

    private void SkipWhiteSpace()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
            _at++;
    }
}
