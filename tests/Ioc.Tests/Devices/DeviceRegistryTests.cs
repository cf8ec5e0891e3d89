using System.Text;
using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using Ioc.Testing;
using Xunit;

namespace Ioc.Tests.Devices;

public class DeviceRegistryTests
{
    [Fact]
    public void A_device_of_the_seeds_is_found_by_source_and_key()
    {
        DeviceRegistry registry = Sample.Registry(Sample.Device("a"), Sample.Device("a") with { Source = "house-7" });

        DeviceId first = registry.Resolve("default"u8, "a"u8, "p", "other");
        DeviceId second = registry.Resolve("house-7"u8, "a"u8, "p", "other");

        Assert.Equal(("a", "house-7~a"), (registry[first].ApiId, registry[second].ApiId));
        Assert.Equal(2, registry.Count);
        Assert.Equal(first, registry.Resolve(default, "a"u8, "p", "other"));
    }

    [Fact]
    public void An_unknown_device_is_created_unclaimed_once_and_announced_once()
    {
        DeviceRegistry registry = Sample.Registry();
        var created = new List<Device>();
        registry.Created += created.Add;

        DeviceId id = registry.Resolve("default"u8, "Máy-1"u8, "tasmota-energy", Families.Electricity);
        DeviceId again = registry.Resolve("default"u8, "Máy-1"u8, "tasmota-energy", Families.Electricity);

        Device device = Assert.Single(created);
        Assert.Equal((id, id, device.Id), (again, device.Id, id));
        Assert.Equal(("Máy-1", "tasmota-energy", "electricity", false), (device.Name, device.Profile, device.Family, device.Claimed));
        Assert.Equal((null, null, Sample.Start), (device.Position, device.Area, device.FirstSeen));
        Assert.True(registry.TryFind("M%C3%A1y-1", out Device? found));
        Assert.Same(device, found);
        Assert.True(registry.TryFind("Máy-1", out _), "a web server unescapes the id once");
    }

    [Fact]
    public void A_registry_that_rejects_strangers_creates_none_and_counts_them()
    {
        var registry = new DeviceRegistry([], new RegistryOptions { FirstContact = FirstContact.Reject }, new FakeClock());

        Assert.Equal(DeviceId.None, registry.Resolve("default"u8, "x"u8, "p", "other"));
        Assert.Equal((0, 1L), (registry.Count, registry.RejectedCount));
    }

    [Fact]
    public void A_full_registry_takes_no_stranger_but_still_knows_the_others()
    {
        var registry = new DeviceRegistry([Sample.Device("seeded")], new RegistryOptions { MaxUnclaimed = 2 }, new FakeClock());
        registry.Resolve("default"u8, "one"u8, "p", "other");
        DeviceId two = registry.Resolve("default"u8, "two"u8, "p", "other");

        Assert.Equal(DeviceId.None, registry.Resolve("default"u8, "three"u8, "p", "other"));
        Assert.Equal(two, registry.Resolve("default"u8, "two"u8, "p", "other"));
        Assert.Equal(3, registry.Count);
    }

    [Theory]
    [InlineData(new byte[] { })]
    [InlineData(new byte[] { 0xFF, 0xFE })]
    [InlineData(new byte[] { (byte)'a', 0x0A })]
    [InlineData(new byte[] { 0x00 })]
    public void A_key_that_is_no_decent_text_creates_no_device(byte[] key)
    {
        DeviceRegistry registry = Sample.Registry();

        Assert.Equal(DeviceId.None, registry.Resolve("default"u8, key, "p", "other"));
        Assert.Equal(0, registry.Count);
    }

    [Fact]
    public void A_key_longer_than_the_bound_creates_no_device()
    {
        DeviceRegistry registry = Sample.Registry();

        Assert.NotEqual(DeviceId.None, registry.Resolve("default"u8, new string('k', DeviceRegistry.MaxPartBytes).ToUtf8(), "p", "other"));
        Assert.Equal(DeviceId.None, registry.Resolve("default"u8, new string('k', DeviceRegistry.MaxPartBytes + 1).ToUtf8(), "p", "other"));
    }

    [Fact]
    public void Unclaimed_devices_come_back_after_a_restart_unless_the_seeds_have_taken_them_on()
    {
        DeviceRegistry registry = Sample.Registry(Sample.Device("taken-on"));

        registry.Restore(
        [
            new UnclaimedDevice("default", "taken-on", "p", "air", Sample.Start),
            new UnclaimedDevice("default", "stranger", "p", "air", Sample.Start),
        ]);

        Assert.Equal(2, registry.Count);
        Assert.True(registry[registry.Find("default"u8, "taken-on"u8)].Claimed);
        Device stranger = registry[registry.Find("default"u8, "stranger"u8)];
        Assert.Equal((false, Sample.Start), (stranger.Claimed, stranger.FirstSeen));
    }

    [Fact]
    public void Devices_that_share_source_and_key_are_refused_by_name()
    {
        ArgumentException twice = Assert.Throws<ArgumentException>(() => Sample.Registry(Sample.Device("a"), Sample.Device("a")));
        Assert.Contains("'a'", twice.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Looking_up_a_known_device_allocates_nothing()
    {
        DeviceRegistry registry = Sample.Registry(Sample.Device("known"));
        registry.Resolve("default"u8, "known"u8, "p", "other");

        Assert.Equal(0, Allocations.Fewest(_ =>
        {
            for (int i = 0; i < 10_000; i++)
                registry.Resolve("default"u8, "known"u8, "p", "other");
        }));
    }

    [Fact]
    public async Task Many_threads_that_meet_the_same_strangers_create_each_exactly_once()
    {
        DeviceRegistry registry = Sample.Registry();
        int announced = 0;
        registry.Created += _ => Interlocked.Increment(ref announced);
        byte[][] keys = [.. Enumerable.Range(0, 5_000).Select(i => $"device-{i}".ToUtf8())];

        DeviceId[][] answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(seed => Task.Run(() =>
        {
            var ids = new DeviceId[keys.Length];
            int[] order = [.. Enumerable.Range(0, keys.Length)];
            new Random(seed).Shuffle(order);
            foreach (int i in order)
            {
                ids[i] = registry.Resolve("default"u8, keys[i], "p", "other");
                // What has an id can be read at once, by everybody.
                Assert.Equal($"device-{i}", registry[ids[i]].Key);
                Assert.Equal(ids[i], registry.Find("default"u8, keys[i]));
            }

            return ids;
        })));

        Assert.All(answers, ids => Assert.Equal(answers[0], ids));
        Assert.Equal(keys.Length, announced);
        Assert.Equal(keys.Length, registry.Count);
        Assert.Equal(Enumerable.Range(1, keys.Length), registry.All.Select(device => device.Id.Value));
        Assert.All(registry.All, device => Assert.True(registry.TryFind(device.ApiId, out _)));
    }
}

internal static class Utf8Text
{
    public static byte[] ToUtf8(this string text) => Encoding.UTF8.GetBytes(text);
}
