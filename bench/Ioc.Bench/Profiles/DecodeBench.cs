using System.Text;
using BenchmarkDotNet.Attributes;
using Ioc.Devices.Metrics;
using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using Ioc.Profiles;
using NodaTime;

namespace Ioc.Bench.Profiles;

/// <summary>What one message costs from bytes to readings, device known, all shipped profiles loaded.</summary>
[MemoryDiagnoser]
public class DecodeBench
{
    private static readonly Instant Arrival = Instant.FromUtc(2026, 11, 22, 3, 0);

    private readonly ReadingBatch _batch = new();
    private readonly (byte[] Topic, byte[] Payload)[] _messages =
    [
        ("tele/pow1/SENSOR"u8.ToArray(), """{"Time":"2026-11-22T09:59:50","ENERGY":{"TotalStartTime":"2026-01-05T08:00:00","Total":412.75,"Yesterday":6.1,"Today":2.4,"Period":3,"Power":187,"ApparentPower":201,"ReactivePower":73,"Factor":0.93,"Voltage":222,"Current":0.905}}"""u8.ToArray()),
        ("airgradient/readings/84fce602a1b2"u8.ToArray(), """{"wifi":-58,"serialno":"84fce602a1b2","rco2":512,"pm01":9,"pm02":21,"pm10":30,"pm003Count":442,"atmp":31.2,"atmpCompensated":30.1,"rhum":70,"rhumCompensated":74,"tvocIndex":88,"tvocRaw":33051,"noxIndex":2,"noxRaw":16307,"boot":6,"bootCount":6,"firmware":"3.1.9","model":"O-1PST"}"""u8.ToArray()),
        ("v3/water@gialai/devices/canal-2/up"u8.ToArray(), Encoding.UTF8.GetBytes("""{"end_device_ids":{"device_id":"canal-2","application_ids":{"application_id":"water"},"dev_eui":"A84041FFC1842B11"},"received_at":"2026-11-22T02:59:58.412376117Z","uplink_message":{"f_port":2,"f_cnt":101,"frm_payload":"DJwL4AA=","rx_metadata":[{"gateway_ids":{"gateway_id":"gw-07"},"rssi":-97,"snr":6.2}],"received_at":"2026-11-22T02:59:58.412376117Z"}}""")),
        ("shellies/shellyem3-A4CF12F3D001/emeter/0/power"u8.ToArray(), "187.45"u8.ToArray()),
        ("spBv1.0/Street/DDATA/node/lamp"u8.ToArray(), Convert.FromHexString("08f0b0c889a034120b101518f0b0c889a0345023120d101618f0b0c889a03458bad22c120f101718f0b0c889a03450faffffff0f120b101818f0b0c889a03470001802")),
    ];

    private MessageDecoder _decoder = null!;
    private long _offset;

    [GlobalSetup]
    public void Load()
    {
        string folder = AppContext.BaseDirectory;
        while (!Directory.Exists(Path.Combine(folder, "firmware-profiles")))
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("firmware-profiles");
        folder = Path.Combine(folder, "firmware-profiles");

        var canal = new Device
        {
            Key = "canal-2",
            Name = "canal-2",
            Family = "water-level",
            Profile = "dragino-ldds75",
            Parameters = new Dictionary<string, string> { ["mount_m"] = "8.2" },
        };
        var lamp = new Device { Key = "Street/node/lamp", Name = "lamp", Family = "lighting", Profile = "sparkplug-b-alias" };
        var registry = new DeviceRegistry([canal, lamp], new RegistryOptions(), SystemClock.Instance);
        _decoder = new MessageDecoder(ProfileSet.Load(folder, MetricCatalogueFile.Load(Path.Combine(folder, "metrics.yaml")), new ChannelTable()), registry);
        Decode("spBv1.0/Street/NBIRTH/node"u8, Convert.FromHexString("08f0b0c889a03412120a05626453657118f0b0c889a034200458061800"));
        Decode("spBv1.0/Street/DBIRTH/node/lamp"u8, Convert.FromHexString("08f0b0c889a034121d0a0e4c616d702f44696d204c6576656c101518f0b0c889a03420055050121c0a0b4c616d702f456e65726779101618f0b0c889a034200858c0d02c121c0a094c616d702f54656d70101718f0b0c889a034200250fcffffff0f12160a074c616d702f4f6e101818f0b0c889a034200b70011801"));
        for (int i = 0; i < _messages.Length; i++)
        {
            if (Decode(i) == 0)
                throw new InvalidOperationException($"Message {i} gives no reading.");
        }
    }

    [Benchmark(Baseline = true)]
    public int TasmotaEnergy() => Decode(0);

    [Benchmark]
    public int AirGradient() => Decode(1);

    [Benchmark]
    public int DraginoInTheThingsStack() => Decode(2);

    [Benchmark]
    public int ShellyScalar() => Decode(3);

    /// <summary>Four metrics by alias, a time each, as a lamp behind a node sends them.</summary>
    [Benchmark]
    public int SparkplugByAlias() => Decode(4);

    private int Decode(int message) => Decode(_messages[message].Topic, _messages[message].Payload);

    private int Decode(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload)
    {
        _batch.Clear(_offset);
        _decoder.Decode(new RawMessage { Offset = _offset++, ReceivedAt = Arrival, Source = "default"u8, Topic = topic, Payload = payload }, _batch);
        return _batch.ReadingCount;
    }
}
