using System.Diagnostics.Metrics;
using System.Net;
using Ioc.Broker;
using Ioc.Broker.Access;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Xunit;

namespace Ioc.Tests.Broker.Access;

public sealed class RefusedClientsTests : IDisposable
{
    private readonly FakeTime _time = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly BrokerCounters _counters;

    public RefusedClientsTests() => _counters = new BrokerCounters(_services.GetRequiredService<IMeterFactory>(), _time);

    [Fact]
    public void Each_client_shows_its_last_refusal_and_its_counts_newest_first()
    {
        _counters.Refused(Refusal.NotAuthorized, Client("a", "u"));
        _counters.Refused(Refusal.Malformed, Client("b"));
        _time.Advance(seconds: 5);
        _counters.Refused(Refusal.PublishNotAuthorized, Client("a", "u"));
        _counters.Refused(Refusal.PublishNotAuthorized, Client("a", "u"));

        IReadOnlyList<ClientRefusals> page = _counters.RefusedClients(before: null, limit: 10);

        Assert.Equal(["a", "b"], page.Select(client => client.ClientId));
        Assert.Equal(("u", "203.0.113.9", "publishNotAuthorized"), (page[0].UserName, page[0].Address, page[0].Reason));
        Assert.Equal(Instant.FromDateTimeOffset(_time.GetUtcNow()), page[0].At);
        Assert.Equal(new Dictionary<string, long> { ["notAuthorized"] = 1, ["publishNotAuthorized"] = 2 }, page[0].Counts);
        Assert.Equal(3, _counters.RefusedByReason["notAuthorized"] + _counters.RefusedByReason["publishNotAuthorized"]);
    }

    [Fact]
    public void A_client_that_never_said_its_name_is_known_by_its_address()
    {
        _counters.Refused(Refusal.ConnectTimeout, Client(null));
        _counters.Refused(Refusal.Malformed, Client(null));

        ClientRefusals only = Assert.Single(_counters.RefusedClients(null, 10));
        Assert.Equal((null, "203.0.113.9", 2), (only.ClientId, only.Address, only.Counts.Count));
    }

    [Fact]
    public void Pages_follow_each_other_without_gap_or_repetition()
    {
        for (int i = 0; i < 25; i++)
            _counters.Refused(Refusal.Malformed, Client($"c{i}"));

        var seen = new List<string?>();
        long? before = null;
        while (_counters.RefusedClients(before, 10) is { Count: > 0 } page)
        {
            seen.AddRange(page.Select(client => client.ClientId));
            before = page[^1].Sequence;
        }

        Assert.Equal(Enumerable.Range(0, 25).Reverse().Select(i => $"c{i}"), seen);
    }

    [Fact]
    public void A_name_finds_client_and_user()
    {
        _counters.Refused(Refusal.Malformed, Client("meter-7"));
        _counters.Refused(Refusal.Malformed, Client("x", "meter-7"));
        _counters.Refused(Refusal.Malformed, Client("y", "other"));

        Assert.Equal(["x", "meter-7"], _counters.RefusedClients(null, 10, "meter-7").Select(client => client.ClientId));
    }

    [Fact]
    public void The_client_refused_longest_ago_makes_room()
    {
        var table = new RefusalTable(capacity: 3, _time);
        foreach (string client in (string[])["a", "b", "c", "a", "d"])
            table.Add(Refusal.Malformed, Client(client));

        IReadOnlyList<ClientRefusals> left = table.Read(long.MaxValue, 10, name: null);

        Assert.Equal(["d", "a", "c"], left.Select(client => client.ClientId));
        Assert.Equal([1, 2, 1], left.Select(client => client.Counts["malformed"]));
    }

    public void Dispose()
    {
        _counters.Dispose();
        _services.Dispose();
    }

    private static RefusedClient Client(string? id, string? user = null) => new(id, user, IPAddress.Parse("203.0.113.9"));
}
