namespace Realtime.Mail;

/// <summary>
/// Where a sender of short messages (SMS) is fitted: none comes with the product. Whoever operates it registers one as a singleton in the silo's services; where none is
/// registered, no short message is sent and mail alone tells.
/// </summary>
public interface IShortMessages
{
    /// <summary>Hands one short message over; it is the carrier's once this returns, and the same text may come again where that failed.</summary>
    /// <param name="number">A telephone number as the buyer gave it, digits with or without spaces, maybe with a leading plus.</param>
    /// <param name="text">At most 160 letters of the GSM alphabet, as <see cref="Letters.ShortOf"/> writes them.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="MailException">The carrier did not take it; the message must name neither number nor text.</exception>
    Task Send(string number, string text, CancellationToken cancellation);
}
