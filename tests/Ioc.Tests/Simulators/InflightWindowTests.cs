using Ioc.Simulators.Connections;
using Xunit;

namespace Ioc.Tests.Simulators;

public sealed class InflightWindowTests
{
    [Fact]
    public void What_is_not_acknowledged_goes_again_in_the_order_it_was_first_sent()
    {
        using var window = new InflightWindow(3);
        ushort[] ids = [.. ((string[])["a", "b", "c"]).Select(topic => Add(window, topic))];
        Assert.False(window.TryTakePlace());

        Assert.True(window.TryRemove(ids[0]));
        ushort reused = Add(window, "d");

        Assert.Equal(ids[0], reused);
        Assert.Equal(["b", "c", "d"], window.InOrder().Select(entry => System.Text.Encoding.UTF8.GetString(entry.Message.Topic)));
    }

    [Fact]
    public void An_acknowledgement_counts_once()
    {
        using var window = new InflightWindow(2);
        ushort id = Add(window, "a");
        Assert.True(window.TryRemove(id));
        Assert.False(window.TryRemove(id));
        Assert.False(window.TryRemove(0));
        Assert.False(window.TryRemove(9_999));
        Assert.Equal(0, window.Count);
    }

    private static ushort Add(InflightWindow window, string topic)
    {
        Assert.True(window.TryTakePlace());
        return window.Add(new OutgoingMessage(topic, []));
    }
}
