using System.Text.Json;

namespace Realtime.Push;

/// <summary>
/// What a browser is told: that something happened to an order, in a word. It names no product and no pharmacy; the sentence is made on the telephone, in its language. Pure.
/// </summary>
/// <param name="Kind">What it is about: <c>order</c>.</param>
/// <param name="Order">The name under which the browser keeps the order's link; nothing is to be read from it.</param>
/// <param name="State">What happened, in a word.</param>
internal sealed record PushText(string Kind, string Order, string State)
{
    /// <summary>The news of an order.</summary>
    public static PushText OfOrder(string name, string state) => new("order", name, state);

    /// <summary>As it is sent, before it is sealed.</summary>
    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, PushJsonContext.Default.PushText);
}
