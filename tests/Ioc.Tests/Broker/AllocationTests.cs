using System.Buffers;
using System.IO.Pipelines;
using Ioc.Broker;
using Ioc.Broker.Access;
using Ioc.Broker.Connections;
using Ioc.Broker.Sessions;
using Ioc.Mqtt;
using Ioc.Mqtt.Framing;
using Ioc.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Ioc.Tests.Broker;

public class AllocationTests
{
    [Theory]
    [InlineData(ProtocolVersion.V311, 0)]
    [InlineData(ProtocolVersion.V311, 1)]
    [InlineData(ProtocolVersion.V5, 0)]
    [InlineData(ProtocolVersion.V5, 1)]
    public void A_publish_that_nobody_subscribed_to_allocates_nothing(ProtocolVersion version, int qos)
    {
        using ServiceProvider services = Services();
        var broker = services.GetRequiredService<BrokerState>();
        var writer = new ConnectionWriter(new Pipe().Writer, broker, () => { });
        var batch = new IntakeBatch(broker, writer);
        var access = new ClientAccess { Who = default, UserName = [], Rights = ClientRights.Unrestricted, Gate = RateGate.Open, ReceiveMaximum = 100, MaxSubscriptions = 100 };
        writer.Acks.ReceiveMaximum = 100;
        var intake = new PublishIntake(broker, batch, writer.Acks, access);
        var session = new Session("meter-1"u8.ToArray(), new OutgoingQueue(broker.Options, broker.Counters, new DeliveryRoom(1_000)));
        byte[] packet = Packets.Publish("tele/meter-1/SENSOR", new string('x', 200), qos, properties: version == ProtocolVersion.V5 ? [0x01, 1] : null);
        Take(intake, batch, session, version, packet, count: 10);

        Assert.Equal(0, Allocations.Fewest(_ => Take(intake, batch, session, version, packet, count: 10), passes: 8));
        Assert.Equal(90, broker.Counters.Received);
    }

    private static void Take(PublishIntake intake, IntakeBatch batch, Session session, ProtocolVersion version, byte[] packet, int count)
    {
        for (int i = 0; i < count; i++)
        {
            var buffer = new ReadOnlySequence<byte>(packet);
            FrameReader.TryReadFrame(ref buffer, 1_000, out Frame frame);
            intake.Accept(frame, session, version);
        }

        batch.Close();
    }

    private static ServiceProvider Services() => new ServiceCollection()
        .AddLogging()
        .AddSingleton<IPublishHandler, NeverDurable>()
        .AddBroker(new ConfigurationBuilder().Build().GetSection("Mqtt"))
        .BuildServiceProvider();

    /// <summary>Takes everything and flushes nothing, so that acknowledgements stay where they are put.</summary>
    private sealed class NeverDurable : IPublishHandler
    {
        private long _position;

        public long DurablePosition => 0;

        public void BeginBatch()
        {
        }

        public void EndBatch()
        {
        }

        public AcceptOutcome TryAccept(ReadOnlySpan<byte> header, in ReadOnlySequence<byte> payload, out long position)
        {
            position = _position++;
            return AcceptOutcome.Accepted;
        }

        public long NextPosition => _position;

        public AcceptOutcome TryAcceptEvent(ReadOnlySpan<byte> sessionEvent, out long position)
        {
            position = _position++;
            return AcceptOutcome.Accepted;
        }

        public void Read(ReadOnlySpan<long> positions, IKeptMessageVisitor visitor) => throw new NotSupportedException();

        public async ValueTask WaitForDurableAsync(long position, CancellationToken cancellation) =>
            await new TaskCompletionSource().Task.WaitAsync(cancellation);
    }
}
