using Realtime.Products;
using Realtime.Web.Edge;

namespace Realtime.Web.Products;

/// <summary>What people are told of a text that is no box's DataMatrix.</summary>
internal static class ScanSentences
{
    /// <summary>The sentence of a fault, as it follows the name of the member.</summary>
    public static Sentence Of(ScanFault fault) => fault switch
    {
        ScanFault.TooLong => new($"is longer than the {DataMatrix.LongestText} characters of a box's DataMatrix", $"dépasse les {DataMatrix.LongestText} caractères du DataMatrix d'une boîte"),
        ScanFault.Truncated => new("has a field that is cut or empty", "a un champ coupé ou vide"),
        ScanFault.UnknownIdentifier => new("is not the DataMatrix of a box: a GS1 application identifier was expected", "n'est pas le DataMatrix d'une boîte : un identifiant GS1 était attendu"),
        ScanFault.Repeated => new("says the code, the expiry, the lot or the serial number twice", "donne deux fois le code, la péremption, le lot ou le numéro de série"),
        ScanFault.InvalidGtin => new("has a GTIN whose check digit is wrong: scan it again", "a un GTIN dont la clé est fausse : scannez de nouveau"),
        ScanFault.NotAMedicine => new("is not that of one box of a medicine", "n'est pas celui d'une boîte de médicament"),
        ScanFault.InvalidExpiry => new("has an expiry that is no day", "a une péremption qui n'est pas une date"),
        ScanFault.InvalidField => new("has a field that is too long or has characters that GS1 does not allow", "a un champ trop long ou des caractères que GS1 n'admet pas"),
        ScanFault.NoGtin => new("says no product: the GTIN (01) is missing", "ne dit pas quel produit : le GTIN (01) manque"),
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, null),
    };
}
