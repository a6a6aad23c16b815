namespace Realtime.Pharmacies;

/// <summary>One pharmacy: its identity, its page and its hours, in one journal stream.</summary>
[Alias("realtime.IPharmacyGrain")]
public interface IPharmacyGrain : IGrainWithStringKey
{
    /// <summary>Takes what an imported file states; writes nothing where it states nothing new.</summary>
    /// <param name="record">The pharmacy as the file has it; its id is this grain's key.</param>
    /// <param name="actor">Pseudonym of who imports.</param>
    /// <param name="source">The file's kind, as <c>santefr</c>; kept as the reason.</param>
    [Alias("Import")]
    Task<ImportOutcome> Import(PharmacyRecord record, string actor, string source);
}

/// <summary>What an import did to one pharmacy.</summary>
public enum ImportOutcome : byte
{
    /// <summary>It was not known before.</summary>
    Created,

    /// <summary>It was known, and something changed.</summary>
    Updated,

    /// <summary>Nothing new was said; nothing was written.</summary>
    Unchanged,
}
