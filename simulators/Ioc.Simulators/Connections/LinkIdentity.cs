using System.Text;

namespace Ioc.Simulators.Connections;

/// <summary>Who connects, and what the broker is to say when the connection ends badly.</summary>
/// <param name="Birth">Published first on every connection; null where the firmware has none.</param>
/// <param name="Will">Published by the broker on a lost connection; null where the firmware has none.</param>
internal sealed record LinkIdentity(string ClientId, OutgoingMessage? Birth = null, OutgoingMessage? Will = null)
{
    /// <summary>Tasmota's retained availability topic.</summary>
    public static LinkIdentity OfTasmota(string device) => new(
        $"DVES_{device}", Availability($"tele/{device}/LWT", "Online"), Availability($"tele/{device}/LWT", "Offline"));

    /// <summary>First-generation Shelly's retained availability topic.</summary>
    public static LinkIdentity OfShelly(string device) => new(
        $"shellyem3-{device}", Availability($"shellies/shellyem3-{device}/online", "true"), Availability($"shellies/shellyem3-{device}/online", "false"));

    private static OutgoingMessage Availability(string topic, string word) => new(topic, Encoding.ASCII.GetBytes(word), retain: true);
}
