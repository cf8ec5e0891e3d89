using Ioc.Alarms.Rules;
using Ioc.Devices.Metrics;
using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using Ioc.Devices.Twins;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Ioc.Alarms.Lifecycle;

/// <summary>Watches readings by the rules, and leads each alarm through its life.</summary>
public sealed class AlarmEngine : IReadingConsumer
{
    /// <summary>Makes an engine; <see cref="OpenAsync"/> comes before everything else.</summary>
    public AlarmEngine(AlarmRules rules, DeviceRegistry registry, MetricCatalogue metrics, ChannelTable channels, IAlarmLedger ledger, AlarmOptions options, IClock clock, ILogger<AlarmEngine> log) => throw new NotImplementedException();

    /// <summary>Raised for every change of an alarm after it was saved, in order, one at a time.</summary>
    public event Action<Alarm>? Changed { add => throw new NotImplementedException(); remove => throw new NotImplementedException(); }

    /// <inheritdoc/>
    public string Name => "alarms";

    /// <inheritdoc/>
    public long NextOffset => throw new NotImplementedException();

    /// <summary>The saved cursor: what a restart begins with. The journal may forget what lies before it.</summary>
    public long SavedOffset => throw new NotImplementedException();

    /// <summary>All open alarms, by id. A snapshot; costs no lock.</summary>
    public IReadOnlyList<Alarm> Open => throw new NotImplementedException();

    /// <summary>Brings back open alarms and the cursor.</summary>
    public Task OpenAsync(CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <inheritdoc/>
    public ValueTask ConsumeAsync(ReadingBatch batch, CancellationToken stopping) => throw new NotImplementedException();

    /// <summary>Lets delays run out; called about once a second.</summary>
    public ValueTask TickAsync(Instant now, CancellationToken stopping) => throw new NotImplementedException();

    /// <summary>Evaluates the rules over devices' states.</summary>
    public ValueTask ConsumeStatesAsync(IReadOnlyList<DeviceStateChange> changes, CancellationToken stopping) => throw new NotImplementedException();

    /// <summary>An operator takes note of an alarm.</summary>
    /// <param name="id">Which alarm.</param>
    /// <param name="version">The version that the operator saw.</param>
    /// <param name="by">Who.</param>
    /// <param name="comment">What they write; null for nothing.</param>
    /// <param name="cancellationToken">Gives up before anything is saved.</param>
    public ValueTask<Acknowledgement> AcknowledgeAsync(long id, int version, string by, string? comment, CancellationToken cancellationToken) => throw new NotImplementedException();
}
