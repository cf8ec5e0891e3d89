using System.Text;
using Ioc.Devices.Attributes;
using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using Ioc.Testing;
using NodaTime;
using Xunit;

namespace Ioc.Tests.Devices.Attributes;

public sealed class AttributeBookTests
{
    private static readonly Instant Noon = Instant.FromUtc(2026, 11, 22, 5, 0);

    private readonly DeviceRegistry _registry = new([new Device { Key = "m1", Name = "m1", Family = "water" }], new RegistryOptions(), new FakeClock());
    private readonly Ledger _ledger = new();
    private readonly DeviceId _device;

    public AttributeBookTests() => _device = _registry.Find("default"u8, "m1"u8);

    [Fact]
    public async Task The_last_value_counts_and_says_since_when()
    {
        var book = new AttributeBook(_registry, _ledger);
        book.Take(Batch(("firmware", "1.0", Noon)));
        book.Take(Batch(("firmware", "1.0", Noon + Duration.FromHours(2)), ("firmware", "1.1", Noon + Duration.FromHours(3))));
        await book.SaveAsync(TestContext.Current.CancellationToken);

        Assert.Equal(new DeviceAttribute("firmware", AttributeKind.Text, "1.1", Noon + Duration.FromHours(3), Noon + Duration.FromHours(3)), Assert.Single(book.Read(_device)));
        Assert.Equal("1.1", Assert.Single(_ledger.Saved.Values).Attribute.Value);
    }

    [Fact]
    public void What_was_told_before_does_not_come_back()
    {
        var book = new AttributeBook(_registry, _ledger);
        book.Take(Batch(("firmware", "1.1", Noon)));
        book.Take(Batch(("firmware", "1.0", Noon - Duration.FromMinutes(1))));

        Assert.Equal("1.1", book.Find(_device, DeviceAttribute.Firmware)!.Value);
    }

    [Fact]
    public async Task A_value_told_again_is_written_once_an_hour_and_costs_no_memory()
    {
        var book = new AttributeBook(_registry, _ledger);
        book.Take(Batch(("firmware", "1.0", Noon)));
        await book.SaveAsync(TestContext.Current.CancellationToken);
        ReadingBatch again = Batch(("firmware", "1.0", Noon + Duration.FromMinutes(10)));
        book.Take(again);

        Assert.Equal(0, Allocations.Fewest(_ =>
        {
            for (int i = 0; i < 1000; i++)
                book.Take(again);
        }));
        await book.SaveAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, _ledger.SaveCount);

        book.Take(Batch(("firmware", "1.0", Noon + Duration.FromHours(1))));
        await book.SaveAsync(TestContext.Current.CancellationToken);
        Assert.Equal((2, Noon), (_ledger.SaveCount, book.Find(_device, "firmware")!.Since));
    }

    [Fact]
    public void A_device_keeps_no_more_than_its_bound()
    {
        var book = new AttributeBook(_registry, _ledger);
        book.Take(Batch([.. Enumerable.Range(0, DeviceAttribute.MaxPerDevice + 5).Select(i => ($"a{i}", "x", Noon))]));

        Assert.Equal((DeviceAttribute.MaxPerDevice, 5), (book.Read(_device).Count, book.DroppedCount));
    }

    [Fact]
    public async Task A_ledger_that_failed_gets_it_with_the_next_save()
    {
        var book = new AttributeBook(_registry, _ledger);
        _ledger.Fails = true;
        book.Take(Batch(("firmware", "1.0", Noon)));
        await Assert.ThrowsAsync<IOException>(() => book.SaveAsync(TestContext.Current.CancellationToken));
        _ledger.Fails = false;
        await book.SaveAsync(TestContext.Current.CancellationToken);

        Assert.Single(_ledger.Saved);
    }

    [Fact]
    public async Task A_restart_brings_back_what_was_kept()
    {
        var book = new AttributeBook(_registry, _ledger);
        book.Take(Batch(("firmware", "1.0", Noon)));
        await book.SaveAsync(TestContext.Current.CancellationToken);
        _ledger.Saved[("gone", "x")] = new KeptAttribute("default", "gone", new DeviceAttribute("x", AttributeKind.Text, "1", Noon, Noon));

        var again = new AttributeBook(_registry, _ledger);
        await again.RestoreAsync(TestContext.Current.CancellationToken);

        Assert.Equal(book.Read(_device), again.Read(_device));
    }

    private ReadingBatch Batch(params (string Name, string Value, Instant At)[] facts)
    {
        var batch = new ReadingBatch();
        batch.Clear(0);
        foreach ((string name, string value, Instant at) in facts)
            batch.AddAttribute(_device, name, AttributeKind.Text, at, Encoding.UTF8.GetBytes(value));
        batch.Commit(0, Noon, _device, MessageOutcome.Stored, 0);
        return batch;
    }

    private sealed class Ledger : IAttributeLedger
    {
        public Dictionary<(string Key, string Name), KeptAttribute> Saved { get; } = [];

        public bool Fails { get; set; }

        public int SaveCount { get; private set; }

        public Task<IReadOnlyList<KeptAttribute>> LoadAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<KeptAttribute>>([.. Saved.Values]);

        public Task SaveAsync(IReadOnlyList<KeptAttribute> attributes, CancellationToken cancellationToken)
        {
            if (Fails)
                throw new IOException("the disk is full");
            SaveCount++;
            foreach (KeptAttribute kept in attributes)
                Saved[(kept.Key, kept.Attribute.Name)] = kept;
            return Task.CompletedTask;
        }
    }
}
