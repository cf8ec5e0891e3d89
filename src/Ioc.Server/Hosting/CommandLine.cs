namespace Ioc.Server.Hosting;

/// <summary>What the words on the command line ask for, before configuration reads the rest.</summary>
/// <remarks>Parsed first because a bare flag such as <c>--demo</c> would swallow the next argument as its value.</remarks>
/// <param name="Verb">What to do.</param>
/// <param name="Demo">Play the demonstration city.</param>
/// <param name="Settings">The remaining <c>--Key value</c> and <c>--Key=value</c> arguments, for configuration.</param>
/// <param name="Unknown">The first word nobody understands; null when there is none.</param>
internal sealed record CommandLine(Verb Verb, bool Demo, string[] Settings, string? Unknown)
{
    public const string Help = """
        ioc – Intelligent Operations Centre

        Usage: ioc [serve] [--demo] [--Key value …]
               ioc credential add|list|revoke|hash …   (ioc credential: how)
               ioc device import FILE …                (ioc device: how)
               ioc profile check|decode|new …          (ioc profile: how)
               ioc quarantine, ioc replay …            (with a wrong word: how)
          serve          take in MQTT, store, raise alarms, serve the dashboard (the default)
          --demo         with a simulated city of its own, data under data/demo
          --help         this text
          --version      version of this build

        Settings (also appsettings.json, or the environment with __ for the colon):
          --Mqtt:Port 1883            0 picks a free port; /health/ready tells it
          --Mqtt:Bind:0 127.0.0.1     addresses of the MQTT endpoint (default 127.0.0.1 and ::1)
          --Mqtt:AllowAnonymous true  default only on loopback
          --Mqtt:Tls:Certificate x.pem, --Mqtt:Tls:Key   opens --Mqtt:Tls:Port 8883
          --Mqtt:Plain false          nothing unencrypted
          --Mqtt:ProxyProtocol true   behind a load balancer that sends PROXY headers
          --Urls http://127.0.0.1:8080;http://[::1]:8080
          --Data:Path data            journal, readings, operational state
          --Profiles:Path, --Seeds:Path
          --Pipeline:Enabled false    journal only, for measuring intake
          --Storage:Kind duckdb       or influx, with --Storage:Influx:Url, :Database, :Org, :Bucket, :Token, :Api v1|v2

        Example: ioc --Mqtt:Port 1884 --Data:Path /var/lib/ioc
        """;

    public static CommandLine Parse(string[] args)
    {
        var verb = Verb.Serve;
        bool demo = false;
        string? unknown = null;
        var settings = new List<string>();

        for (int i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "serve" when i == 0: break;
                case "--demo": demo = true; break;
                case "--help" or "-h" or "help": verb = Verb.Help; break;
                case "--version": verb = Verb.Version; break;
                case var key when key.StartsWith("--", StringComparison.Ordinal) && key.Contains('=', StringComparison.Ordinal):
                    settings.Add(key);
                    break;
                case var key when key.StartsWith("--", StringComparison.Ordinal) && i + 1 < args.Length:
                    settings.Add(key);
                    settings.Add(args[++i]);
                    break;
                default: unknown ??= args[i]; break;
            }
        }

        return new CommandLine(verb, demo, [.. settings], unknown);
    }
}

/// <summary>What the program is asked to do.</summary>
internal enum Verb
{
    /// <summary>Run the product.</summary>
    Serve,

    /// <summary>Explain itself.</summary>
    Help,

    /// <summary>Say which build it is.</summary>
    Version,
}
