using Ioc.Broker;
using Ioc.Broker.Access;
using Ioc.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Ioc.Tests.Broker.Access;

public sealed class AccessWatchTests : IAsyncDisposable
{
    private readonly FakeTime _time = new();
    private readonly Kept _store = new();
    private readonly ServiceProvider _services;

    public AccessWatchTests() => _services = new ServiceCollection()
        .AddLogging()
        .AddSingleton<TimeProvider>(_time)
        .AddSingleton<IAccessStore>(_store)
        .AddBroker(new ConfigurationBuilder().Build().GetSection("Mqtt"))
        .BuildServiceProvider();

    [Fact]
    public async Task What_is_kept_is_in_force_before_the_first_device_and_a_change_soon_after()
    {
        var bans = _services.GetRequiredService<BanList>();
        var watch = _services.GetRequiredService<AccessWatch>();
        _store.Put(new Ban(BanKind.Client, "evil"));

        await watch.StartAsync(TestContext.Current.CancellationToken);
        Assert.True(bans.Holds(null, "evil", null));

        _store.Put(new Ban(BanKind.Client, "worse"));
        await Wait.UntilAsync(() =>
        {
            _time.Advance(AccessWatch.Period.TotalSeconds);
            return bans.Holds(null, "worse", null);
        });
        Assert.False(bans.Holds(null, "evil", null));
        await watch.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task While_they_cannot_be_read_those_known_stay_in_force()
    {
        var bans = _services.GetRequiredService<BanList>();
        var watch = _services.GetRequiredService<AccessWatch>();
        _store.Put(new Ban(BanKind.Client, "evil"));
        await watch.StartAsync(TestContext.Current.CancellationToken);

        _store.IsAway = true;
        int reads = _store.Reads;
        await Wait.UntilAsync(() =>
        {
            _time.Advance(AccessWatch.Period.TotalSeconds);
            return _store.Reads > reads + 2;
        });

        Assert.True(bans.Holds(null, "evil", null));
        await watch.StopAsync(TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private sealed class Kept : IAccessStore
    {
        private volatile AccessSnapshot _snapshot = new(0, [], []);
        private int _reads;

        public bool IsAway { get; set; }

        public int Reads => Volatile.Read(ref _reads);

        public void Put(Ban ban) => _snapshot = new AccessSnapshot(_snapshot.Revision + 1, [], [ban]);

        public Task<AccessSnapshot?> ReadAsync(long knownRevision, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _reads);
            if (IsAway)
                throw new IOException("away");
            return Task.FromResult(_snapshot.Revision == knownRevision ? null : _snapshot);
        }
    }
}
