using System.Globalization;
using NodaTime;

namespace Ioc.Simulators.Load;

/// <summary>Which device says what in a load of a given size, and at which time of its clock.</summary>
/// <remarks>
/// Every message of a device has its own second, so none is a duplicate of another; the last second is the start of the run,
/// because a device's clock may be late but not ahead. Message i belongs to device i mod <paramref name="devices"/>.
/// </remarks>
internal sealed class LoadPlan(long count, int devices, int connections, Instant start, string keyPrefix = LoadPlan.DefaultKeyPrefix)
{
    /// <summary>How the devices of a load are called unless somebody says otherwise.</summary>
    public const string DefaultKeyPrefix = "load";

    /// <summary>The server takes device times up to 60 days old; one is left as a margin.</summary>
    public static readonly Duration OldestDeviceTime = Duration.FromDays(59);

    public long Count => count;

    public int Devices => devices;

    public int Connections => Math.Min(connections, devices);

    /// <summary>Most messages that one device sends, and the seconds its clock passes through.</summary>
    public long PerDevice => (count + devices - 1) / devices;

    /// <summary>What is wrong with the wish; null when it can be had.</summary>
    public string? Problem =>
        Duration.FromSeconds(PerDevice) > OldestDeviceTime
            ? $"{count} messages from {devices} devices need {PerDevice} different seconds each, more than 59 days; give more --devices"
            : null;

    public int DeviceOf(long message) => (int)(message % devices);

    /// <summary>What the device of a message calls itself. Runs with different prefixes do not send into each other's past.</summary>
    public string KeyOf(long message) => string.Create(CultureInfo.InvariantCulture, $"{keyPrefix}-{DeviceOf(message) + 1:D5}");

    /// <summary>All messages of a device go over one connection, so that they arrive in order.</summary>
    public int ConnectionOf(long message) => DeviceOf(message) % Connections;

    public Instant DeviceTimeOf(long message) =>
        Instant.FromUnixTimeSeconds(start.ToUnixTimeSeconds()) - Duration.FromSeconds(PerDevice - 1 - message / devices);

    /// <summary>
    /// kWh of the message: unique in this run, and different from run to run, so that two loads whose seconds overlap are not
    /// each other's duplicates.
    /// </summary>
    public decimal EnergyOf(long message) => start.ToUnixTimeSeconds() % 1_000_000 + message / 1_000m;
}
