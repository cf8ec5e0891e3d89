using System.Net;
using Ioc.Broker.Access;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NodaTime;
using Xunit;

namespace Ioc.Tests.Broker.Access;

public class BanListTests
{
    private static readonly IPAddress Stranger = IPAddress.Parse("203.0.113.9");

    private readonly FakeTime _time = new();

    private Instant Now => Instant.FromDateTimeOffset(_time.GetUtcNow());

    [Fact]
    public void Configured_bans_hold_for_client_user_address_and_range()
    {
        BanList bans = Bans(new BanOptions { Addresses = { "203.0.113.9", "10.1.0.0/16", "2001:db8::/32" }, Clients = { "evil" }, Users = { "mallory" } });

        Assert.True(bans.Holds(Stranger, "c", null));
        Assert.True(bans.Holds(IPAddress.Parse("10.1.255.3"), "c", null));
        Assert.True(bans.Holds(IPAddress.Parse("2001:db8:1::5"), "c", null));
        Assert.True(bans.Holds(null, "evil", null));
        Assert.True(bans.Holds(null, "c", "mallory"));
        Assert.False(bans.Holds(IPAddress.Parse("10.2.0.1"), "c", "u"));
        Assert.Equal(5, bans.Read().Count);
    }

    [Fact]
    public void An_operators_ban_ends_when_it_says_and_the_longer_of_two_holds()
    {
        BanList bans = Bans(new BanOptions());
        bans.Replace([new Ban(BanKind.Client, "c", Now + Duration.FromMinutes(1)), new Ban(BanKind.Client, "c", Now + Duration.FromMinutes(5)), new Ban(BanKind.Client, "c", Now)]);

        _time.Advance(seconds: 299);
        Assert.True(bans.Holds(null, "c", null));
        Assert.Single(bans.Read());
        _time.Advance(seconds: 2);
        Assert.False(bans.Holds(null, "c", null));
        Assert.Empty(bans.Read());
    }

    [Fact]
    public void A_change_is_told_by_the_edition_and_keeps_the_configured_ones()
    {
        BanList bans = Bans(new BanOptions { Users = { "mallory" } });
        int edition = bans.Edition;

        bans.Replace([new Ban(BanKind.Client, "c")]);

        Assert.NotEqual(edition, bans.Edition);
        Assert.True(bans.Holds(null, "c", null));
        Assert.True(bans.Holds(null, null, "mallory"));
        bans.Replace([]);
        Assert.False(bans.Holds(null, "c", null));
    }

    [Fact]
    public void Too_many_failures_ban_an_address_for_a_while()
    {
        BanList bans = Bans(new BanOptions { AfterFailures = 3, Window = TimeSpan.FromMinutes(1), Duration = TimeSpan.FromMinutes(10) });

        bans.Failed(Stranger);
        bans.Failed(Stranger);
        Assert.False(bans.Holds(Stranger, "c", null));
        bans.Failed(Stranger);

        Assert.True(bans.Holds(Stranger, "c", null));
        Assert.Equal(Stranger.ToString(), Assert.Single(bans.Read()).Value);
        _time.Advance(seconds: 599);
        Assert.True(bans.Holds(Stranger, "c", null));
        _time.Advance(seconds: 2);
        Assert.False(bans.Holds(Stranger, "c", null));
    }

    [Fact]
    public void Failures_further_apart_than_the_window_do_not_add_up()
    {
        BanList bans = Bans(new BanOptions { AfterFailures = 2, Window = TimeSpan.FromMinutes(1) });

        bans.Failed(Stranger);
        _time.Advance(seconds: 61);
        bans.Failed(Stranger);

        Assert.False(bans.Holds(Stranger, "c", null));
    }

    [Fact]
    public void Loopback_is_never_banned_by_itself_and_nobody_is_by_default()
    {
        BanList eager = Bans(new BanOptions { AfterFailures = 1 });
        eager.Failed(IPAddress.Loopback);
        eager.Failed(IPAddress.IPv6Loopback);
        eager.Failed(null);
        BanList calm = Bans(new BanOptions());
        for (int i = 0; i < 1_000; i++)
            calm.Failed(Stranger);

        Assert.Empty(eager.Read());
        Assert.Empty(calm.Read());
    }

    [Fact]
    public void An_ipv6_subscriber_is_one_address()
    {
        BanList bans = Bans(new BanOptions { AfterFailures = 2 });

        bans.Failed(IPAddress.Parse("2001:db8:0:7::1"));
        bans.Failed(IPAddress.Parse("2001:db8:0:7:ffff::2"));

        Assert.True(bans.Holds(IPAddress.Parse("2001:db8:0:7::99"), "c", null));
        Assert.False(bans.Holds(IPAddress.Parse("2001:db8:0:8::99"), "c", null));
        Assert.True(bans.Lift(IPAddress.Parse("2001:db8:0:7::5")));
        Assert.False(bans.Holds(IPAddress.Parse("2001:db8:0:7::99"), "c", null));
    }

    [Fact]
    public void Automatic_bans_are_bounded()
    {
        BanList bans = Bans(new BanOptions { AfterFailures = 1 });
        for (int i = 0; i < BanList.MaxAutomatic + 100; i++)
            bans.Failed(new IPAddress([10, (byte)(i >> 16), (byte)(i >> 8), (byte)i]));

        Assert.Equal(BanList.MaxAutomatic, bans.Read().Count);
    }

    [Theory]
    [InlineData("10.0.0.0/8", true)]
    [InlineData("::ffff:10.0.0.1", true)]
    [InlineData("10.0.0.0/33", false)]
    [InlineData("example.org", false)]
    public void A_range_is_an_address_or_a_network(string text, bool good) => Assert.Equal(good, BanList.TryParseRange(text, out _));

    private BanList Bans(BanOptions options) => new(Options.Create(options), _time, NullLogger<BanList>.Instance);
}
