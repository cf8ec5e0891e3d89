using Ioc.Alarms.Lifecycle;

namespace Ioc.Tests.Alarms;

/// <summary>A ledger that forgets nothing but its process: alarms and cursor change together, or not at all.</summary>
internal sealed class MemoryAlarmLedger : IAlarmLedger
{
    private readonly SortedDictionary<long, Alarm> _alarms = [];

    public long NextOffset { get; private set; }

    public int SaveCount { get; private set; }

    public bool Fails { get; set; }

    public IReadOnlyCollection<Alarm> All => _alarms.Values;

    public Task<AlarmSnapshot> LoadAsync(CancellationToken cancellationToken) =>
        Task.FromResult(new AlarmSnapshot([.. _alarms.Values.Where(alarm => alarm.IsOpen)], NextOffset, _alarms.Keys.LastOrDefault()));

    public async Task SaveAsync(IReadOnlyList<Alarm> changes, long nextOffset, CancellationToken cancellationToken)
    {
        // A real ledger does not answer on the spot.
        await Task.Yield();
        if (Fails)
            throw new IOException("disk full");

        foreach (Alarm alarm in changes)
        {
            if (_alarms.TryGetValue(alarm.Id, out Alarm? before) && before.Version >= alarm.Version)
                throw new InvalidOperationException($"Alarm {alarm.Id} goes from version {before.Version} back to {alarm.Version}.");
            _alarms[alarm.Id] = alarm;
        }

        NextOffset = nextOffset;
        SaveCount++;
    }

    public Task<Alarm?> FindAsync(long id, CancellationToken cancellationToken) => Task.FromResult(_alarms.GetValueOrDefault(id));

    public Task<IReadOnlyList<Alarm>> QueryAsync(AlarmQuery query, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Alarm>>([.. _alarms.Values.Where(alarm => query.State is null || alarm.State == query.State).Reverse().Take(query.Limit)]);
}
