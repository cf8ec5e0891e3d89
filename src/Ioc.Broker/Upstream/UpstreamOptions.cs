namespace Ioc.Broker.Upstream;

/// <summary>The other brokers whose messages are taken in. Configuration section <c>Mqtt</c>, beside <see cref="BrokerOptions"/>.</summary>
public sealed class UpstreamsOptions
{
    /// <summary>One entry per connection; empty when devices connect to us.</summary>
    public IList<UpstreamConfig> Upstreams { get; } = [];
}

/// <summary>One broker to be a client of, and what to take from it.</summary>
public sealed class UpstreamConfig
{
    /// <summary>What a person calls it, in logs and interfaces; unique.</summary>
    public string Name { get; set; } = "";

    /// <summary>Host name or address; a name is looked up at every attempt.</summary>
    public string Host { get; set; } = "";

    /// <summary>TCP port. Unset: 1883, or 8883 with TLS.</summary>
    public int? Port { get; set; }

    /// <summary>Protection of the connection.</summary>
    public UpstreamTlsConfig Tls { get; set; } = new();

    /// <summary>Names our session there: unique at that broker and the same after a restart, or messages are missed.</summary>
    public string ClientId { get; set; } = "";

    /// <summary>User name; empty is none.</summary>
    public string UserName { get; set; } = "";

    /// <summary>File with the password, read at every attempt; the line end at its end does not count.</summary>
    public string PasswordFile { get; set; } = "";

    /// <summary>The password itself, for trials: settings are read by more eyes than files of their own.</summary>
    public string Password { get; set; } = "";

    /// <summary><c>5</c> or <c>3.1.1</c>.</summary>
    public string Version { get; set; } = "5";

    /// <summary>What to subscribe to, such as <c>$share/ioc/#</c>.</summary>
    public IList<string> Filters { get; } = [];

    /// <summary>Highest quality of service asked for, 0 to 2.</summary>
    public int Qos { get; set; } = 1;

    /// <summary>Messages we take before the first of them is durable and acknowledged; a 5.0 broker is told.</summary>
    /// <remarks>A flush takes some milliseconds and a round trip less: 1,000 allow some 100,000 messages a second.</remarks>
    public int ReceiveMaximum { get; set; } = 1_000;

    /// <summary>Longest silence before the connection is tested; it is given up after half as much again.</summary>
    public TimeSpan KeepAlive { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long they are to keep messages for us while we are away. Zero: not at all.</summary>
    /// <remarks>Whole seconds. A 3.1.1 broker is only told whether, and decides itself how long.</remarks>
    public TimeSpan SessionExpiry { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Bound on each attempt: look-up, connection, TLS, answer; and on the answer to our subscription.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Whose key space the devices behind it belong to; empty for that of our own devices.</summary>
    public string Source { get; set; } = "";
}

/// <summary>TLS towards another broker.</summary>
public sealed class UpstreamTlsConfig
{
    /// <summary>Whether to use it.</summary>
    public bool Enabled { get; set; }

    /// <summary>PEM file of the authorities that may vouch for the broker. Empty: those of the system.</summary>
    public string CaFile { get; set; } = "";

    /// <summary>PEM file of the certificate we show; empty is none.</summary>
    public string CertificateFile { get; set; } = "";

    /// <summary>PEM file of its key. Empty: the key stands in <see cref="CertificateFile"/>.</summary>
    public string KeyFile { get; set; } = "";
}
