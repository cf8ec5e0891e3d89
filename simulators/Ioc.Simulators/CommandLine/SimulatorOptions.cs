using Ioc.Mqtt;

namespace Ioc.Simulators.CommandLine;

/// <summary>What was asked for on the command line.</summary>
internal sealed record SimulatorOptions
{
    public required string Host { get; init; }

    public required int Port { get; init; }

    public required ProtocolVersion Version { get; init; }

    public required int Qos { get; init; }

    public required int Window { get; init; }

    public required int RandomSeed { get; init; }

    public required bool UntilStdinCloses { get; init; }

    /// <summary>Folder of the fleet to play.</summary>
    public required string Seeds { get; init; }

    public required double Speed { get; init; }

    public required bool Story { get; init; }

    /// <summary>Null: 8 for a fleet, 50 for a load.</summary>
    public required int? Connections { get; init; }

    /// <summary>Messages per second; given, it makes the run a load.</summary>
    public required double? Rate { get; init; }

    /// <summary>Messages in all; given, it makes the run a load.</summary>
    public required long? Count { get; init; }

    public required int Devices { get; init; }

    /// <summary>What the keys of a load's devices begin with.</summary>
    public required string Key { get; init; }

    /// <summary>Where to ask what was stored; null asks nobody.</summary>
    public required Uri? Server { get; init; }

    public bool IsLoad => Rate is not null || Count is not null;
}
