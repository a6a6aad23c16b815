namespace Realtime.Pharmacies;

/// <summary>A reading in the making: what every reader of a file of pharmacies does in the same way.</summary>
internal sealed class ReadingDraft
{
    private readonly List<PharmacyRecord> _records = [];
    private readonly List<LineNote> _errors = [];
    private readonly List<(ImportWarning, LineNote)> _warnings = [];
    private readonly Dictionary<PharmacyId, int> _firstLines = [];
    private int _skipped;

    /// <summary>Opens the entry that starts on a line; it ends in one call of Accept or Reject.</summary>
    /// <param name="line">From 1.</param>
    /// <param name="number">The FINESS number as the file has it.</param>
    /// <param name="name">The name, cleaned.</param>
    public DraftEntry Begin(int line, string number, string name) => new(this, line, number, name);

    /// <summary>Counts an entry that is no pharmacy, or none any more.</summary>
    public void Skip() => _skipped++;

    /// <summary>Says something about the file.</summary>
    public void Warn(ImportWarning kind, int line, string sentence) => _warnings.Add((kind, new LineNote(line, "", sentence)));

    /// <summary>Points out a missing line break at the end, after the record that starts on a line.</summary>
    public void CheckEnd(string text, int lastLine)
    {
        if (!text.EndsWith('\n'))
            Warn(ImportWarning.NoFinalLineBreak, lastLine, "the file does not end with a line break; its last record may be cut short.");
    }

    /// <summary>The reading.</summary>
    public ImportReading End() => new(_records, _errors, _warnings) { Skipped = _skipped };

    internal int? FirstLineOf(PharmacyId id) => _firstLines.TryGetValue(id, out var line) ? line : null;

    internal void Accept(PharmacyRecord record, int line)
    {
        // Only an accepted record uses up its number: a rejected one leaves it to a better one below.
        _firstLines.Add(record.Id, line);
        _records.Add(record);
    }

    internal void Reject(LineNote error) => _errors.Add(error);

    internal void Warn(ImportWarning kind, LineNote note) => _warnings.Add((kind, note));
}

/// <summary>One entry of a file while it is read.</summary>
internal readonly struct DraftEntry(ReadingDraft draft, int line, string number, string name)
{
    private string Culprit => $"{FileText.Shortened(number)} \"{FileText.Shortened(name)}\"";

    /// <summary>The pharmacy's number; false with a sentence where it is none, is the demo's, was seen already, or where there is no name to it.</summary>
    public bool TryIdentify(out PharmacyId id, out string sentence)
    {
        sentence = !PharmacyId.TryParse(number, out id) ? "not a FINESS number: nine characters, the last a check digit."
            : id.IsSynthetic ? $"numbers that start with {PharmacyId.SyntheticPrefix} belong to the demo country."
            : draft.FirstLineOf(id) is { } first ? $"the same FINESS number stands on line {first}."
            : name.Length == 0 ? "no name."
            : "";
        return sentence.Length == 0;
    }

    /// <summary>Takes the record.</summary>
    public void Accept(PharmacyRecord record) => draft.Accept(record, line);

    /// <summary>Rejects it, for a reason.</summary>
    public void Reject(string sentence) => draft.Reject(new LineNote(line, Culprit, sentence));

    /// <summary>Says something about a record that is taken.</summary>
    public void Warn(ImportWarning kind, string sentence) => draft.Warn(kind, new LineNote(line, Culprit, sentence));
}
