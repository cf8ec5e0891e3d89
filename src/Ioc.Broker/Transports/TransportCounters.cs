using System.Diagnostics.Metrics;

namespace Ioc.Broker.Transports;

/// <summary>Why a connection ended before MQTT began.</summary>
internal enum Turned
{
    /// <summary>Too many connections were between accept and handshake.</summary>
    TooManyOpening,

    /// <summary>Header or handshake did not come in time.</summary>
    OpeningTimeout,

    /// <summary>The server stopped, or the peer left in the middle.</summary>
    Gone,

    /// <summary>The peer is no proxy that is believed.</summary>
    ProxyNotTrusted,

    /// <summary>No PROXY header, or not a correct one.</summary>
    ProxyHeaderMalformed,

    /// <summary>The TLS handshake failed: version, cipher, protocol name, or noise.</summary>
    TlsHandshake,

    /// <summary>The client certificate is missing, unknown, or expired.</summary>
    ClientCertificate,

    /// <summary>A page of another site.</summary>
    WebSocketOrigin,

    /// <summary>A WebSocket without the subprotocol "mqtt".</summary>
    WebSocketProtocol,

    /// <summary>A WebSocket frame that is not binary.</summary>
    WebSocketFrame,
}

/// <summary>Connections that never got as far as MQTT, by reason. Thread-safe.</summary>
internal sealed class TransportCounters : IDisposable
{
    private static readonly string[] Names = [.. Enum.GetNames<Turned>().Select(name => char.ToLowerInvariant(name[0]) + name[1..])];

    private readonly long[] _turned = new long[Names.Length];
    private readonly Meter _meter;

    public TransportCounters(IMeterFactory meters)
    {
        _meter = meters.Create("Ioc.Broker.Transports");
        _meter.CreateObservableCounter("ioc.broker.turned_away", Measure, "{connection}", "Connections that ended before MQTT began, by reason.");
    }

    public void Count(Turned reason) => Interlocked.Increment(ref _turned[(int)reason]);

    public long this[Turned reason] => Interlocked.Read(ref _turned[(int)reason]);

    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<long>> Measure()
    {
        for (int i = 0; i < _turned.Length; i++)
            yield return new Measurement<long>(Interlocked.Read(ref _turned[i]), new KeyValuePair<string, object?>("reason", Names[i]));
    }
}
