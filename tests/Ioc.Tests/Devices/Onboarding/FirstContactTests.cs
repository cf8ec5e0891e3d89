using Ioc.Devices.Onboarding;
using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using Xunit;

namespace Ioc.Tests.Devices.Onboarding;

public class FirstContactTests
{
    [Fact]
    public void Each_source_has_its_own_policy_and_the_others_the_general_one()
    {
        var options = new RegistryOptions { DefaultSite = "hall" };
        options.Sources["gateway-1"] = new SourceOptions { FirstContact = FirstContact.Create };
        options.Sources["gateway-2"] = new SourceOptions { FirstContact = FirstContact.Reject };
        using var world = new DeskWorld(options);

        Device taken = world.Meet("m", "gateway-1");
        Device held = world.Meet("m");

        Assert.Equal((DeviceStanding.InService, "hall", "00042", "Riverside"), (taken.Standing, taken.Site, taken.Area, taken.AreaName));
        Assert.Equal((DeviceStanding.Unclaimed, null), (held.Standing, held.Site));
        Assert.Equal(DeviceId.None, world.Registry.Resolve("gateway-2"u8, "m"u8, "gateway", "electricity"));
        Assert.Equal(1, world.Registry.RejectedCount);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("no-such-site")]
    public void A_policy_that_creates_needs_a_site_that_there_is(string? site)
    {
        var options = new RegistryOptions { FirstContact = FirstContact.Create, DefaultSite = site };

        Assert.Contains("DefaultSite", Assert.Throws<FirstContactException>(() => new DeskWorld(options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_has_been_decided_about_makes_room_for_the_next_stranger()
    {
        using var world = new DeskWorld(new RegistryOptions { MaxUnclaimed = 2 });
        world.Meet("a");
        world.Meet("b");
        Assert.Equal(DeviceId.None, world.Registry.Resolve("default"u8, "c"u8, "p", "other"));

        await world.DoAsync("a", DeskAction.Claim);
        await world.DoAsync("b", DeskAction.Reject);

        world.Meet("c");
        world.Meet("d");
        Assert.Equal(DeviceId.None, world.Registry.Resolve("default"u8, "e"u8, "p", "other"));
    }
}
