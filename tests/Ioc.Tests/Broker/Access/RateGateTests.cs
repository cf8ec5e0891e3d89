using System.Net;
using Ioc.Broker.Access;
using Ioc.Testing;
using Xunit;

namespace Ioc.Tests.Broker.Access;

public class RateGateTests
{
    private readonly FakeTime _time = new();

    [Fact]
    public void A_burst_goes_through_and_then_the_rate_holds()
    {
        RateGate gate = Gate(new LimitOptions { MessagesPerSecond = 10, BurstSeconds = 2 });

        Assert.True(gate.TryTake(20, 1_000_000, out _));
        Assert.False(gate.TryTake(1, 1, out TimeSpan wait));
        Assert.Equal(TimeSpan.FromSeconds(0.1), wait);

        _time.Advance(seconds: 1.1);
        Assert.True(gate.TryTake(10, 1, out _));
        Assert.False(gate.TryTake(1, 1, out _));
    }

    [Fact]
    public void Waiting_as_long_as_told_keeps_to_the_rate()
    {
        RateGate gate = Gate(new LimitOptions { MessagesPerSecond = 100, BurstSeconds = 1 });
        double waited = 0;
        for (int i = 0; i < 50; i++)
        {
            if (!gate.TryTake(30, 1, out TimeSpan wait))
            {
                waited += wait.TotalSeconds;
                _time.Advance(wait.TotalSeconds);
            }
        }

        Assert.Equal((1_500 - 100) / 100.0, waited, precision: 3);
    }

    [Fact]
    public void Bytes_count_beside_messages_and_the_stricter_one_holds()
    {
        RateGate gate = Gate(new LimitOptions { MessagesPerSecond = 1_000, BytesPerSecond = 1_000, BurstSeconds = 1 });

        Assert.False(gate.TryTake(1, 3_000, out TimeSpan wait));
        Assert.Equal(TimeSpan.FromSeconds(2), wait);
    }

    [Fact]
    public void Rest_earns_no_more_than_the_burst()
    {
        RateGate gate = Gate(new LimitOptions { MessagesPerSecond = 10, BurstSeconds = 1 });
        _time.Advance(seconds: 3_600);

        Assert.True(gate.TryTake(10, 1, out _));
        Assert.False(gate.TryTake(1, 1, out _));
    }

    [Fact]
    public void A_device_shares_its_rate_over_its_connections_and_does_not_shed_its_debt_by_leaving()
    {
        var limits = new RateLimits(new LimitOptions { DeviceMessagesPerSecond = 10, BurstSeconds = 1 }, _time);
        var devices = new DeviceRates(limits);
        var first = new RateGate(limits, devices.Enter("meter-7"));
        var second = new RateGate(limits, devices.Enter("meter-7"));
        var other = new RateGate(limits, devices.Enter("meter-8"));

        Assert.True(first.TryTake(10, 1, out _));
        Assert.False(second.TryTake(10, 1, out _));
        Assert.True(other.TryTake(10, 1, out _));

        first.Dispose();
        second.Dispose();
        var again = new RateGate(limits, devices.Enter("meter-7"));
        Assert.False(again.TryTake(1, 1, out _));

        _time.Advance(seconds: 60);
        again.Dispose();
        other.Dispose();
        Assert.Equal(0, devices.Count);
    }

    [Fact]
    public void Devices_that_come_and_go_in_debt_are_bounded()
    {
        var limits = new RateLimits(new LimitOptions { DeviceMessagesPerSecond = 1, BurstSeconds = 1 }, _time);
        var devices = new DeviceRates(limits);
        for (int i = 0; i < DeviceRates.MaxLeft + 500; i++)
        {
            using var gate = new RateGate(limits, devices.Enter($"d{i}"));
            gate.TryTake(1_000, 1, out _);
        }

        Assert.Equal(DeviceRates.MaxLeft, devices.Count);
    }

    [Fact]
    public void A_shared_bucket_loses_nothing_between_threads()
    {
        var meter = new RateMeter(perSecond: 1, burst: 1, ticksPerSecond: 10);
        long earnedAt = 0;

        Parallel.For(0, 10_000, _ => meter.TakeShared(ref earnedAt, 1, now: 5));

        Assert.Equal(5 + 100_000, earnedAt);
    }

    [Fact]
    public void An_open_gate_asks_nothing()
    {
        Assert.True(RateGate.Open.IsOpen);
        Assert.True(RateGate.Open.TryTake(int.MaxValue, long.MaxValue, out TimeSpan wait));
        Assert.Equal(TimeSpan.Zero, wait);
    }

    [Fact]
    public void Taking_allocates_nothing()
    {
        var limits = new RateLimits(new LimitOptions { MessagesPerSecond = 10, DeviceBytesPerSecond = 10 }, _time);
        var gate = new RateGate(limits, new DeviceRates(limits).Enter("d"));
        gate.TryTake(1, 1, out _);

        Assert.Equal(0, Allocations.Fewest(_ =>
        {
            for (int i = 0; i < 1_000; i++)
                gate.TryTake(64, 12_800, out TimeSpan _);
        }));
    }

    [Fact]
    public void An_address_that_connects_too_often_waits_for_its_next_turn()
    {
        var rates = new ConnectRates(new LimitOptions { ConnectsPerMinutePerAddress = 3 }, _time);
        IPAddress address = IPAddress.Parse("203.0.113.9");

        for (int i = 0; i < 3; i++)
            Assert.True(rates.TryEnter(address, $"c{i}"));
        for (int i = 0; i < 100; i++)
            Assert.False(rates.TryEnter(address, "c9"));
        Assert.True(rates.TryEnter(IPAddress.Parse("203.0.113.10"), "c9"));

        _time.Advance(seconds: 20);
        Assert.True(rates.TryEnter(address, "c9"));
        Assert.False(rates.TryEnter(address, "c9"));
    }

    [Fact]
    public void One_client_id_that_connects_too_often_is_held_back_wherever_it_comes_from()
    {
        var rates = new ConnectRates(new LimitOptions { ConnectsPerMinutePerClient = 1 }, _time);

        Assert.True(rates.TryEnter(IPAddress.Parse("2001:db8::1"), "c"));
        Assert.False(rates.TryEnter(IPAddress.Parse("203.0.113.10"), "c"));
        Assert.True(rates.TryEnter(null, "d"));
    }

    private RateGate Gate(LimitOptions options) => new(new RateLimits(options, _time), null);
}
