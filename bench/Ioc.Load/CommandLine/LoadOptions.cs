using System.Net;
using Ioc.Mqtt;

namespace Ioc.Load.CommandLine;

/// <summary>Where a load goes and how it is watched; common to all modes.</summary>
internal sealed record TargetOptions
{
    public required EndPoint Broker { get; init; }

    public required ProtocolVersion Version { get; init; }

    /// <summary>Process of the broker, on this machine; null when its processor time is not asked for.</summary>
    public required int? ProcessId { get; init; }

    public required int Connections { get; init; }
}

/// <summary>A load of messages.</summary>
internal sealed record PublishOptions
{
    public required TargetOptions Target { get; init; }

    public required int Qos { get; init; }

    public required int Window { get; init; }

    public required int Batch { get; init; }

    public required long Count { get; init; }

    /// <summary>Messages sent before the measured ones, over the same connections.</summary>
    public required long Warm { get; init; }

    /// <summary>Messages per second; 0 is as fast as possible.</summary>
    public required double Rate { get; init; }

    public required int MetersPerConnection { get; init; }

    public required string Key { get; init; }

    public required bool Subscriber { get; init; }

    public required int Behind { get; init; }

    /// <summary>Web address of our own server, for what it allocates; null for a peer.</summary>
    public required Uri? Web { get; init; }

    /// <summary>Whether to wait until the pipeline has dealt with everything.</summary>
    public required bool Settle { get; init; }

    /// <summary>Folder on the disk whose own flushes are timed meanwhile.</summary>
    public required string? Disk { get; init; }
}
