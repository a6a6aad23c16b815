namespace Realtime.Mail;

/// <summary>
/// A letter could not be handed over. The message says at which server and why, and never to whom or what was written. Where the connection broke after the letter
/// was sent it may have arrived all the same: sent again, it carries the same <c>Message-Id</c>.
/// </summary>
/// <param name="message">One sentence, fit for a log.</param>
/// <param name="isFinal">See <see cref="IsFinal"/>.</param>
[GenerateSerializer, Alias("realtime.MailException")]
public sealed class MailException(string message, bool isFinal) : Exception(message)
{
    /// <summary>Whether this very letter was refused for good, so that sending it again cannot help; else try again later.</summary>
    [Id(0)]
    public bool IsFinal { get; } = isFinal;
}
