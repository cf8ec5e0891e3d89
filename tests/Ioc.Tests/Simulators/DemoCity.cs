using Ioc.Alarms.Lifecycle;
using Ioc.Alarms.Rules;
using Ioc.Devices.Metrics;
using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using Ioc.Devices.Twins;
using Ioc.Profiles;
using Ioc.Simulators.Connections;
using Ioc.Simulators.Fleet;
using Ioc.Simulators.Patterns;
using Ioc.Simulators.Players;
using Ioc.Simulators.Story;
using Ioc.Testing;
using Ioc.Tests.Alarms;
using Ioc.Tests.Profiles;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using Xunit;

namespace Ioc.Tests.Simulators;

/// <summary>
/// The demonstration city at a clock of the test's: every player of seeds/demo speaks in its turn, and the shipped profiles, the
/// seeds' registry, twins and alarm rules listen. Strangers are refused, so a key that the seeds do not know cannot pass.
/// </summary>
internal sealed class DemoCity : IDisposable
{
    private const int Seed = 1;
    private static readonly string SeedsFolder = Path.Combine(Path.GetDirectoryName(DecoderUnderTest.Folder)!, "seeds");

    private readonly FakeClock _clock;
    private readonly SimulatedTime _time;
    private readonly Plot _plot;
    private readonly MessageDecoder _decoder;
    private readonly TwinStore _twins;
    private readonly AlarmEngine _alarms;
    private readonly ReadingBatch _batch = new();
    private readonly List<DeviceStateChange> _stateChanges = [];
    private readonly List<OutgoingMessage> _messages = [];
    private readonly PriorityQueue<IPlayer, Instant> _turns = new();
    private long _offset;

    public DemoCity(Instant start, Plot plot, double speed = 1)
    {
        _clock = new FakeClock(start);
        _time = new SimulatedTime(start, speed);
        _plot = plot;

        Seeds seeds = Seeds.Load([Path.Combine(SeedsFolder, "reference"), Path.Combine(SeedsFolder, "demo")], new LocalDate(2026, 11, 22));
        Metrics = DecoderUnderTest.Catalogue();
        Registry = new DeviceRegistry(seeds.Devices, new RegistryOptions { FirstContact = FirstContact.Reject }, _clock);
        _decoder = new MessageDecoder(ProfileSet.Load(DecoderUnderTest.Folder, Metrics, Channels), Registry);
        _twins = new TwinStore(Registry, new TwinOptions(), Metrics);
        _twins.StateChanged += _stateChanges.Add;
        AlarmRules rules = AlarmRules.Load([Path.Combine(SeedsFolder, "reference", "alarms.yaml")], Metrics, seeds, new LocalDate(2026, 11, 22));
        _alarms = new AlarmEngine(rules, Registry, Metrics, Channels, new MemoryAlarmLedger(), new AlarmOptions(), _clock, NullLogger<AlarmEngine>.Instance);
        _alarms.Changed += alarm => History.Add((_clock.GetCurrentInstant() - start, alarm));

        foreach (IPlayer player in Cast.Of(LoadFleet(), Seed))
            _turns.Enqueue(player, start + player.Device.Period * Noise.Of(Seed, player.Device.Key).Uniform(0, 990));
    }

    /// <summary>Called after each message with what it was and what the decoder made of it.</summary>
    public Action<IPlayer, OutgoingMessage, ReadingBatch>? Heard { get; set; }

    public MetricCatalogue Metrics { get; }

    public ChannelTable Channels { get; } = new();

    public DeviceRegistry Registry { get; }

    /// <summary>Every change of every alarm, with the time since the start.</summary>
    public List<(Duration At, Alarm Alarm)> History { get; } = [];

    /// <summary>Alarms whose condition holds now.</summary>
    public IEnumerable<Alarm> Active => _alarms.Open.Where(alarm => alarm.State is AlarmState.ActiveUnacknowledged or AlarmState.ActiveAcknowledged);

    public static IReadOnlyList<FleetDevice> LoadFleet() => FleetFile.Load(Path.Combine(SeedsFolder, "demo"), Cast.Profiles);

    /// <summary>Lets the city live; <paramref name="afterEverySecond"/> sees it after each second.</summary>
    public async Task LiveAsync(Duration howLong, Action? afterEverySecond = null)
    {
        Instant end = _clock.GetCurrentInstant() + howLong;
        while (_clock.GetCurrentInstant() < end)
        {
            Instant second = _clock.GetCurrentInstant() + Duration.FromSeconds(1);
            while (_turns.TryPeek(out _, out Instant due) && due <= second)
            {
                _clock.Set(due);
                IPlayer player = _turns.Dequeue();
                await SpeakAsync(player);
                _turns.Enqueue(player, due + player.Device.Period);
            }

            _clock.Set(second);
            await TickAsync();
            afterEverySecond?.Invoke();
        }
    }

    /// <summary>Every player speaks once, now, whatever its period.</summary>
    public async Task SpeakOnceAsync(Duration later)
    {
        _clock.Advance(later);
        foreach (IPlayer player in _turns.UnorderedItems.Select(turn => turn.Element))
            await SpeakAsync(player);
    }

    public void Dispose() => _alarms.Dispose();

    private async Task SpeakAsync(IPlayer player)
    {
        Instant now = _clock.GetCurrentInstant();
        _messages.Clear();
        if (_plot.Strength(SceneKind.Silence, player.Device.Key, now) < 0.5)
            player.Speak(_time.At(now), _plot, _messages);

        foreach (OutgoingMessage message in _messages)
        {
            _batch.Clear(_offset);
            _decoder.Decode(
                new RawMessage { Offset = _offset++, ReceivedAt = now, Source = "default"u8, Topic = message.Topic, Payload = message.Payload, RetainedDelivery = false },
                _batch);
            Heard?.Invoke(player, message, _batch);
            await _twins.ConsumeAsync(_batch, TestContext.Current.CancellationToken);
            await _alarms.ConsumeAsync(_batch, TestContext.Current.CancellationToken);
        }
    }

    private async Task TickAsync()
    {
        _twins.Tick(_clock.GetCurrentInstant());
        await _alarms.ConsumeStatesAsync([.. _stateChanges], TestContext.Current.CancellationToken);
        _stateChanges.Clear();
        await _alarms.TickAsync(_clock.GetCurrentInstant(), TestContext.Current.CancellationToken);
    }
}
