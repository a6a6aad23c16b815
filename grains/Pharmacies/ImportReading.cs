namespace Realtime.Pharmacies;

/// <summary>What is wrong with a file as a whole, so that none of it can be trusted.</summary>
/// <param name="Line">Line in the file, from 1.</param>
/// <param name="Column">Character in that line, from 1.</param>
/// <param name="Sentence">What is wrong, for an operator.</param>
public sealed record FileFault(int Line, int Column, string Sentence)
{
    /// <inheritdoc/>
    public override string ToString() => $"line {Line}, column {Column}: {Sentence}";
}

/// <summary>Something said about one record of a file, or about the file where <paramref name="Culprit"/> is empty.</summary>
/// <param name="Line">Line on which the record starts, from 1.</param>
/// <param name="Culprit">Which record: its id and name as the file has them.</param>
/// <param name="Sentence">What is wrong with it, for an operator.</param>
public sealed record LineNote(int Line, string Culprit, string Sentence)
{
    /// <inheritdoc/>
    public override string ToString() => Culprit.Length == 0 ? $"line {Line}: {Sentence}" : $"line {Line}: {Culprit}: {Sentence}";
}

/// <summary>Things worth saying about a record that is taken all the same.</summary>
public enum ImportWarning : byte
{
    /// <summary>The week does not cover Monday to Friday: hours of reception, not opening hours; the hours stay unknown.</summary>
    ReceptionHours,

    /// <summary>Hours are stated in words that are not understood; the hours stay unknown.</summary>
    HoursNotUnderstood,

    /// <summary>The file does not end with a line break: its last record may have been cut short.</summary>
    NoFinalLineBreak,

    /// <summary>The file is not UTF-8 and was read as Windows-1252.</summary>
    OldEncoding,

    /// <summary>A SIRET is not fourteen digits, as spreadsheets leave them; it is dropped.</summary>
    DamagedSiret,

    /// <summary>No postcode is stated: the nearest town lends its calendar and its clock.</summary>
    NearestTown,

    /// <summary>Malformed hours whose meaning is certain were rewritten; the note shows both.</summary>
    RepairedHours,
}

/// <summary>What reading a file gave. Every record is in <see cref="Records"/> or has one error.</summary>
/// <param name="Records">What is to be applied, in the order of the file.</param>
/// <param name="Errors">One for each record that is rejected, in the order of the file.</param>
/// <param name="Warnings">In the order of the file.</param>
public sealed record ImportReading(IReadOnlyList<PharmacyRecord> Records, IReadOnlyList<LineNote> Errors, IReadOnlyList<(ImportWarning Kind, LineNote Note)> Warnings)
{
    /// <summary>How many records of pharmacies the file holds.</summary>
    public int Read => Records.Count + Errors.Count;

    /// <summary>How many other entries it holds, as hospitals or pharmacies that have closed; they are neither read nor rejected.</summary>
    public int Skipped { get; init; }
}
