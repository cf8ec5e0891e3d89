using System.ComponentModel.DataAnnotations;
using System.Net;
using Microsoft.Extensions.Options;

namespace Ioc.Broker;

/// <summary>Where the broker listens and the limits put on every device connection. Configuration section <c>Mqtt</c>.</summary>
public sealed class BrokerOptions
{
    /// <summary>TCP port; 0 picks a free one. Used by the server when it binds.</summary>
    [Range(0, 65_535)]
    public int Port { get; set; } = 1883;

    /// <summary>Addresses to listen on. Empty means 127.0.0.1 and ::1.</summary>
    /// <remarks>Not filled with the default here: bound lists are added to, so loopback could never be taken away.</remarks>
    public IList<string> Bind { get; } = [];

    /// <summary>Whether clients without a user name are let in. Unset: only when every bound address is loopback.</summary>
    public bool? AllowAnonymous { get; set; }

    /// <summary>User name → password of those who may connect. A user name that is not listed is refused.</summary>
    public IDictionary<string, string> Users { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Largest accepted packet, fixed header included, in bytes; told to 5.0 clients.</summary>
    /// <remarks>Four times the largest batch a supported device sends; more is refused with reason 0x95.</remarks>
    [Range(128, 268_435_460)]
    public int MaxPacketBytes { get; set; } = 256 * 1024;

    /// <summary>QoS 1 and 2 messages a client may have unacknowledged; told to 5.0 clients, who are closed with 0x93 beyond it.</summary>
    /// <remarks>A 3.1.1 client cannot be told: its next packets stay unread until acknowledgements have left.</remarks>
    [Range(1, 65_535)]
    public int ReceiveMaximum { get; set; } = 100;

    /// <summary>Time for a whole CONNECT to arrive.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Connections at a time, those before CONNECT included; the next ones are closed unread.</summary>
    [Range(1, 10_000_000)]
    public int MaxConnections { get; set; } = 50_000;

    /// <summary>Filters one session may hold; SUBACK 0x97 beyond.</summary>
    [Range(1, 1_000_000)]
    public int MaxSubscriptionsPerSession { get; set; } = 1_000;

    /// <summary>Messages waiting for one slow or absent subscriber, as places in the journal; what comes then is dropped and counted.</summary>
    [Range(1, 1_000_000)]
    public int MaxOutgoingQueue { get; set; } = 50_000;

    /// <summary>Messages waiting for all subscribers together, some 48 bytes each; as above.</summary>
    [Range(1_000, 1_000_000_000)]
    public long MaxOutgoingDeliveries { get; set; } = 4_000_000;

    /// <summary>QoS 1 and 2 messages in flight to one subscriber, if it does not announce fewer.</summary>
    [Range(1, 65_535)]
    public int MaxInflight { get; set; } = 1_000;

    /// <summary>QoS 2 messages a client may leave without PUBREL; it is closed beyond. Matters for 3.1.1 clients, who cannot be told a Receive Maximum.</summary>
    [Range(1, 65_535)]
    public int MaxUnreleased { get; set; } = 1_000;

    /// <summary>Topic aliases a client may set per connection; told to 5.0 clients. Zero for none.</summary>
    [Range(0, 65_535)]
    public int TopicAliasMaximum { get; set; } = 32;

    /// <summary>Longest keep alive in seconds that a 5.0 client may use, told to one that asks for more or for none; 0 leaves it to the client.</summary>
    [Range(0, 65_535)]
    public int ServerKeepAlive { get; set; }

    /// <summary>Sessions at a time, with and without a connection; a new client is refused beyond.</summary>
    [Range(1, 10_000_000)]
    public int MaxSessions { get; set; } = 100_000;

    /// <summary>Bytes that all sessions together may be told to remember: names, filters, wills. Beyond, a filter is refused with 0x97, and a new client or one with a will is not let in.</summary>
    [Range(1 << 20, 1L << 40)]
    public long MaxSessionBytes { get; set; } = 256 * 1024 * 1024;

    /// <summary>Longest a session outlives its connection. A client that asks for more, or for ever, is granted this; 5.0 clients are told.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "3650.00:00:00")]
    public TimeSpan MaxSessionExpiry { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Filters that nobody may subscribe to: answered with a failure code.</summary>
    public IList<string> RefusedFilters { get; } = [];

    /// <summary>Bytes of the newest messages kept in memory for subscribers that keep up; a slower one has its messages read from the journal.</summary>
    /// <remarks>More than twice the journal's buffer, for what is not flushed can be read nowhere else.</remarks>
    [Range(1 << 20, 1 << 30)]
    public int TailBytes { get; set; } = 32 << 20;

    /// <summary>Retained topics; a new one beyond is published but not retained, and counted.</summary>
    [Range(0, 10_000_000)]
    public int MaxRetainedMessages { get; set; } = 100_000;

    /// <summary>Bytes of retained topics and payloads together; as above.</summary>
    [Range(0, long.MaxValue)]
    public long MaxRetainedBytes { get; set; } = 64 * 1024 * 1024;

    internal uint MaxSessionExpirySeconds => (uint)MaxSessionExpiry.TotalSeconds;

    /// <summary>The addresses that <see cref="Bind"/> means.</summary>
    public IReadOnlyList<IPAddress> BindAddresses =>
        Bind.Count == 0 ? [IPAddress.Loopback, IPAddress.IPv6Loopback] : [.. Bind.Select(IPAddress.Parse)];

    /// <summary>Whether anonymous clients are let in, the default worked out.</summary>
    public bool IsAnonymousAllowed => AllowAnonymous ?? BindAddresses.All(IPAddress.IsLoopback);
}

/// <summary>Refuses at start what would only show when a device knocks.</summary>
[OptionsValidator]
internal sealed partial class BrokerOptionsRanges : IValidateOptions<BrokerOptions>;

/// <summary>Refuses combinations that no single range can see.</summary>
internal sealed class BrokerOptionsCombinations : IValidateOptions<BrokerOptions>
{
    public ValidateOptionsResult Validate(string? name, BrokerOptions options)
    {
        foreach (string address in options.Bind)
        {
            if (!IPAddress.TryParse(address, out _))
                return ValidateOptionsResult.Fail($"Mqtt:Bind holds '{address}', which is not an IP address.");
        }

        return ValidateOptionsResult.Success;
    }
}
