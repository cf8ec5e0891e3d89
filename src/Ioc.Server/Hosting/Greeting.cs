using System.Reflection;
using Ioc.Alarms.Rules;
using Ioc.Broker.Transports;
using Ioc.Devices.Metrics;
using Ioc.Devices.Registry;
using Ioc.Journal;
using Ioc.Profiles;
using Ioc.Storage;
using Microsoft.Extensions.Options;

namespace Ioc.Server.Hosting;

/// <summary>What the program says to the person at the terminal.</summary>
internal static class Greeting
{
    public static int Help(string? unknown)
    {
        if (unknown is not null)
            Console.Error.WriteLine($"ioc: '{unknown}' is not understood.\n");
        (unknown is null ? Console.Out : Console.Error).WriteLine(CommandLine.Help);
        return unknown is null ? 0 : 2;
    }

    public static int Version()
    {
        Console.WriteLine(typeof(Greeting).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion);
        return 0;
    }

    public static void Ready(Listeners listeners, ServerPaths paths, bool demo)
    {
        Console.WriteLine($"Ioc – Intelligent Operations Centre{(demo ? " (demonstration city)" : "")}");
        Console.WriteLine($"  dashboard  {string.Join("  ", listeners.Web.Select(endPoint => $"http://{endPoint}"))}");
        Console.WriteLine($"  MQTT       {string.Join("  ", listeners.Mqtt.Select(endPoint => $"mqtt://{endPoint}").Concat(listeners.MqttTls.Select(endPoint => $"mqtts://{endPoint}")))}");
        Console.WriteLine($"  data       {paths.Data}");
        Console.WriteLine("Ctrl+C stops it.");
    }

    /// <summary>A reason to refuse the start in words for a person, without a stack; null for what is a defect of ours.</summary>
    public static string? Explain(Exception exception) => exception switch
    {
        StartupException or SeedException or FirstContactException or ProfileException or MetricCatalogueException or AlarmRulesException or JournalLockedException or StorageException or TransportException =>
            $"ioc cannot start. {exception.Message}",
        OptionsValidationException options => $"ioc cannot start. Settings: {string.Join(" ", options.Failures)}",
        IOException or UnauthorizedAccessException => $"ioc cannot start. {exception.Message}",
        _ => null,
    };
}
