using Ioc.Broker.Upstream;
using Xunit;

namespace Ioc.Tests.Broker.Upstream;

public class BackoffTests
{
    [Fact]
    public void Pauses_double_up_to_a_bound_and_are_spread()
    {
        var backoff = new Backoff(new Random(4));
        TimeSpan most = TimeSpan.FromMilliseconds(500);
        for (int i = 0; i < 20; i++)
        {
            TimeSpan pause = backoff.After(TimeSpan.Zero);
            Assert.InRange(pause, most / 2, most);
            most = most * 2 < Backoff.Longest ? most * 2 : Backoff.Longest;
        }

        Assert.Equal(20, Enumerable.Range(0, 20).Select(_ => backoff.After(TimeSpan.Zero)).Distinct().Count());
    }

    [Fact]
    public void Only_a_connection_that_has_lasted_begins_anew()
    {
        var backoff = new Backoff(new Random(4));
        for (int i = 0; i < 10; i++)
            backoff.After(TimeSpan.FromSeconds(1));

        Assert.True(backoff.After(TimeSpan.FromSeconds(9)) >= Backoff.Longest / 2);
        Assert.True(backoff.After(TimeSpan.FromSeconds(11)) <= TimeSpan.FromMilliseconds(500));
    }
}
