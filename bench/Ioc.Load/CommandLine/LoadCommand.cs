using System.CommandLine;
using System.Net;
using Ioc.Load.Holding;
using Ioc.Load.Publishing;
using Ioc.Load.Watching;
using Ioc.Mqtt;

namespace Ioc.Load.CommandLine;

/// <summary>The command line: publish, idle, churn or watch. Results are lines of name=value.</summary>
internal static class LoadCommand
{
    private const string Help = """
        ioc-load is the measuring instrument of bench/macro.sh: MQTT clients as bare sockets on one thread, frames encoded once
        and patched in place, so that it costs the machine little beside the broker. It checks every acknowledgement and every
        delivery, and prints name=value lines. For a load that reconnects and sends again use ioc-sim.
        """;

    private static readonly Option<string> Host = new("--host") { Description = "Address of the broker.", DefaultValueFactory = _ => "127.0.0.1" };
    private static readonly Option<int> Port = new("--port") { Description = "Its MQTT port.", DefaultValueFactory = _ => 1883 };
    private static readonly Option<string> Mqtt = new("--mqtt") { Description = "Protocol version: 3.1.1 or 5.", DefaultValueFactory = _ => "3.1.1" };
    private static readonly Option<int?> Pid = new("--pid") { Description = "Process of the broker, to read its processor time and memory." };
    private static readonly Option<int> Connections = new("--connections") { Description = "Connections at a time.", DefaultValueFactory = _ => 50 };
    private static readonly Option<int> Qos = new("--qos") { Description = "0 or 1.", DefaultValueFactory = _ => 1 };
    private static readonly Option<int> Window = new("--window") { Description = "Most messages unacknowledged per connection; at QoS 0 frames per write.", DefaultValueFactory = _ => 64 };
    private static readonly Option<int> Batch = new("--batch") { Description = "Free places of the window before a full-speed connection writes.", DefaultValueFactory = _ => 32 };
    private static readonly Option<long> Count = new("--count") { Description = "Measured messages.", DefaultValueFactory = _ => 1_000_000 };
    private static readonly Option<long> Warm = new("--warm") { Description = "Messages before them.", DefaultValueFactory = _ => 0 };
    private static readonly Option<double> Rate = new("--rate") { Description = "Messages per second of all connections; 0 is as fast as possible.", DefaultValueFactory = _ => 0 };
    private static readonly Option<int> Meters = new("--meters") { Description = "Meters per connection.", DefaultValueFactory = _ => 4 };
    private static readonly Option<string> Key = new("--key") { Description = "What the meters' names begin with.", DefaultValueFactory = _ => "bench" };
    private static readonly Option<bool> Subscriber = new("--subscriber") { Description = "One more connection takes all messages at the same QoS." };
    private static readonly Option<int> Behind = new("--behind") { Description = "Most messages the subscriber may be behind before publishers wait; brokers drop beyond 1,000 unless told otherwise.", DefaultValueFactory = _ => 900 };
    private static readonly Option<string?> Web = new("--web") { Description = "Web address of our own server: what it allocates is told." };
    private static readonly Option<bool> Settle = new("--settle") { Description = "Measure until the pipeline has dealt with everything (needs --web)." };
    private static readonly Option<string?> Disk = new("--disk") { Description = "Folder in which the disk's own flushes are timed meanwhile." };
    private static readonly Option<double> Seconds = new("--seconds") { Description = "How long.", DefaultValueFactory = _ => 10 };
    private static readonly Option<double> ChurnRate = new("--rate") { Description = "Connections per second.", DefaultValueFactory = _ => 100 };

    private static readonly Option<double> Period = new("--period") { Description = "Seconds between two samples.", DefaultValueFactory = _ => 10 };
    private static readonly Option<string> Csv = new("--csv") { Description = "File for the samples.", DefaultValueFactory = _ => "soak.csv" };

