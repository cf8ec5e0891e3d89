using System.Text;
using Ioc.Broker.Access;
using Ioc.Testing;
using Xunit;

namespace Ioc.Tests.Broker.Access;

public class ClientRightsTests
{
    private static readonly CredentialRights Own = new(
        ["tele/{device}/#", "up/{client}", "{user}/state"],
        ["cmd/{device}/#", "cmd/all/+", "{client}/#"]);

    [Fact]
    public void A_device_publishes_under_its_own_patterns_only()
    {
        ClientRights rights = ClientRights.For(Own, "gate", "c-7", "meter-7");

        Assert.True(rights.MayPublish("tele/meter-7/SENSOR"u8));
        Assert.True(rights.MayPublish("tele/meter-7"u8));
        Assert.True(rights.MayPublish("up/c-7"u8));
        Assert.True(rights.MayPublish("gate/state"u8));
        Assert.False(rights.MayPublish("tele/meter-8/SENSOR"u8));
        Assert.False(rights.MayPublish("up/c-7/x"u8));
        Assert.False(rights.MayPublish("cmd/meter-7/x"u8));
    }

    [Fact]
    public void A_device_subscribes_to_its_own_commands_only()
    {
        ClientRights rights = ClientRights.For(Own, "gate", "c-7", "meter-7");

        Assert.True(rights.MaySubscribe("cmd/meter-7/#"u8));
        Assert.True(rights.MaySubscribe("cmd/meter-7/+/on"u8));
        Assert.True(rights.MaySubscribe("cmd/all/reboot"u8));
        Assert.True(rights.MaySubscribe("$share/g/cmd/all/+"u8));
        Assert.False(rights.MaySubscribe("$share/g/cmd/+/on"u8));
        Assert.False(rights.MaySubscribe("$share/g"u8));
        Assert.False(rights.MaySubscribe("$share/g/"u8));
        Assert.False(rights.MaySubscribe("cmd/#"u8));
        Assert.False(rights.MaySubscribe("cmd/+/on"u8));
        Assert.False(rights.MaySubscribe("#"u8));
        Assert.False(rights.MaySubscribe("tele/meter-7/#"u8));
        Assert.True(rights.MayReceive("cmd/meter-7/on"u8));
        Assert.False(rights.MayReceive("cmd/meter-8/on"u8));
    }

    [Theory]
    [InlineData("#")]
    [InlineData("+")]
    [InlineData("a/b")]
    [InlineData("a+")]
    [InlineData("a\0b")]
    [InlineData("")]
    public void A_name_with_wildcards_or_levels_widens_nothing(string name)
    {
        ClientRights rights = ClientRights.For(new CredentialRights(["up/{client}/x"], ["up/{client}/#"]), name, name, name);

        Assert.True(rights.IsEmpty);
        Assert.False(rights.MayPublish("up/a/x"u8));
        Assert.False(rights.MayPublish(Encoding.UTF8.GetBytes($"up/{name}/x")));
        Assert.False(rights.MaySubscribe("up/#"u8));
        Assert.False(rights.MaySubscribe("up/a/#"u8));
    }

    [Fact]
    public void A_name_does_not_open_the_servers_own_topics_or_a_share()
    {
        ClientRights system = ClientRights.For(Own, null, "$SYS", null);
        ClientRights share = ClientRights.For(Own, null, "$share", null);

        Assert.False(system.MaySubscribe("$SYS/#"u8));
        Assert.False(system.MayReceive("$SYS/broker"u8));
        Assert.False(share.MaySubscribe("$share/g/#"u8));
        Assert.True(ClientRights.For(new CredentialRights([], ["x/{client}"]), null, "$SYS", null).MaySubscribe("x/$SYS"u8));
    }

    [Fact]
    public void A_name_that_looks_like_a_placeholder_stays_a_name()
    {
        ClientRights rights = ClientRights.For(new CredentialRights(["{client}/{device}"], []), "u", "{device}", "meter-7");

        Assert.True(rights.MayPublish("{device}/meter-7"u8));
        Assert.False(rights.MayPublish("meter-7/meter-7"u8));
    }

    [Fact]
    public void A_pattern_for_a_device_that_is_not_known_allows_nothing()
    {
        ClientRights rights = ClientRights.For(new CredentialRights(["tele/{device}/#"], ["ok"]), "gate", "c", null);

        Assert.False(rights.MayPublish("tele//x"u8));
        Assert.True(rights.MaySubscribe("ok"u8));
    }

    [Fact]
    public void Full_rights_know_no_bounds()
    {
        ClientRights rights = ClientRights.For(CredentialRights.Everything, null, "#", null);

        Assert.True(rights.IsUnrestricted);
        Assert.True(rights.MayPublish("any/thing"u8) && rights.MaySubscribe("#"u8) && rights.MayReceive("any"u8));
    }

    [Fact]
    public void Asking_allocates_nothing()
    {
        ClientRights rights = ClientRights.For(Own, "gate", "c-7", "meter-7");
        rights.MayPublish("tele/meter-7/SENSOR"u8);

        Assert.Equal(0, Allocations.Fewest(_ =>
        {
            for (int i = 0; i < 100; i++)
                Assert.True(rights.MayPublish("tele/meter-7/SENSOR"u8) && !rights.MayPublish("tele/other"u8) && rights.MayReceive("cmd/meter-7/x"u8));
        }));
    }

    [Theory]
    [InlineData("tele/{device}/#", true)]
    [InlineData("dt/meter-{user}-{client}/up", true)]
    [InlineData("+/x", true)]
    [InlineData("a/#/b", false)]
    [InlineData("a/{devise}", false)]
    [InlineData("a/{", false)]
    [InlineData("a+{user}", false)]
    [InlineData("", false)]
    [InlineData("$share/g/a", false)]
    public void What_is_no_pattern_is_found_when_it_is_written_down(string pattern, bool good) => Assert.Equal(good, RightsPattern.Fault(pattern) is null);
}
