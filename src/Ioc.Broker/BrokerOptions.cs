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

    /// <summary>QoS 1 messages a client may have unacknowledged; told to 5.0 clients, who are closed with 0x93 beyond it.</summary>
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

    /// <summary>Messages waiting for one slow subscriber; what comes then is dropped and counted.</summary>
    [Range(1, 1_000_000)]
    public int MaxOutgoingQueue { get; set; } = 1_000;

    /// <summary>Bytes waiting for one slow subscriber; what comes then is dropped and counted.</summary>
    [Range(1024, 1_073_741_824)]
    public int MaxOutgoingBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>QoS 1 messages in flight to one subscriber, if it does not announce fewer.</summary>
    [Range(1, 65_535)]
    public int MaxInflight { get; set; } = 100;

    /// <summary>Retained topics; a new one beyond is published but not retained, and counted.</summary>
    [Range(0, 10_000_000)]
    public int MaxRetainedMessages { get; set; } = 100_000;

    /// <summary>Bytes of retained topics and payloads together; as above.</summary>
    [Range(0, long.MaxValue)]
    public long MaxRetainedBytes { get; set; } = 64 * 1024 * 1024;

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

        if (!options.IsAnonymousAllowed && options.Users.Count == 0)
        {
            return ValidateOptionsResult.Fail(
                "Mqtt:Bind reaches beyond loopback, where anonymous clients are not let in by default, and Mqtt:Users is empty, so nobody could connect. "
                + "List users, or set Mqtt:AllowAnonymous=true if you mean it.");
        }

        return ValidateOptionsResult.Success;
    }
}