    public static RootCommand Create()
    {
        Mqtt.AcceptOnlyFromAmong("3.1.1", "5");
        Option[] target = [Host, Port, Mqtt, Pid, Connections];
        var root = new RootCommand(Help)
        {
            Verb("publish", "Sends messages as fast as the window lets, or at a rate.",
                [.. target, Qos, Window, Batch, Count, Warm, Rate, Meters, Key, Subscriber, Behind, Web, Settle, Disk],
                (parsed, ct) => Publication.RunAsync(PublishOf(parsed), ct)),
            Verb("idle", "Opens connections that say nothing, and tells what each costs the broker.",
                [.. target, Seconds], (parsed, ct) => IdleRun.RunAsync(TargetOf(parsed), TimeSpan.FromSeconds(parsed.GetValue(Seconds)), ct)),
            Verb("churn", "Connects, subscribes, publishes once and goes, over and over; every second connection goes without a word.",
                [.. target, Seconds, ChurnRate],
                (parsed, ct) => ChurnRun.RunAsync(TargetOf(parsed), parsed.GetValue(ChurnRate), TimeSpan.FromSeconds(parsed.GetValue(Seconds)), ct)),
            Verb("watch", "Looks at our server while others load it, and says at the end whether its memory and handles stayed flat.",
                [Pid, Web, Seconds, Period, Csv], WatchAsync),
        };
        return root;
    }

    private static async Task WatchAsync(ParseResult parsed, CancellationToken ct)
    {
        int processId = parsed.GetValue(Pid) ?? throw new ArgumentException("watch needs --pid");
        var web = new Uri(parsed.GetValue(Web) ?? throw new ArgumentException("watch needs --web"));
        bool isFlat = await WatchRun.RunAsync(
            processId, web, TimeSpan.FromSeconds(parsed.GetValue(Seconds)), TimeSpan.FromSeconds(parsed.GetValue(Period)), parsed.GetRequiredValue(Csv), ct);
        if (!isFlat)
            throw new InvalidDataException("something grew");
    }

    private static Command Verb(string name, string description, IEnumerable<Option> options, Func<ParseResult, CancellationToken, Task> run)
    {
        var command = new Command(name, description);
        foreach (Option option in options)
            command.Add(option);
        command.SetAction(async (parsed, ct) =>
        {
            try
            {
                await run(parsed, ct);
                return 0;
            }
            catch (Exception failed) when (failed is IOException or InvalidDataException or TimeoutException or System.Net.Sockets.SocketException or HttpRequestException or ArgumentException or UnauthorizedAccessException)
            {
                await Console.Error.WriteLineAsync($"{name}: {failed.Message}");
                return 1;
            }
        });
        return command;
    }

    private static TargetOptions TargetOf(ParseResult parsed) => new()
    {
        Broker = new IPEndPoint(IPAddress.Parse(parsed.GetRequiredValue(Host)), parsed.GetValue(Port)),
        Version = parsed.GetValue(Mqtt) == "5" ? ProtocolVersion.V5 : ProtocolVersion.V311,
        ProcessId = parsed.GetValue(Pid),
        Connections = parsed.GetValue(Connections),
    };

    private static PublishOptions PublishOf(ParseResult parsed) => new()
    {
        Target = TargetOf(parsed),
        Qos = parsed.GetValue(Qos),
        Window = parsed.GetValue(Window),
        Batch = parsed.GetValue(Batch),
        Count = parsed.GetValue(Count),
        Warm = parsed.GetValue(Warm),
        Rate = parsed.GetValue(Rate),
        MetersPerConnection = parsed.GetValue(Meters),
        Key = parsed.GetRequiredValue(Key),
        Subscriber = parsed.GetValue(Subscriber),
        Behind = parsed.GetValue(Behind),
        Web = parsed.GetValue(Web) is { } web ? new Uri(web) : null,
        Settle = parsed.GetValue(Settle),
        Disk = parsed.GetValue(Disk),
    };
}
