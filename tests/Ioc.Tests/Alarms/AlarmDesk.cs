using Ioc.Alarms.Lifecycle;
using Ioc.Alarms.Rules;
using Ioc.Devices.Metrics;
using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using Ioc.Testing;
using Ioc.Tests.Devices;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using Xunit;

namespace Ioc.Tests.Alarms;

/// <summary>An engine with a ledger, a clock and everything it announced.</summary>
internal sealed class AlarmDesk
{
    private static readonly RuleSelector Everything = new([], [], [], [], []);
    private long _offset;

    public AlarmDesk(params AlarmRule[] rules)
        : this(rules, new AlarmOptions(), Sample.Device("gauge-1", parameters: "bd1_m=6.0"), Sample.Device("gauge-2"))
    {
    }

    public AlarmDesk(IReadOnlyList<AlarmRule> rules, AlarmOptions options, params Device[] devices)
    {
        Rules = rules;
        Options = options;
        Registry = Sample.Registry(devices);
        Engine = NewEngine();
    }

    public IReadOnlyList<AlarmRule> Rules { get; set; }

    public AlarmOptions Options { get; }

    public DeviceRegistry Registry { get; set; }

    public ChannelTable Channels { get; } = new();

    public FakeClock Clock { get; } = new(Sample.Start);

    public MemoryAlarmLedger Ledger { get; } = new();

    public List<Alarm> Announced { get; } = [];

    public AlarmEngine Engine { get; private set; }

    public Alarm Only => Assert.Single(Engine.Open);

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    public static AlarmRule Above(double limit, string id = "high", double deadband = 0, double onDelay = 0, double offDelay = 0, int priority = 2) => new()
    {
        Id = id,
        Metric = Metric("water_level"),
        Comparison = Comparison.Above,
        Limit = limit,
        Deadband = deadband,
        OnDelay = Duration.FromSeconds(onDelay),
        OffDelay = Duration.FromSeconds(offDelay),
        Priority = priority,
        Selector = Everything,
        Message = new MessageTemplate("{device}: {value} {unit}, giới hạn {limit}", "{device}: {value} {unit}, limit {limit}"),
    };

    public static Metric Metric(string name) => Sample.Metrics.TryFind(name, out Metric? metric) ? metric : throw new ArgumentException(name);

    /// <summary>A value measured and seen so many seconds after the start.</summary>
    public async Task Measure(double seconds, double value, int device = 1, MetricId? metric = null, string channel = "", Quality quality = Quality.Good, double? seen = null)
    {
        Clock.Set(Sample.At(seen ?? seconds));
        await Engine.ConsumeAsync(Sample.Batch(_offset++, Sample.Reading(value, Sample.At(seconds), device, metric, Channels.GetOrAdd(channel), quality)), Stopping);
    }

    public async Task Tick(double seconds)
    {
        Clock.Set(Sample.At(seconds));
        await Engine.TickAsync(Sample.At(seconds), Stopping);
    }

    public ValueTask<Acknowledgement> Acknowledge(long id, int version, string? comment = null) =>
        Engine.AcknowledgeAsync(id, version, "operator", comment, Stopping);

    /// <summary>The process dies and another one opens the same ledger; the journal is read again from its cursor.</summary>
    public async Task Restart()
    {
        Engine = NewEngine();
        await Engine.OpenAsync(Stopping);
        _offset = Engine.NextOffset;
    }

    private AlarmEngine NewEngine()
    {
        var engine = new AlarmEngine(new AlarmRules(Rules), Registry, Sample.Metrics, Channels, Ledger, Options, Clock, NullLogger<AlarmEngine>.Instance);
        engine.Changed += alarm =>
        {
            Assert.Equal(alarm, Ledger.All.Single(saved => saved.Id == alarm.Id));
            Announced.Add(alarm);
        };
        return engine;
    }
}
