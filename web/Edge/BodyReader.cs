using System.Buffers;
using NodaTime;
using Realtime.Mail;

namespace Realtime.Web.Edge;

/// <summary>Checks the members of one body and gathers every culprit, so that the caller learns of all of them at once.</summary>
internal sealed class BodyReader(HttpContext context)
{
    private static readonly SearchValues<char> OfNumbers = SearchValues.Create("0123456789 +-./()");
    private Dictionary<string, string[]>? _errors;

    /// <summary>Whether anything was wrong so far.</summary>
    public bool Failed => _errors is not null;

    /// <summary>The problem that names every culprit.</summary>
    public IResult Problem => Problems.InvalidRequest(context, _errors!);

    /// <summary>Notes a culprit.</summary>
    /// <param name="path">JSON path of the member.</param>
    /// <param name="sentence">What is wrong with it.</param>
    public void Refuse(string path, Sentence sentence) => (_errors ??= [])[path] = [context.Say(sentence)];

    /// <summary>A text for people, composed (NFC): one line, not blank, of a bounded length, that does not pretend to be something else; null stays null.</summary>
    public string? Text(string path, string? text, int longest)
    {
        var composed = text?.Normalize();
        if (composed is not null && !Bodies.IsLine(composed, longest))
            Refuse(path, new($"takes 1 to {longest} characters on one line, without control characters", $"attend de 1 à {longest} caractères sur une ligne, sans caractères de contrôle"));
        return composed;
    }

    /// <summary>A text for people that they may have broken into lines, which become blanks; else as <see cref="Text"/>.</summary>
    public string? Prose(string path, string? text, int longest) => Text(path, text?.ReplaceLineEndings(" ").Trim(), longest);

    /// <summary>An address that mail can be sent to; null stays null.</summary>
    public string? Email(string path, string? text)
    {
        const int longest = 254;
        if (text is not null && (text.Length > longest || Mailbox.OfPerson(text) is null))
            Refuse(path, new("takes a mail address such as name@example.org", "attend une adresse e-mail comme nom@example.org"));
        return text;
    }

    /// <summary>A telephone number as people write them; null stays null.</summary>
    public string? Phone(string path, string? text)
    {
        const int longest = 30;
        if (text is not null && (text.Length > longest || text.Count(char.IsAsciiDigit) < 2 || text.AsSpan().ContainsAnyExcept(OfNumbers)))
            Refuse(path, new($"takes a telephone number of digits, spaces and + - . / ( ), at most {longest} characters", $"attend un numéro de téléphone fait de chiffres, d'espaces et de + - . / ( ), de {longest} caractères au plus"));
        return text;
    }

    /// <summary>An instant with its offset.</summary>
    public Instant Moment(string path, string? text)
    {
        if (text is not null && Moments.TryParse(text, out var instant))
            return instant;
        var expected = QueryParameter.Moment("", "").Expected;
        Refuse(path, new($"takes {expected.English}", $"attend {expected.French}"));
        return default;
    }

    /// <summary>An instant with its offset, or null where there is none.</summary>
    public Instant? Optional(string path, string? text) => text is null ? null : Moment(path, text);
}
