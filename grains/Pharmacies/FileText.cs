using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;

namespace Realtime.Pharmacies;

/// <summary>The bytes of an import file as text: nothing is ever decoded to replacement characters.</summary>
internal static class FileText
{
    private static readonly Encoding Windows1252 = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    /// <summary>The bytes without a UTF-8 byte order mark.</summary>
    public static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> mark = [0xEF, 0xBB, 0xBF];
        return bytes.StartsWith(mark) ? bytes[mark.Length..] : bytes;
    }

    /// <summary>Null where the bytes are UTF-8, else the place of the first byte that is none.</summary>
    public static FileFault? CheckUtf8(ReadOnlySpan<byte> bytes)
    {
        if (Utf8.IsValid(bytes))
            return null;
        var offset = FirstInvalid(bytes);
        return FaultAt(bytes, offset, $"byte 0x{bytes[offset]:X2} is not UTF-8; convert the file, or fetch it again.");
    }

    /// <summary>Decodes strict UTF-8, byte order mark or not; false with the place of the first byte that is none.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, out string text, [NotNullWhen(false)] out FileFault? fault)
    {
        bytes = WithoutMark(bytes);
        fault = CheckUtf8(bytes);
        text = fault is null ? Encoding.UTF8.GetString(bytes) : "";
        return fault is null;
    }

    /// <summary>Decodes UTF-8, or else Windows-1252, in which the administration wrote its files for long; any bytes are text in it.</summary>
    public static string DecodeEither(ReadOnlySpan<byte> bytes, out bool isOld)
    {
        bytes = WithoutMark(bytes);
        isOld = !Utf8.IsValid(bytes);
        return (isOld ? Windows1252 : Encoding.UTF8).GetString(bytes);
    }

    /// <summary>A fault at a byte of a file in UTF-8.</summary>
    public static FileFault FaultAt(ReadOnlySpan<byte> bytes, int offset, string sentence)
    {
        var before = bytes[..offset];
        var line = before.Count((byte)'\n') + 1;
        var column = Encoding.UTF8.GetCharCount(before[(before.LastIndexOf((byte)'\n') + 1)..]) + 1;
        return new FileFault(line, column, sentence);
    }

    /// <summary>A piece of a file, fit for a message: one line, 60 characters at most.</summary>
    public static string Shortened(string text)
    {
        var line = text.ReplaceLineEndings(" ");
        return line.Length <= 60 ? line : $"{line[..60]}…";
    }

    /// <summary>The words of a text with single spaces between them.</summary>
    public static string Words(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static int FirstInvalid(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (Rune.DecodeFromUtf8(bytes[at..], out _, out var length) == System.Buffers.OperationStatus.Done)
            at += length;
        return at;
    }
}
