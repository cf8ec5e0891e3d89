using System.CommandLine;
using System.CommandLine.Parsing;
using Ioc.Mqtt;
using Ioc.Simulators.Load;

namespace Ioc.Simulators.CommandLine;

/// <summary>The command line: one command, which plays a fleet, or sends a load when --rate or --count is given.</summary>
internal static class SimulatorCommand
{
    private const string Help = """
        ioc-sim plays a city of devices over MQTT, or sends a measured load.

        Playing (default): every device of SEEDS/devices.csv speaks in its period_s, in its vendor's format, with values that
        follow the local day: rush hours, evening power, street lights from sunset, office hours at desks, showers, rivers.
          ioc-sim --seeds seeds/demo
          ioc-sim --seeds seeds/demo --story              things go wrong and well again, the first within half a minute
          ioc-sim --seeds seeds/demo --speed 60           a day passes in 24 minutes (device clocks stay true)
          ioc-sim --seeds seeds/demo --connections 0      one connection per device, with the firmware's last will

        Load (--rate or --count): many plug meters with Tasmota, every message with a time of its own.
          ioc-sim --rate 5000 --count 100000
          ioc-sim --rate 5000 --count 100000 --server http://127.0.0.1:8080
          ioc-sim --rate 0 --count 1000000 --connections 4 --window 100
        It ends with "sent N, acknowledged N"; with --server also "stored N". Exit code 1: something is missing.

        The same --random-seed gives the same values at the same times. Stop with Ctrl+C.
        """;

    private static readonly Option<string> Host = new("--host") { Description = "Broker to connect to.", DefaultValueFactory = _ => "127.0.0.1" };
    private static readonly Option<int> Port = Within(new Option<int>("--port") { Description = "Its MQTT port.", DefaultValueFactory = _ => 1883 }, 1, 65_535);
    private static readonly Option<string> Mqtt = new("--mqtt") { Description = "Protocol version: 3.1.1 or 5.", DefaultValueFactory = _ => "3.1.1" };
    private static readonly Option<int> Qos = Within(new Option<int>("--qos") { Description = "0: send and forget. 1: acknowledged.", DefaultValueFactory = _ => 1 }, 0, 1);
    private static readonly Option<int> Window = Within(new Option<int>("--window") { Description = "Most messages in flight per connection.", DefaultValueFactory = _ => 64 }, 1, 10_000);
    private static readonly Option<int> RandomSeed = new("--random-seed") { Description = "Where all randomness comes from.", DefaultValueFactory = _ => 1 };
    private static readonly Option<bool> UntilStdinCloses = new("--until-stdin-closes") { Description = "End when standard input ends: a child that must not outlive its parent." };
    private static readonly Option<string> Seeds = new("--seeds") { Description = "Folder with the devices.csv to play.", DefaultValueFactory = _ => "seeds/demo" };
    private static readonly Option<double> Speed = Within(new Option<double>("--speed") { Description = "How much faster the simulated day passes. Counters begin anew at each start when it is not 1.", DefaultValueFactory = _ => 1 }, 1, 1_440);
    private static readonly Option<bool> Story = new("--story") { Description = "Let things go wrong and well again at a few devices." };
    private static readonly Option<int?> Connections = Within(new Option<int?>("--connections") { Description = "Playing: shared by devices without a gateway (default 8; 0: one each). Load: in all (default 50)." }, 0, 10_000);
    private static readonly Option<double?> Rate = Within(new Option<double?>("--rate") { Description = "Load: messages per second; 0 is as fast as possible." }, 0, 10_000_000);
    private static readonly Option<long?> Count = Within(new Option<long?>("--count") { Description = "Load: messages in all (default 100000)." }, 1, 10_000_000_000);
    private static readonly Option<int> Devices = Within(new Option<int>("--devices") { Description = "Load: devices that send them.", DefaultValueFactory = _ => 200 }, 1, 1_000_000);
    private static readonly Option<string> Key = new("--key") { Description = "Load: what the devices' keys begin with; another run with the same sends into the past of the first.", DefaultValueFactory = _ => LoadPlan.DefaultKeyPrefix };
    private static readonly Option<Uri?> Server = new("--server")
    {
        Description = "Load: web address of the server, to ask what was stored.",
        CustomParser = result => Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https"
            ? uri
            : Refuse(result, $"--server: '{result.Tokens[0].Value}' is no web address such as http://127.0.0.1:8080"),
    };

    /// <summary>The command, which hands what it read to <paramref name="run"/>; its result is the exit code.</summary>
    public static RootCommand Create(Func<SimulatorOptions, CancellationToken, Task<int>> run)
    {
        Mqtt.AcceptOnlyFromAmong("3.1.1", "5");
        var root = new RootCommand(Help)
        {
            Seeds, Story, Speed, RandomSeed, Rate, Count, Devices, Key, Server, Connections, Host, Port, Mqtt, Qos, Window, UntilStdinCloses,
        };
        root.SetAction((parsed, ct) => run(Read(parsed), ct));
        return root;
    }

    private static SimulatorOptions Read(ParseResult parsed) => new()
    {
        Host = parsed.GetRequiredValue(Host),
        Port = parsed.GetValue(Port),
        Version = parsed.GetValue(Mqtt) == "5" ? ProtocolVersion.V5 : ProtocolVersion.V311,
        Qos = parsed.GetValue(Qos),
        Window = parsed.GetValue(Window),
        RandomSeed = parsed.GetValue(RandomSeed),
        UntilStdinCloses = parsed.GetValue(UntilStdinCloses),
        Seeds = parsed.GetRequiredValue(Seeds),
        Speed = parsed.GetValue(Speed),
        Story = parsed.GetValue(Story),
        Connections = parsed.GetValue(Connections),
        Rate = parsed.GetValue(Rate),
        Count = parsed.GetValue(Count),
        Devices = parsed.GetValue(Devices),
        Key = parsed.GetRequiredValue(Key),
        Server = parsed.GetValue(Server),
    };

    private static Option<T> Within<T>(Option<T> option, double least, double most)
    {
        option.Validators.Add(result =>
        {
            object? value = result.Tokens.Count == 0 ? null : result.GetValueOrDefault<T>();
            if (value is IConvertible number && (number.ToDouble(null) < least || number.ToDouble(null) > most))
                result.AddError(FormattableString.Invariant($"{option.Name}: {value} is not from {least} to {most}"));
        });
        return option;
    }

    private static Uri? Refuse(ArgumentResult result, string problem)
    {
        result.AddError(problem);
        return null;
    }
}
