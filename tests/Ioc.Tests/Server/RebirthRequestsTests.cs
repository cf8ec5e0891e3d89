using System.Text;
using Ioc.Broker;
using Ioc.Profiles.Sparkplug;
using Ioc.Server.Pipeline;
using Ioc.Testing;
using Ioc.Tests.Broker.Access;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Xunit;

namespace Ioc.Tests.Server;

public sealed class RebirthRequestsTests
{
    private readonly FakeTime _time = new();
    private readonly List<(string Topic, byte[] Payload)> _published = [];
    private readonly RebirthRequests _requests;

    public RebirthRequestsTests() => _requests = Requests(30);

    [Fact]
    public void A_wish_becomes_the_command_that_the_node_listens_for()
    {
        Wish("cabinet");

        (string topic, byte[] payload) = Assert.Single(_published);
        Assert.Equal("spBv1.0/City/NCMD/cabinet", topic);
        Assert.True(SparkplugPayload.TryRead(payload, out SparkplugPayload read));
        Assert.Equal((1, -1), (read.MetricCount, read.Sequence));
        SparkplugPayload.MetricEnumerator walk = read.Metrics;
        Assert.True(walk.TryNext(out SparkplugMetric metric));
        Assert.Equal(("Node Control/Rebirth", DataType.Boolean, ValueKind.Boolean, 1UL), (Encoding.UTF8.GetString(metric.Name), metric.Type, metric.Kind, metric.Bits));
        Assert.Equal(read.Timestamp, metric.Timestamp);
        Assert.Equal(
            Convert.ToHexString(SparkplugBytes.Payload(read.Timestamp).With(SparkplugBytes.Metric("Node Control/Rebirth", null, 11, read.Timestamp).Boolean(true)).ToArray()),
            Convert.ToHexString(payload));
    }

    [Fact]
    public void A_node_is_asked_again_only_after_a_while_and_every_node_for_itself()
    {
        Wish("a");
        Wish("a");
        Wish("b");
        Assert.Equal(["spBv1.0/City/NCMD/a", "spBv1.0/City/NCMD/b"], _published.Select(one => one.Topic));

        _time.Advance(31);
        Wish("a");
        Assert.Equal(3, _published.Count);
    }

    [Fact]
    public void Of_more_nodes_than_are_remembered_none_is_asked_until_a_while_has_passed()
    {
        for (int i = 0; i < RebirthRequests.MaxNodes + 100; i++)
            Wish($"n{i}");
        Assert.Equal(RebirthRequests.MaxNodes, _published.Count);

        _time.Advance(31);
        Wish("another");
        Assert.Equal(RebirthRequests.MaxNodes + 1, _published.Count);
    }

    [Fact]
    public void Zero_seconds_asks_never()
    {
        RebirthRequests never = Requests(0);
        never.Wishes.Add("default"u8, SparkplugTopic.Of("spBv1.0/City/NDATA/a"u8));
        never.Send();

        Assert.Empty(_published);
        Assert.Empty(never.Wishes.All);
    }

    private RebirthRequests Requests(int seconds) =>
        new(
            (topic, payload) =>
            {
                _published.Add((Encoding.UTF8.GetString(topic), payload));
                return AcceptOutcome.Accepted;
            },
            Options.Create(new PipelineOptions { RebirthSeconds = seconds }),
            _time,
            NullLogger<RebirthRequests>.Instance);

    private void Wish(string node)
    {
        _requests.Wishes.Add("default"u8, SparkplugTopic.Of(Encoding.UTF8.GetBytes($"spBv1.0/City/NDATA/{node}")));
        _requests.Send();
    }
}
