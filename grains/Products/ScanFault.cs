namespace Realtime.Products;

/// <summary>Why a text is not the DataMatrix of a box of a medicine.</summary>
internal enum ScanFault : byte
{
    /// <summary>It is one.</summary>
    None,

    /// <summary>It is longer than any box's.</summary>
    TooLong,

    /// <summary>A field is cut or holds nothing.</summary>
    Truncated,

    /// <summary>Something stands where an application identifier should.</summary>
    UnknownIdentifier,

    /// <summary>A field that the box says once is there twice.</summary>
    Repeated,

    /// <summary>The GTIN is not fourteen digits, or its check digit is wrong.</summary>
    InvalidGtin,

    /// <summary>The GTIN is right and is not that of one box of a medicine: another article, or a carton of boxes.</summary>
    NotAMedicine,

    /// <summary>The expiry is no day of the calendar.</summary>
    InvalidExpiry,

    /// <summary>A field is too long or has a character that no such field may have.</summary>
    InvalidField,

    /// <summary>No GTIN is there.</summary>
    NoGtin,
}
