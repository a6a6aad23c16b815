namespace Realtime.Journal;

/// <summary>What was verified, and the first broken link where there is one.</summary>
internal sealed record AuditReport
{
    /// <summary>The first broken link; null where everything holds.</summary>
    public BrokenLink? Broken { get; set; }

    /// <summary>Streams, without that of the checkpoints.</summary>
    public long Streams { get; set; }

    /// <summary>Rows, without the checkpoints.</summary>
    public long Rows { get; set; }

    /// <summary>How many checkpoints there are.</summary>
    public int Checkpoints { get; set; }

    /// <summary>The newest checkpoint, to be compared with one that was noted elsewhere.</summary>
    public AuditNote? Last { get; set; }

    /// <summary>Rows that no checkpoint covers yet: of them only the chain was verified.</summary>
    public long Uncovered { get; set; }

    /// <summary>Streams whose public facts were computed anew from their rows.</summary>
    public long Recomputed { get; set; }

    /// <summary>Streams whose public facts cannot be computed with these settings: those of synthetic pharmacies, but for their pages while the demo is on.</summary>
    public long Skipped { get; set; }

    /// <summary>Public facts of other streams: it was only verified that the row they are of is there.</summary>
    public long Compared { get; set; }
}

/// <summary>What is verified beside the chains; less than all only to show what each of them is for.</summary>
[Flags]
internal enum AuditChecks
{
    /// <summary>The hash chain of each stream and nothing else.</summary>
    Chains = 0,

    /// <summary>Lanes have no holes and reach where they were.</summary>
    Lanes = 1,

    /// <summary>Checkpoints were taken of the very rows that are there.</summary>
    Roots = 2,

    /// <summary>Public facts are those of the rows.</summary>
    Facts = 4,

    /// <summary>Everything.</summary>
    All = Lanes | Roots | Facts,
}
