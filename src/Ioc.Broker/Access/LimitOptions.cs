using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Ioc.Broker.Access;

/// <summary>How fast and how deep devices may go. Configuration section <c>Mqtt:Limits</c>. A rate of 0 is no limit.</summary>
public sealed class LimitOptions
{
    /// <summary>Publishes per second of one connection.</summary>
    [Range(0, 100_000_000)]
    public long MessagesPerSecond { get; set; }

    /// <summary>Bytes per second that one connection sends.</summary>
    [Range(0, 100_000_000_000)]
    public long BytesPerSecond { get; set; }

    /// <summary>Publishes per second of one device (user name, or client id where there is none) over all its connections.</summary>
    [Range(0, 100_000_000)]
    public long DeviceMessagesPerSecond { get; set; }

    /// <summary>Bytes per second that one device sends over all its connections.</summary>
    [Range(0, 100_000_000_000)]
    public long DeviceBytesPerSecond { get; set; }

    /// <summary>How many seconds' worth may come at once after a rest.</summary>
    /// <remarks>A device that was cut off sends what it kept: ten seconds' worth lets an ordinary back-log through at once.</remarks>
    [Range(1, 3_600)]
    public int BurstSeconds { get; set; } = 10;

    /// <summary>What happens to a connection that is too fast.</summary>
    public RateExcess WhenExceeded { get; set; } = RateExcess.Pause;

    /// <summary>Connects per minute from one address (one /64 with IPv6); refused with 0x9F beyond.</summary>
    /// <remarks>Behind a NAT or a load balancer without PROXY protocol, many devices share one address.</remarks>
    [Range(0, 1_000_000)]
    public int ConnectsPerMinutePerAddress { get; set; }

    /// <summary>Connects per minute of one client id.</summary>
    [Range(0, 1_000_000)]
    public int ConnectsPerMinutePerClient { get; set; }

    /// <summary>Whether rates hold for devices on this machine too.</summary>
    public bool OnLoopback { get; set; }

    /// <summary>Longest topic or filter, in bytes; 0x90 for a publish, 0x8F for a filter beyond.</summary>
    [Range(1, 65_535)]
    public int MaxTopicBytes { get; set; } = 65_535;

    /// <summary>Most levels of a topic or filter; as above.</summary>
    /// <remarks>Matching descends one step per level.</remarks>
    [Range(1, 128)]
    public int MaxTopicLevels { get; set; } = 128;

    /// <summary>Whether a topic or filter is neither too long nor too deep.</summary>
    internal bool Allow(ReadOnlySpan<byte> topic) => topic.Length <= MaxTopicBytes && topic.Count((byte)'/') < MaxTopicLevels;
}

/// <summary>What happens to a connection that is too fast.</summary>
public enum RateExcess
{
    /// <summary>It is left unread until it is within its rate again; TCP pushes back and nothing is lost.</summary>
    Pause,

    /// <summary>It is closed, with 0x96 Message rate too high where the version has words for it.</summary>
    Close,
}

/// <summary>Refuses at start what would only show when a device knocks.</summary>
[OptionsValidator]
internal sealed partial class LimitOptionsValidator : IValidateOptions<LimitOptions>;
